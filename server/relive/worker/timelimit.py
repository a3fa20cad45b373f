"""A bound on the time that a value's own code may take."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: user code may patch what is around it
from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_main_thread = get_ident()
_install = _signal.signal
_setitimer: Any = getattr(_signal, "setitimer", None)
_SHORTEST_REPEAT_S = 0.05
"""Between two alarms there is always time for the clean-up after the first."""


class OutOfTime(BaseException):
    """It took too long; not an Exception, so that its own handlers do not swallow it."""


class TimeLimit:
    """Raises OutOfTime in the main thread after a while, and again for code that goes on.

    Elsewhere, and on Windows, there is no limit; nor is there one for C code that does not look
    for signals. SIGALRM is borrowed: user code's handler and timer are put back, with what was
    left on it.
    """

    def __init__(self, seconds: float) -> None:
        self._usable = _setitimer is not None and get_ident() == _main_thread
        self._seconds = seconds
        self._over = False

    def __enter__(self) -> None:
        if self._usable:
            self._handler = _install(_signal.SIGALRM, self._on_alarm)
            repeat = max(self._seconds, _SHORTEST_REPEAT_S)
            self._theirs = _setitimer(_signal.ITIMER_REAL, self._seconds, repeat)

    def __exit__(self, *_exc: object) -> None:
        self._over = True  # an alarm on its way is for nobody
        if self._usable:
            _setitimer(_signal.ITIMER_REAL, 0)
            _install(_signal.SIGALRM, self._handler or _signal.SIG_DFL)
            if self._theirs[0]:
                _setitimer(_signal.ITIMER_REAL, *self._theirs)

    def _on_alarm(self, _number: int, _frame: object) -> None:
        if not self._over:
            raise OutOfTime
