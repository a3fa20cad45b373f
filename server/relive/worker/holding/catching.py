"""Whether an exception would be caught: by the frame's own blocks, or by a frame above.

Frames are judged by their tables of exception handlers, so libraries' are judged as the user's. At
worst an exception is held that would have been caught, which then can be abandoned. Programs may
raise a great deal, so what is found out about code is remembered.
"""

from __future__ import annotations

import os
from contextlib import suppress

from relive.worker.holding.bytecode import OPS
from relive.worker.holding.catchers import catchers, clauses
from relive.worker.holding.handlers import CLAUSES, around, is_for_all, kind_of
from relive.worker.holding.marks import plain_of
from relive.worker.holding.protocols import answers, asking, may_ask
from relive.worker.holding.stacks import Flow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, FunctionType
    from typing import Any

    from relive.worker.holding.bytecode import Code
    from relive.worker.holding.catchers import Catcher

_ONLY_REPORT = ("asyncio", "concurrent", "threading", "socketserver", "selectors", "runpy")
"""Packages that catch everything to tell of it elsewhere."""
_NOBODY_WAITS = (
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep,
    "<frozen importlib",
)
"""Files, or their folder, of what runs user code that nobody waits for: ours, and imports."""
_FLOWS, _CODES = 500, 5000
"""How many are remembered; the former take much room."""


class Judged:
    """What is known of one piece of code."""

    __slots__ = (
        "asks", "by_unit", "code", "has_handlers", "may_ask", "nobody_waits", "raises", "units",
    )  # fmt: skip

    def __init__(self, code: Code) -> None:
        plain = plain_of(code)
        self.code = code
        """Kept, so that no other code gets its `id`."""
        self.units = len(code.co_code) // 2 if plain is None else plain.units
        """Of its own instructions."""
        self.has_handlers = bool(code.co_exceptiontable if plain is None else plain.handlers)
        """Whether an instruction has one, before it was dressed."""
        self.nobody_waits = code.co_filename.startswith(_NOBODY_WAITS)
        self.by_unit: dict[int, tuple[Catcher, ...]] = {}
        """Who may catch what is raised at an instruction, as far as that was asked."""
        self.may_ask = may_ask(code)
        """Whether it calls builtins that take an exception for an answer."""
        self.asks: dict[int, str | None] = {}
        """Which of them an instruction calls, as far as that was asked."""
        self.raises: dict[int, bool] = {}
        """Whether an instruction is a `raise` alone, as far as that was asked."""

    def raises_again(self, unit: int) -> bool:
        """Whether a `raise` alone is at `unit`."""
        known = self.raises.get(unit)
        if known is None:
            own: bytes = self.code.co_code[: 2 * self.units]
            at = own[2 * unit : 2 * unit + 2]
            known = self.raises[unit] = at == bytes([OPS["RAISE_VARARGS"], 0])
        return known


class Catching:
    """Judges frames; what it has found out about code it remembers."""

    def __init__(self) -> None:
        self._flows: dict[int, tuple[Code, Flow]] = {}
        """By `id` of the code, which is kept: to compare code takes long."""
        self._codes: dict[int, Judged] = {}
        """In the same way."""

    def flow(self, code: Code) -> Flow:
        """Return what is on the stack of `code`, before it was dressed."""
        known = self._flows.get(id(code))
        if known is None:
            plain = plain_of(code)
            raw, table = code.co_code, code.co_exceptiontable
            if plain is not None:
                raw, table = raw[: 2 * plain.units], plain.handlers
            if len(self._flows) > _FLOWS:
                self._flows.clear()
            known = self._flows[id(code)] = code, Flow(raw, table)
        return known[1]

    def note_flow(self, code: Code, flow: Flow) -> None:
        """Remember that of code which cannot be asked itself."""
        self._flows[id(code)] = code, flow

    def judged(self, code: Code) -> Judged:
        """Return what is known of `code`."""
        known = self._codes.get(id(code))
        if known is None:
            if len(self._codes) > _CODES:
                self._codes.clear()
            known = self._codes[id(code)] = Judged(code)
        return known

    def catches(
        self, frame: FrameType, unit: int, error: BaseException, kept: tuple[Any, ...] = ()
    ) -> bool:
        """Whether `frame`, at the instruction at `unit`, would catch `error`.

        `kept` is what its blocks keep on the stack, as far as that is known.
        """
        judged = self.judged(frame.f_code)
        if not judged.has_handlers:
            return False
        asked = judged.by_unit.get(unit)
        if asked is None:
            asked = judged.by_unit[unit] = self._asked(judged.code, unit)
        for each in asked:
            if each(frame, error, kept):
                return not _only_reports(frame)
        return False

    def answers(self, frame: FrameType, unit: int, error: BaseException) -> bool:
        """Whether `error` is the answer to a `hasattr`, or the like, that is called at `unit`."""
        judged = self.judged(frame.f_code)
        if unit not in judged.asks:
            judged.asks[unit] = asking(judged.code, self.flow(judged.code), unit)
        name = judged.asks[unit]
        return name is not None and answers(name, frame, error)

    def _asked(self, code: Code, unit: int) -> tuple[Catcher, ...]:
        flow = self.flow(code)
        if unit >= flow.units:
            return ()  # it runs something else in its place
        return tuple(catchers(code, flow, flow.handler(unit), self))

    def catches_unasked(self, frame: FrameType, unit: int, error: BaseException) -> bool:
        """Whether clauses of a dressed frame catch `error` that have no stop before them."""
        code: Code = frame.f_code
        flow = self.flow(code)
        handler = flow.handler(unit) if flow.at(unit) is not None else None
        while handler is not None:
            target = handler.target
            has_stop = kind_of(flow, target) != CLAUSES or is_for_all(flow, target, code.co_names)
            if not has_stop and clauses(code, flow, target)(frame, error, ()):
                return True
            handler = around(flow, target)
        return False

    def clauses_match(
        self, function: FunctionType, flow: Flow, target: int, error: BaseException
    ) -> bool:
        """Whether the `except` clauses at `target` of a function that does not run are for it."""
        return clauses(function.__code__, flow, target)(_Idle(function), error, ())


class _Idle:
    """A function that does not run, looked at as a frame is."""

    def __init__(self, function: Any) -> None:
        self.f_globals = function.__globals__
        self.f_builtins: dict[str, Any] = function.__builtins__
        self.f_locals = _closed_over(function)


def _closed_over(function: FunctionType) -> dict[str, Any]:
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        with suppress(ValueError):  # it is empty
            found[name] = cell.cell_contents
    return found


def _only_reports(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__")
    return isinstance(name, str) and name.startswith(_ONLY_REPORT) and _is_of(name, _ONLY_REPORT)


def _is_of(name: str, packages: tuple[str, ...]) -> bool:
    return name.partition(".")[0] in packages
