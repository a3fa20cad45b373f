"""Exceptions on their way to who catches them: that is found once, and holds while they unwind.

Nothing is kept alive: an exception, the frame it was judged in and the one that catches it are
known by their `id`s, which others may have by now. So it counts only further out, where the
exception says that it came through that frame: that has asked then, and no other since.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType


class Underway:
    """What was found last on each thread."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int, int, int, int]] = {}

    def note(self, thread: int, error: BaseException, frame: FrameType, catcher: int) -> None:
        """Remember that the frame with that `id` catches `error`, which is in `frame` now."""
        self._known[thread] = id(error), id(type(error)), id(frame), id(frame.f_code), catcher

    def forget(self, thread: int) -> None:
        """Note that what was asked about last is not known to be caught."""
        self._known.pop(thread, None)

    def has(self, thread: int, error: BaseException, frame: FrameType) -> bool:
        """Whether `error`, which is in `frame` now, was seen further in, and is not caught yet."""
        known = self._known.get(thread)
        if known is None or known[0] != id(error) or known[1] != id(type(error)):
            return False
        _, _, at, code, catcher = known
        trace = error.__traceback__
        if at == catcher or trace is None or trace.tb_frame is not frame:
            return False
        behind = _behind(trace, at, catcher)
        if behind is None or id(behind.f_code) != code:
            return False
        self.note(thread, error, frame, catcher)
        return True


def _behind(trace: TracebackType, at: int, catcher: int) -> FrameType | None:
    """Return the frame that it was judged in, if nobody since was to catch it."""
    following = trace.tb_next
    while following is not None:
        frame = following.tb_frame
        if id(frame) == at:
            return frame
        if id(frame) == catcher:
            return None
        following = following.tb_next
    return None
