"""Frames on the way of an exception in which nothing goes on: libraries', and code made elsewhere.

They can be looked at as any other. Some are alive, between frames of user code; others the
exception has left already, on its way to the frame that it is held in.
"""

from __future__ import annotations

import os
from itertools import islice

from relive.worker.holding.activation import Activation
from relive.worker.holding.going_on import Refused
from relive.worker.workspace import Workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FrameType, TracebackType
    from typing import Any

    from relive.worker.holding.going_on import Go
    from relive.worker.holding.hook import Judge
    from relive.worker.holding.toplevel import Edit

_CO_OPTIMIZED = 1
"""Of code whose variables are no dictionary: a function's (`inspect` is not loaded for it)."""
_MOST = 30
"""So many that the exception has left, and so many that are alive."""
_OURS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep
_INTERPRETER = "<frozen "
_OF_A_LIBRARY = "code of a library: its frames cannot be entered again"
_MADE_ELSEWHERE = (
    "code that was not prepared for it, such as that of `exec`, or imported before errors were "
    "held: its frames cannot be entered again"
)
_LEFT = "the error has left this call already"
_CLASS_BODY = "the body of a class: its statement runs again from its start, further out"
_NO_STATEMENTS = "has no statements of its own: what it runs in goes on, further out"
_PARTS = {
    "<lambda>": "a lambda",
    "<genexpr>": "a generator expression",
    "<listcomp>": "a comprehension",
    "<setcomp>": "a comprehension",
    "<dictcomp>": "a comprehension",
}
"""Code that is part of a statement, by its name."""


class Foreign(Activation):
    """A frame that is looked at only."""

    is_foreign = True

    def __init__(
        self, judge: Judge, frame: FrameType, unit: int, error: BaseException, *, left: bool
    ) -> None:
        super().__init__(judge, frame, unit, error)
        whose = _OF_A_LIBRARY if _is_installed(self.file) else _of_a_program(frame.f_code)
        self._why = f"{_LEFT}: {whose}" if left else whose

    def entry(self, line: int | None, edit: Edit | None = None) -> Any:
        """See Activation."""
        raise Refused(self._why)

    def _restarting(self) -> Callable[[], Go]:
        raise Refused(self._why)

    def give_back(self, value: Any) -> Go:
        """See Activation."""
        raise Refused(self._why)


def left(judge: Judge, frame: FrameType, error: BaseException) -> list[Foreign]:
    """Return the frames that `error` has left before it came to `frame`, the innermost first."""
    traces = islice(_inside(error.__traceback__, frame), _MOST)
    found = [
        Foreign(judge, each.tb_frame, each.tb_lasti // 2, error, left=True)
        for each in traces
        if is_shown(each.tb_frame)
    ]
    for depth, each in enumerate(reversed(found)):
        each.depth = depth
    return found[::-1]


def alive(judge: Judge, frame: FrameType, error: BaseException) -> Foreign:
    """Return a frame that waits for what is held."""
    return Foreign(judge, frame, frame.f_lasti // 2, error, left=False)


def is_shown(frame: FrameType) -> bool:
    """Whether it is a program's or a library's frame, and none of ours or of the interpreter."""
    return not frame.f_code.co_filename.startswith((_OURS, _INTERPRETER))


def _inside(trace: TracebackType | None, frame: FrameType) -> Iterator[TracebackType]:
    while trace is not None and trace.tb_frame is not frame:
        trace = trace.tb_next
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
        yield trace


def _of_a_program(code: CodeType) -> str:
    """Return why nothing goes on in code that is no library's."""
    if code.co_name in _PARTS:
        return f"{_PARTS[code.co_name]} {_NO_STATEMENTS}"
    is_class = not code.co_flags & _CO_OPTIMIZED and code.co_name != "<module>"
    return _CLASS_BODY if is_class else _MADE_ELSEWHERE


def _is_installed(file: str) -> bool:
    return os.path.isabs(file) and Workspace("").is_installed(file)
