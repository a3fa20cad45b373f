"""A bound on the time that a value's own code may take."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: user code may patch what is around it
import sys
from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, TypeVar

    T = TypeVar("T")

_main_thread = get_ident()
_install = _signal.signal
_getsignal = _signal.getsignal
_setitimer: Any = getattr(_signal, "setitimer", None)
_getitimer: Any = getattr(_signal, "getitimer", None)
_getframe = sys._getframe
_SHORTEST_REPEAT_S = 0.05
"""Between two alarms there is always time for the clean-up after the first."""
_IMPORT_SYSTEM = "importlib._bootstrap"
_IMPORT_ALARMS = 20
"""An import is let go on for so many: half of a module would stay broken for the whole session."""


class OutOfTime(BaseException):
    """It took too long; not an Exception, so that its own handlers do not swallow it."""


def within(seconds: float, function: Callable[..., T], *arguments: object) -> T:
    """Call `function`; OutOfTime is raised in it after a while, and again if it goes on.

    A module that it is importing then may be finished first, within twenty times as long.
    On other threads than the main one, and on Windows, there is no limit; nor is there one for C
    code that does not look for signals. SIGALRM is borrowed: user code's handler and timer are
    put back, with what was left on it.
    """
    if _setitimer is None or get_ident() != _main_thread:
        return function(*arguments)
    alarm = _Alarm(_getframe())
    try:
        alarm.set(seconds)
        return function(*arguments)
    finally:
        alarm.put_back()
        del alarm  # it knows this frame: what was passed would live until a collection


class _Alarm:
    """The timer of one limited call.

    An interrupt can come at any moment, in here too, and leave the timer running after its call
    has ended. So the alarm looks at the stack it interrupts, and is for nobody but its call.
    """

    def __init__(self, call: FrameType) -> None:
        self._call: FrameType | None = call
        self._handler: Any = _getsignal(_signal.SIGALRM)
        self._timer = _getitimer(_signal.ITIMER_REAL)
        self._import_alarms = 0

    def set(self, seconds: float) -> None:
        _install(_signal.SIGALRM, self._on_alarm)
        _setitimer(_signal.ITIMER_REAL, seconds, max(seconds, _SHORTEST_REPEAT_S))

    def put_back(self) -> None:
        """Leave handler and timer as they were found, and let go of the call, which has us."""
        _setitimer(_signal.ITIMER_REAL, 0)
        _install(_signal.SIGALRM, self._handler or _signal.SIG_DFL)
        if self._timer[0]:
            _setitimer(_signal.ITIMER_REAL, *self._timer)
        self._call = None

    def _on_alarm(self, _number: int, frame: FrameType | None) -> None:
        imports = False
        while frame is not None:
            if frame is self._call:
                return self._end_call(imports)
            imports = imports or frame.f_globals.get("__name__") == _IMPORT_SYSTEM
            frame = frame.f_back
        return self.put_back()

    def _end_call(self, imports: bool) -> None:
        self._import_alarms += imports
        if not imports or self._import_alarms > _IMPORT_ALARMS:
            raise OutOfTime
