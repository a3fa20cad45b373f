"""What is told of an exception that is held: the error with its whole stack, and its frames."""

from __future__ import annotations

from types import TracebackType

from relive.worker.errors.budget import Budget
from relive.worker.errors.describe import describe_error
from relive.worker.errors.variables import Variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.holding.holds import HeldFrame, Hold
    from relive.worker.late_image import LateImage

MOST_FRAMES = 100
"""Frames of one hold that are told, the innermost."""
_MOST_OUTER = 1000
"""Frames above the failing one that are looked at."""


def error_of(hold: Hold, file: str, image: LateImage) -> dict[str, Any]:
    """Return the exception as the wire's Error, with the frames above the one it is held in.

    It has not come through those: as yet its own traceback begins where it is held.
    """
    error = hold.exception
    own = error.__traceback__
    try:
        error.__traceback__ = _with_callers(own)
        return describe_error(error, file, image)
    finally:
        error.__traceback__ = own


def _with_callers(trace: TracebackType | None) -> TracebackType | None:
    frame = None if trace is None else trace.tb_frame.f_back
    for _ in range(_MOST_OUTER):
        if frame is None:
            break
        trace = TracebackType(trace, frame, frame.f_lasti, frame.f_lineno or 0)
        frame = frame.f_back
    return trace


def frame_of(frame: HeldFrame) -> dict[str, Any]:
    """Return a frame as the wire's HeldFrame."""
    return {
        "name": frame.name,
        "file": frame.file,
        "line": frame.line,
        "can_retry": frame.can_retry,
        "can_restart": frame.can_restart,
        "can_return": frame.can_return,
        "foreign": frame.is_foreign,
        "depth": frame.depth,
    }


def locals_of(hold: Hold) -> list[dict[str, Any]]:
    """Return the names of each frame with their values, the innermost frames first."""
    variables = Variables(Budget())
    return [_told(variables, frame) for frame in hold.frames[:MOST_FRAMES]]


def _told(variables: Variables, frame: HeldFrame) -> dict[str, Any]:
    told, omitted = variables.told(list(frame.locals().items()))
    return {"locals": told, "omitted": omitted}
