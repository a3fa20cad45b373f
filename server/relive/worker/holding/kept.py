"""What blocks keep on the stack, told by the statements that a place is inside of."""

from __future__ import annotations

from relive.worker.holding.going_on import Refused
from relive.worker.holding.paths import LOOPS, STARRED, TRIES, WITHS
from relive.worker.holding.stacks import BEFORE, EXIT, ITERATOR, RAISED, RETURNED

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence
    from typing import Any

    from relive.worker.holding.paths import Path

RAISING, RETURNING, LEAVING = "raising", "returning", "leaving"
"""Why a `finally` runs: an exception, a value to be returned, anything else."""


_IN_STAR = "a block of `except*` cannot be entered again: choose a statement outside of it"


class Share:
    """What one statement around a place keeps on the stack there."""

    def __init__(self, statement: ast.stmt, kinds: tuple[str, ...], first: int) -> None:
        self.statement = statement
        self.kinds = kinds
        self.first = first
        """Where on the stack the first of it is."""

    @property
    def end(self) -> int:
        """Where what others keep begins."""
        return self.first + len(self.kinds)

    def values(self, stack: Sequence[Any]) -> tuple[Any, ...]:
        """Return what is there."""
        return tuple(stack[self.first : self.end])


def shares(around: list[ast.stmt], path: Path, kinds: list[str]) -> list[Share]:
    """Divide the kinds of things on the stack among the statements around a place.

    Raises:
        Refused: they are not as the statements say.
    """
    found, at = [], 0
    for statement, (branch, _) in zip(around, path[1:]):
        if isinstance(statement, STARRED) and isinstance(branch, tuple):
            raise Refused(_IN_STAR)
        wanted = _kinds_of(statement, branch, kinds[at:])
        if tuple(kinds[at : at + len(wanted)]) != wanted:
            raise Refused("what surrounds the statement cannot be entered again from outside")
        found.append(Share(statement, wanted, at))
        at += len(wanted)
    return found


def _kinds_of(statement: ast.stmt, branch: Any, rest: list[str]) -> tuple[str, ...]:
    if isinstance(statement, LOOPS) and branch == "body":
        return (ITERATOR,)
    if isinstance(statement, WITHS):
        return (EXIT,) * len(statement.items)
    if isinstance(statement, TRIES) and isinstance(branch, tuple):
        return (BEFORE,)
    if isinstance(statement, TRIES) and branch == "finalbody":
        if rest[:2] == [BEFORE, RAISED]:
            return BEFORE, RAISED
        return (RETURNED,) if rest[:1] == [RETURNED] else ()
    return ()
