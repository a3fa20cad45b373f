"""Which of several definitions of one name the program has made, where they stand in branches.

The image holds those of all branches whose condition nobody can ask again: in a class's body, in a
loop or a `with`. What the name holds tells which of them ran. It errs to the side of too many: what
a decorator may have kept counts as made.
"""

from __future__ import annotations

import ast
from types import FunctionType

from relive.worker.looks import Looks
from relive.worker.redefine.finding.in_place import held_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from relive.worker.history import History
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.known import Definitions

    ByName = dict[str, list[Definition]]

_PLAIN = ("property", "staticmethod", "classmethod")
_PARTS = ("fget", "fset", "fdel")


class Branches:
    """What was found of the modules' branches at the last look."""

    def __init__(self, history: History) -> None:
        self._looks = Looks(history)

    def made(self, live: Definitions, namespace: Namespace) -> ByName:
        """Return, of names with a definition in a branch that was passed over, those made."""

        def look(names: set[str] | None) -> ByName:
            return _some_made(live, names, vars(namespace.module))

        return self._looks.now(live, namespace, look)


def _some_made(live: Definitions, names: set[str] | None, scope: dict[str, Any]) -> ByName:
    """Return what was made of each of `names` (None: of all) of which not everything was."""
    several = _with_namesakes(live) if names is None else {each: live.named(each) for each in names}
    made = {name: _made(every, live, scope) for name, every in several.items()}
    return {name: some for name, some in made.items() if len(some) < len(several[name])}


def _with_namesakes(live: Definitions) -> ByName:
    named: ByName = {}
    for each in list(live.values()):
        named.setdefault(each.name, []).append(each)
    return {name: every for name, every in named.items() if len(every) > 1}


def _made(several: list[Definition], live: Definitions, scope: dict[str, Any]) -> list[Definition]:
    """Return those of the live definitions of one name that are not of a branch passed over.

    `scope`: the names of their module. None of the program's code runs.
    """
    if len(several) < 2:
        return several
    margin = _margin(several[0], live)
    passed_over: list[Definition] = []
    for role in {each.role for each in several}:
        alike = [each for each in several if each.role == role]
        code = _code(alike[0], scope) if len(alike) > 1 else None
        if any(_is_of(each, code) for each in alike):
            others = [each for each in alike if not _is_of(each, code)]
            passed_over += [
                each for each in others if each.node.col_offset > margin and _is_plain(each)
            ]
    return [each for each in several if each not in passed_over]


def _margin(each: Definition, live: Definitions) -> int:
    """Return the column at which the statements of its scope begin."""
    around = live.get(".".join(each.scopes))
    body = getattr(around.node, "body", ()) if around is not None else ()
    return body[0].col_offset if body else 0


def _is_of(each: Definition, code: CodeType | None) -> bool:
    """Whether code is that of its function; where none is known yet, by where it begins."""
    if code is None or each.own_codes:
        return any(own is code for own in each.own_codes)
    return code.co_name == each.own_name and code.co_firstlineno == each.line + 1


def _is_plain(each: Definition) -> bool:
    """Whether no decorator can have kept its function elsewhere."""
    decorators: list[Any] = getattr(each.node, "decorator_list", [])
    return isinstance(each.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and all(
        getattr(decorator, "id", None) in _PLAIN or each.role != "fget" for decorator in decorators
    )


def _code(each: Definition, scope: dict[str, Any]) -> CodeType | None:
    """Return the code of the function that stands in its place; None: nobody can tell."""
    held: Any
    (held,) = held_at(each, scope, metaclasses=True) or (None,)
    if type(held) is property and each.role in _PARTS:
        held = getattr(held, each.role)
    return held.__code__ if type(held) is FunctionType else None
