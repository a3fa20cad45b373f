"""Hearing of calls by tracing, where the interpreter has no monitoring (before CPython 3.12).

Python asks the trace function at each call in the program, so all of it is slower meanwhile. It is
on while an evaluation runs, and in threads that begin meanwhile. Who traces already goes first.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from relive.worker.capturing.call import Call
    from relive.worker.capturing.recorder import Recorder, Target

_RETURNS = frozenset(("RETURN_VALUE", "RETURN_CONST"))
_MOST_KNOWN = 30_000
"""So many lines of a call are heard of in vain, and then none: a long loop is to get on."""
_YIELDS = frozenset(("YIELD_VALUE", "YIELD_FROM"))
_settrace = sys.settrace
_gettrace = sys.gettrace


class Tracing:
    """Tells a recorder what happens, as long as it is on."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.problem: str | None = None
        """Why nothing is heard."""

    def refresh(self) -> None:
        """Hear of what the recorder wants by now: its own look at each call tells."""
        self._trace_new_threads(on=bool(self._recorder.targets))

    def enter(self) -> None:
        """Trace this thread, which is the main one, unless somebody else does."""
        if not self._recorder.targets:
            return
        if _gettrace() is None:
            self.problem = None
            _settrace(self._on_call)
        elif _gettrace() != self._on_call:
            self.problem = (
                "A debugger or another tool traces this process, and Python has room for one. "
                "Stop it, or use Python 3.12 or newer, where both can be."
            )

    def leave(self) -> None:
        """Trace this thread no more; where the stack was full nothing was heard from there on."""
        if _gettrace() == self._on_call:
            _settrace(None)
        self._recorder.forget_unheard()

    def _trace_new_threads(self, *, on: bool) -> None:
        from threading import settrace

        threading = sys.modules["threading"]
        hook = getattr(threading, "_trace_hook", None)
        if on and hook is None:
            settrace(self._on_call)
        elif not on and hook == self._on_call:
            settrace(None)

    def _on_call(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        target = self._recorder.target_of(frame.f_code)
        if target is None:
            return None
        call = target.under_way.get(frame)
        try:
            if call is None and self._recorder.begins(target, frame):
                call = target.under_way[frame]
        except Exception as error:
            self.give_up(error)
            return None
        if call is not None:  # one that begins, or a generator that goes on
            return _Heard(self, self._recorder, target, call).hear
        frame.f_trace_lines = False
        return self._in_other_call

    def _in_other_call(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Look whether a call fails, of those that are too many to be captured."""
        target = self._recorder.target_of(frame.f_code) if event == "exception" else None
        if target is None:
            return self._in_other_call
        return _Heard(self, self._recorder, target, None).hear(frame, event, argument)

    def give_up(self, error: Exception) -> None:
        """Hear nothing any more: it did not work; but that the stack is full will pass."""
        if isinstance(error, RecursionError):
            return
        self._recorder.want({})
        self.problem = f"Capturing has failed: {type(error).__name__}: {error}"


class _Heard:
    """What is heard of one call, or of a generator's between two of its values."""

    def __init__(
        self, owner: Tracing, recorder: Recorder, target: Target, call: Call | None
    ) -> None:
        self._owner = owner
        self._recorder = recorder
        self._target = target
        self._call = call
        """None: only whether it fails is of interest."""
        self._known = 0
        """Lines that were heard of though they have been counted often enough."""
        self._raised: Any = None
        """The last exception that came by in it."""
        self._is_raising = False
        """Whether that is under way: it may be raised once more later, untold."""

    def hear(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Take an event; what a trace function of a frame is."""
        call = self._call
        if call is not None and event == "line" and frame.f_lasti in call.full:
            call.skip_line()
            self._known += 1
            frame.f_trace_lines = self._known < _MOST_KNOWN
            return self.hear
        try:
            self._take(call, frame, event, argument)
        except Exception as error:
            self._owner.give_up(error)
        return self.hear

    def _take(self, call: Call | None, frame: FrameType, event: str, argument: Any) -> None:
        if event == "line" and call is not None:
            self._is_raising = False
            call.begins_line(frame)
        elif event == "exception":
            self._raised, self._is_raising = argument[1], True
            if call is not None:
                call.raises(frame)
        elif event == "return":
            self._end(call, frame, argument)

    def _end(self, call: Call | None, frame: FrameType, value: Any) -> None:
        if call is not None and not call.is_in(frame):  # it waits for what goes on in its place
            if not call.is_under_way:
                self._target.under_way.pop(frame, None)
            return
        operation = _operation(frame)
        if operation in _YIELDS and not (self._is_raising and call is not None):
            if call is not None:
                call.yielded(frame, value)
        elif operation not in _RETURNS:
            raised = self._raised
            error = raised if isinstance(raised, BaseException) else Exception(raised)
            self._recorder.failed(self._target, frame, error)
        elif call is not None:
            self._recorder.returned(self._target, call, frame, value)


def _operation(frame: FrameType) -> str:
    """Return the name of the instruction that a frame is at."""
    import opcode

    code, place = frame.f_code.co_code, frame.f_lasti
    following = opcode.opname[code[place + 2]] if place + 2 < len(code) else ""
    if following == "YIELD_FROM":  # it is gone back from, to be come to again
        return following
    return opcode.opname[code[place]]
