"""The variables of a frame that is held, for text that runs with them.

What the text shares with the frame are cells. Where the frame has one for a variable and it is
known, it is that one. Others are kept in step: what is bound in them is written to the frame.
"""

from __future__ import annotations

from types import CellType

from relive.worker.holding.bytecode import MINOR
from relive.worker.library import standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

_UNBOUND = object()
_FIRST_WRITTEN = 13
"""The first CPython 3 whose `f_locals` of a function can be written to."""


class Variables:
    """All that a frame's text has names for."""

    def __init__(self, frame: FrameType) -> None:
        self._frame = frame
        code = frame.f_code
        self.of_code = frozenset((*code.co_varnames, *code.co_cellvars, *code.co_freevars))
        self.cells: dict[str, CellType] = {}
        """The frame's own cells; known where the exception is."""
        self._made: dict[str, CellType] = {}
        self._seen: dict[str, Any] = {}
        """What was in those that were made when they were in step last."""
        self._bound: dict[str, Any] = {}
        """What the frame itself has no room for, or lacks."""
        self.assigned: set[str] = set()
        """Names that were bound while it was held."""

    @property
    def known(self) -> set[str]:
        """The names of all."""
        return {*self.of_code, *self._made}

    def values(self) -> dict[str, Any]:
        """Return the values of those that are bound."""
        self._keep_in_step()
        return self._values()

    def shared(self) -> dict[str, CellType]:
        """Return the cells there are."""
        return {**self._made, **self.cells}

    def cell(self, name: str) -> CellType:
        """Return the cell of one, which may be new; `values` says afterwards what is in it."""
        found = self.cells.get(name) or self._made.get(name)
        if found is None:
            found = self._made[name] = CellType()
            self._seen[name] = _UNBOUND
            self._fill(name, self._values().get(name, _UNBOUND))
        return found

    def _values(self) -> dict[str, Any]:
        values = {**dict(self._frame.f_locals), **self._bound}
        return {name: value for name, value in values.items() if value is not _UNBOUND}

    def _keep_in_step(self) -> None:
        for name in self._made:
            if name not in self.cells and self._inside(name) is not self._seen[name]:
                self._seen[name] = self._inside(name)
                self._bind(name, self._seen[name])
        values = self._values() if self._made else {}
        for name in self._made:
            self._fill(name, values.get(name, _UNBOUND))

    def _inside(self, name: str) -> Any:
        try:
            return self._made[name].cell_contents
        except ValueError:
            return _UNBOUND

    def _fill(self, name: str, value: Any) -> None:
        if value is self._seen[name]:
            return
        self._seen[name] = value
        if value is _UNBOUND:
            del self._made[name].cell_contents
        else:
            self._made[name].cell_contents = value

    def _bind(self, name: str, value: Any) -> None:
        self._bound[name] = value
        if name in self.of_code and value is not _UNBOUND and _write(self._frame, name, value):
            del self._bound[name]


def _write(frame: FrameType, name: str, value: Any) -> bool:
    """Give a variable of a frame another value; return whether that can be done."""
    frame.f_locals[name] = value
    if _FIRST_WRITTEN <= MINOR:
        return True
    try:
        ctypes = standard("ctypes")
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    except Exception:  # an interpreter that was built without it
        return False
    return True
