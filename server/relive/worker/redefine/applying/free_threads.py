"""Free-threaded builds of Python: nothing keeps other threads from running between two writes."""

from __future__ import annotations

import os
import sys
from _thread import get_ident

from relive import worker
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_OURS = os.path.join(os.path.dirname(os.path.abspath(worker.__file__)), "")
_EVALUATION = os.path.join(_OURS, "evaluate.py")


def refuse_if_threads_run_free() -> None:
    """See that a change is made for all threads at once.

    Raises:
        Refused: the interpreter runs without its lock, and other threads run code of the user.
    """
    if not getattr(sys, "_is_gil_enabled", lambda: True)() and any(_others_busy()):
        raise Refused(
            "on a free-threaded Python other threads would see half of the change; redefine when "
            "they have ended, or run Python with its lock (PYTHON_GIL=1)"
        )


def _others_busy() -> Iterator[bool]:
    """Yield for each other thread whether it runs code of the user."""
    for ident, frame in list(sys._current_frames().items()):
        if ident != get_ident():
            stack = [each.f_code.co_filename for each in _stack(frame)]
            yield _EVALUATION in stack or not all(each.startswith(_OURS) for each in stack)


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
