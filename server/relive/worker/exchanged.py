"""Which function had a code object that a redefinition has put another in the place of.

A frame tells the code that it runs, and not whose that is; by its name it is not found where
several functions of a file have the same one, as the getter and the setter of a property.
"""

from __future__ import annotations

from weakref import ref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FunctionType


class Exchanged:
    """The functions whose code was exchanged, by the code they had; none is kept alive."""

    def __init__(self) -> None:
        self._functions: dict[int, tuple[ref[CodeType], ref[FunctionType]]] = {}
        """By the `id` of the code, for as long as that is: equal code may be of others."""

    def note(self, function: FunctionType) -> None:
        """Remember that the code it has now is its own, before it gets other code."""
        code, known = function.__code__, self._functions
        number = id(code)
        if self.function_of(code) is None:
            gone = ref(code, lambda _: known.pop(number, None))
            known[number] = gone, ref(function)

    def function_of(self, code: CodeType) -> FunctionType | None:
        """Return the function that had, or has, this code; None: nobody knows of any that lives."""
        known = self._functions.get(id(code))
        return known[1]() if known is not None and known[0]() is code else None
