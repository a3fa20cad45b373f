"""Assignments that ran and are not in the text any more: no name goes with them, so they are told.

What a name meant goes with the last statement that binds it. An attribute or item of an object
stays what it was given, since what it was before is not known.
"""

from __future__ import annotations

import ast

from relive.worker.redefine.change import Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relive.worker.redefine.part import Part
    from relive.worker.redefine.reading.toplevel import TopLevel

_STAYS = (
    "what {} gave stays, though it is not in the text any more: nobody knows what was there "
    "before; assign that, or run the file in a new process"
)
_LONGEST = 60
"""Characters of a statement that are told."""


def left_in_force(statements: Iterable[TopLevel], part: Part) -> Iterator[Change]:
    """Yield what the receipt says of statements that are gone from a module's text.

    What was given to an object whose name goes too is gone with it.
    """
    gone = {each.own_name for each, _ in part.gone}
    for each in statements:
        names = set(map(first_name, _targets(each.node))) - gone
        if any(name in part.scope for name in names):
            words = _words(each.node)
            yield Change(words, "statement", "refused", _STAYS.format(repr(words)))


def _targets(node: ast.stmt) -> Iterator[ast.expr]:
    """Yield the attributes and items that an assignment gives a value, and what it adds on to."""
    if isinstance(node, ast.AugAssign):
        yield node.target
        return
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return
    waiting = list(getattr(node, "targets", [getattr(node, "target", None)]))
    while waiting and isinstance(node, (ast.Assign, ast.AnnAssign)):
        each = waiting.pop(0)
        if isinstance(each, (ast.Attribute, ast.Subscript)):
            yield each
        waiting += getattr(each, "elts", [])


def first_name(target: ast.expr) -> str | None:
    """Return the name that a target begins with."""
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def _words(node: ast.stmt) -> str:
    text = ast.unparse(node).partition("\n")[0]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
