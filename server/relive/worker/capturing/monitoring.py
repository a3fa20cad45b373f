"""Hearing of calls from the interpreter's own monitoring (CPython 3.12 and up), on all threads.

Each piece of code tells once that it begins. Whatever is not captured is never heard of again, so
that the program keeps its speed; a captured function tells of its lines too.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from relive.worker.capturing.call import Call
    from relive.worker.capturing.recorder import Recorder, Target

_NUMBERS = (4, 3, 1, 2, 5, 0)
"""Of tools: those first that no kind of tool has claimed."""
_NAME = "relive captures calls"
_frame: Any = sys._getframe


class Monitoring:
    """Tells a recorder what happens, as long as it is on."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._monitoring: Any = sys.monitoring  # type: ignore[attr-defined]  # from 3.12 on
        self._number: int | None = None
        self._watched: dict[int, tuple[CodeType, Target]] = {}
        """Code that tells of its lines; by `id`, since two functions may be equal."""
        self._is_thinned = False
        """Whether lines were told to be silent that a next call is to tell of again."""
        self.problem: str | None = None
        """Why nothing is heard."""

    def refresh(self) -> None:
        """Hear of what the recorder wants by now."""
        if not self._recorder.targets:
            self._stop()
        elif self._number is not None or self._start():
            self._forget_unwanted()
            self._monitoring.restart_events()

    def enter(self) -> None:
        """Do nothing: it is on for all code."""

    def leave(self) -> None:
        """Do nothing: it is on for all code."""

    def _start(self) -> bool:
        monitoring = self._monitoring
        free = [each for each in _NUMBERS if monitoring.get_tool(each) is None]
        self.problem = None if free else "Other tools use all the numbers Python has for tools."
        if not free:
            return False
        self._number = free[0]
        monitoring.use_tool_id(free[0], _NAME)
        for event, callback in self._callbacks().items():
            monitoring.register_callback(free[0], event, callback)
        events = monitoring.events
        monitoring.set_events(free[0], events.PY_START | events.RAISE | events.PY_UNWIND)
        return True

    def _stop(self) -> None:
        number, self._number = self._number, None
        if number is None or self._monitoring.get_tool(number) != _NAME:
            return
        self._monitoring.set_events(number, 0)
        for code, _ in self._watched.values():
            self._monitoring.set_local_events(number, code, 0)
        self._watched.clear()
        for event in self._callbacks():
            self._monitoring.register_callback(number, event, None)
        self._monitoring.free_tool_id(number)

    def _forget_unwanted(self) -> None:
        for key, (code, target) in list(self._watched.items()):
            if self._recorder.target_of(code) is not target:
                self._monitoring.set_local_events(self._number, code, 0)
                del self._watched[key]

    def _callbacks(self) -> dict[int, Any]:
        events = self._monitoring.events
        return {
            events.PY_START: self._on_start,
            events.LINE: self._on_line,
            events.PY_YIELD: self._on_yield,
            events.PY_RETURN: self._on_return,
            events.RAISE: self._on_raise,
            events.PY_UNWIND: self._on_unwind,
        }

    def _watch(self, code: CodeType, target: Target) -> None:
        self._watched[id(code)] = code, target
        events = self._monitoring.events
        wanted = events.LINE | events.PY_YIELD | events.PY_RETURN
        self._monitoring.set_local_events(self._number, code, wanted)

    # Each callback runs in the midst of user code: an error of ours must not become theirs.

    def _on_start(self, code: CodeType, _offset: int) -> Any:
        watched = self._watched.get(id(code))
        target = self._recorder.target_of(code) if watched is None else watched[1]
        if target is None:
            return self._monitoring.DISABLE
        try:
            if watched is None:
                self._watch(code, target)
            if self._recorder.begins(target, _frame(1)) and self._is_thinned:
                self._is_thinned = False
                self._monitoring.restart_events()
        except Exception as error:
            self._give_up(error)
        return None

    def _on_line(self, code: CodeType, _line: int) -> Any:
        watched = self._watched.get(id(code))
        if watched is None:
            return self._monitoring.DISABLE
        frame = _frame(1)
        call = watched[1].under_way.get(frame)
        if call is None:
            return self._thinned(watched[1])
        try:
            is_enough = call.begins_line(frame)
        except Exception as error:
            self._give_up(error)
            return None
        if not is_enough:
            return None
        self._is_thinned = True
        return self._monitoring.DISABLE

    def _thinned(self, target: Target) -> Any:
        """Have a place tell no more, while no call of the function is captured."""
        if target.under_way:
            return None
        self._is_thinned = True
        return self._monitoring.DISABLE

    def _on_yield(self, code: CodeType, _offset: int, value: Any) -> None:
        call = self._call(code)
        if call is not None:
            call.yielded(_frame(1), value)

    def _on_return(self, code: CodeType, _offset: int, value: Any) -> Any:
        watched = self._watched.get(id(code))
        if watched is None:
            return self._monitoring.DISABLE
        target, frame = watched[1], _frame(1)
        call = target.under_way.get(frame)
        if call is None:
            return self._thinned(target)
        try:
            self._recorder.returned(target, call, frame, value)
        except RecursionError:
            target.under_way.pop(frame, None)
        except Exception as error:
            self._give_up(error)
        return None

    def _on_raise(self, code: CodeType, _offset: int, _error: BaseException) -> None:
        call = self._call(code)
        if call is not None:
            call.raises(_frame(1))

    def _on_unwind(self, code: CodeType, _offset: int, error: BaseException) -> None:
        watched = self._watched.get(id(code))
        if watched is None:
            return
        try:
            self._recorder.failed(watched[1], _frame(1), error)
        except RecursionError:
            watched[1].under_way.pop(_frame(1), None)
        except Exception as failure:
            self._give_up(failure)

    def _call(self, code: CodeType) -> Call | None:
        """Return the captured call that the callback which asks is about."""
        watched = self._watched.get(id(code))
        return None if watched is None else watched[1].under_way.get(_frame(2))

    def _give_up(self, error: Exception) -> None:
        """Hear nothing any more; but that the program's stack is full will pass."""
        if isinstance(error, RecursionError):
            return
        self._stop()
        self.problem = f"Capturing has failed: {type(error).__name__}: {error}"
