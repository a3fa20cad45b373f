"""The messages about what is held: an exception that nobody would catch, its stack still alive.

An evaluation that is held has its answer in `held`, and the worker takes its next request inside
the frame that failed. A `resume` has it go on; what it sends from then on, up to `done` or another
`held`, carries the evaluation's number and answers the `resume`.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from relive.wire.errors import Error, Local

# -- daemon to worker ----------------------------------------------------------------------


class Resume(TypedDict):
    """Have what is held go on."""

    op: Literal["resume"]
    id: int
    """The evaluation's that is held, or a number of its own for what is held on another thread."""
    hold: int
    action: Literal["retryStatement", "restartFrame", "return", "abandon"]
    frame: int
    value: str | None
    """The expression whose value is returned, evaluated in that frame."""
    line: int | None
    """Where to go on in the new text, 0-based; None: at the statement that failed."""
    document: str | None
    """What the file has now in which the frame is, where that is top-level code; None: what it had.
    """


class AskResumePoint(TypedDict):
    """Ask where a `resume` would go on."""

    op: Literal["resume_point"]
    id: int
    hold: int
    frame: int
    line: int | None
    document: str | None
    """As in `Resume`."""


class AskFrames(TypedDict):
    """Ask for all that is held, with the values of its frames."""

    op: Literal["frames"]
    id: int


# -- worker to daemon ----------------------------------------------------------------------


class HeldFrame(TypedDict):
    """A frame. Those of user code come first, 0 is the innermost; behind them are the others."""

    name: str
    file: str
    line: int
    """0-based, of the statement that runs, as the text stood when it was compiled."""
    can_retry: str | None
    """Why not; None: it can."""
    can_restart: str | None
    can_return: str | None
    foreign: bool
    """Whether it is a library's, or of code made elsewhere: nothing goes on in it."""
    depth: int
    """How many frames of the whole stack are further in."""


class Held(TypedDict):
    """An exception is held. On the main thread it answers the evaluation or `resume` that ran."""

    op: Literal["held"]
    id: int | None
    """The evaluation's; None: nobody knows whose the thread is."""
    hold: int
    thread: str | None
    """The name of the thread it is held on; None: the main one."""
    module: str
    error: Error
    frames: list[HeldFrame]
    results: list[dict[str, Any]]
    """As in `done`."""
    seconds: float


class Refused(TypedDict):
    """The answer to a `resume` that cannot be done: all is held as it was."""

    op: Literal["refused"]
    id: int
    reason: str


class LetGo(TypedDict):
    """What was held on another thread goes on there: the answer to its `resume`."""

    op: Literal["let_go"]
    id: int


class ResumePoint(TypedDict):
    """Where a `resume` would go on."""

    file: str
    line: int
    end_line: int
    certain: bool
    """Whether the statement is the one that failed, beyond doubt."""
    note: str | None


class ResumePointAnswer(TypedDict):
    """The answer to `AskResumePoint`."""

    op: Literal["resume_point"]
    id: int
    answer: ResumePoint | None
    reason: str | None
    """Why there is none."""


class FrameLocals(TypedDict):
    """The values of a frame's own names."""

    locals: list[Local]
    omitted: int


class HoldLocals(TypedDict):
    """Those of all frames of a hold, the innermost first."""

    hold: int
    frames: list[FrameLocals]


class FramesAnswer(TypedDict):
    """The answer to `AskFrames`."""

    op: Literal["frames"]
    id: int
    answer: list[HoldLocals]


OF_THREADS = (Refused, LetGo, ResumePointAnswer, FramesAnswer)
"""Of what is held on other threads: on the control channel too, while the main one is busy."""
ANSWERS = (Held, Refused, LetGo, ResumePointAnswer, FramesAnswer)
