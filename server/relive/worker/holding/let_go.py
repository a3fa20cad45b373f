"""Exceptions that were let go where nobody of the user's waits, and are raised on elsewhere.

A task keeps the error that ended it and whoever awaits the task gets it: it was let go already, and
is not asked about again. Nothing is kept alive: an exception and the frame that it was let go in
are known by their `id`s, which others may have by now. So it counts only where the exception says
that it came through that frame; and once another one is in that frame, it is forgotten.
"""

from __future__ import annotations

import builtins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

_MOST = 8
_GROUP = getattr(builtins, "BaseExceptionGroup", ())
_Known = tuple[int, int, int]


class LetGo:
    """What was let go last."""

    def __init__(self) -> None:
        self._known: tuple[_Known, ...] = ()
        """Of each the `id`s of the exception, the frame and its code."""

    def note(self, error: BaseException, frame: FrameType) -> None:
        """Note that `error` was let go in `frame`."""
        self._known = (*self._known[1 - _MOST :], (id(error), id(frame), id(frame.f_code)))

    def has(self, error: BaseException, frame: FrameType) -> bool:
        """Whether `error`, which is in `frame` now, was let go in another one; or all its parts."""
        if not self._known:
            return False
        here = id(frame), id(frame.f_code)
        self._known = tuple([each for each in self._known if each[1:] != here])
        return self._is_known(error)

    def _is_known(self, error: BaseException) -> bool:
        if isinstance(error, _GROUP):
            return all(map(self._is_known, error.exceptions))
        places = {each[1:] for each in self._known if each[0] == id(error)}
        trace = error.__traceback__ if places else None
        while trace is not None:
            if (id(trace.tb_frame), id(trace.tb_frame.f_code)) in places:
                return True
            trace = trace.tb_next
        return False
