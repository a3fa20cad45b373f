"""Running text in the variables of a captured call, as if it stood in the function's body.

The variables are a copy: what the text binds is bound there, and the program does not see it.
Names that are not among them are the module's, as they are now.
"""

from __future__ import annotations

import gc
from types import CellType, FunctionType

from relive.worker.capturing.call import called, calling
from relive.worker.capturing.stretches import goes_on, stored_outside
from relive.worker.in_function import Place, compiled, filled
from relive.worker.inside import Inside
from relive.worker.names import nested

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.capturing.call import Call
    from relive.worker.in_function import Piece
    from relive.worker.statements import Statement


class CallGone(Exception):  # noqa: N818 - the user reads it
    """The call, or its variables, are not kept any more."""


CallGone.__module__ = "relive"


class InsideCall(Inside):
    """The variables of a call, in cells."""

    def __init__(self, call: Call, names: dict[str, Any]) -> None:
        super().__init__(frozenset(names), dict(names))
        self._module = call.scope
        self._place = Place(call.code, call.name, call.scope.get("__name__"))
        self._cells = {name: CellType(value) for name, value in names.items()}

    def _compiled(self, statement: Statement, flags: int) -> Piece:
        at = self._place, self._cells, self._outside
        return compiled(*at, statement.node, statement.file, flags)

    def _run(self, piece: Piece, call: Callable[..., Any]) -> Any:
        for name in piece.bound:
            self._cells.setdefault(name, CellType())
        try:
            return call(piece.ready(self._place, self._cells, self._module), awaits=piece.awaits)
        finally:
            self.scope.clear()
            self.scope.update(filled(self._cells))


def inside(call: Call | None, *, again: bool) -> InsideCall:
    """Return what text about a call runs in.

    Raises:
        CallGone: it is not kept any more.
    """
    if call is None:
        raise CallGone("The call is not kept any more. Call the function again to capture one.")
    if again:
        return _forcalling(call)
    if call.variables is None and call.is_under_way:
        raise CallGone("The call has not ended: its variables are kept once it has.")
    if call.variables is None:
        raise CallGone(
            "The variables of this call are not kept any more, only those of the latest three. "
            "Choose a later call, or call the function again."
        )
    if call.inside is None:
        call.inside = InsideCall(call, call.variables)
    made: InsideCall = call.inside
    return made


def _forcalling(call: Call) -> InsideCall:
    if call.arguments is None:
        raise CallGone(
            "The arguments of this call are not kept any more, only those of the latest three. "
            "Choose a later call, or call the function again."
        )
    return InsideCall(call, {**call.arguments, called(call.code): _function_of(call)})


def _function_of(call: Call) -> FunctionType:
    """Return the function that was called: what its code is now, it may have been redefined.

    Of several that share the code, closures, the one whose variables the call had.
    """
    found = _candidates(call)
    changing = _changing(call)
    variables = call.variables or {}
    matching = [each for each in found if _matches(each, variables, changing)]
    if not matching:
        raise CallGone(
            "The function is gone, or what it shares with others has changed since. "
            "Call it where it is made."
        )
    if not all(_is_alike(each, matching[0], changing) for each in matching):
        raise CallGone(
            "Several functions are called so, and which of them this was cannot be told. "
            "Call the one that is meant itself."
        )
    return matching[-1]


def _candidates(call: Call) -> list[FunctionType]:
    """Return the functions of that name; those that run the very code, and take the same, first."""
    name = getattr(call.code, "co_qualname", None)
    live = [each for each in gc.get_objects() if type(each) is FunctionType]
    found = [each for each in live if _is_same(each, call, name)]
    same = [each for each in found if each.__code__ is call.code]
    taken = calling(call.code)
    return same or [each for each in found if calling(each.__code__) == taken] or found


def _changing(call: Call) -> set[str]:
    """Return the variables around a function that its own calls change, or may have by now."""
    if call.variables is None:
        return set(call.code.co_freevars)
    return set().union(*map(stored_outside, nested(call.code)))


def _is_alike(function: FunctionType, other: FunctionType, changing: set[str]) -> bool:
    """Whether it is the same which of two that match is called: they share what they change."""
    if function.__code__ is not other.__code__ and function.__code__ != other.__code__:
        return False
    shared = zip(function.__code__.co_freevars, function.__closure__ or (), other.__closure__ or ())
    return all(cell is second for name, cell, second in shared if name in changing)


def _is_same(function: FunctionType, call: Call, name: str | None) -> bool:
    code = function.__code__
    if (code.co_filename, code.co_name) != (call.code.co_filename, call.code.co_name):
        return False
    if function.__globals__ is not call.scope or goes_on(code):
        return False
    return code.co_qualname == name if name is not None else _is_near(code, call.code)  # type: ignore[attr-defined]


def _is_near(code: Any, other: Any) -> bool:
    """Whether two pieces of code of one name may be of one function, on Pythons before 3.11."""
    return code is other or code.co_firstlineno == other.co_firstlineno


def _matches(function: FunctionType, variables: dict[str, Any], changing: set[str]) -> bool:
    """Whether a function has around it what the call had, but for what calls change."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or ())
    known = [(name, cell) for name, cell in cells if name not in changing]
    return all(_content(cell) is variables.get(name) for name, cell in known)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled
        return None
