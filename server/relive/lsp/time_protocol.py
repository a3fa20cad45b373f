"""What messages say of what is held: its frames, and having it go on.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Position, Range

from relive.lsp.error_protocol import Local
from relive.lsp.quick_attrs import message

FRAMES = "relive.frames"
RESUME = "relive.resume"
RESUME_POINT = "relive.resumePoint"


@message
class FramesParams:
    """Argument of `relive.frames`."""

    uri: str | None = None
    """A document of the session that is meant; absent: the session used last."""


@message
class HeldFrame:
    """A frame of an error that is held."""

    hold: int
    """Which error: the later it was held, the greater."""
    frame: int
    """0 is the innermost of the user's code; the foreign ones come behind all of that."""
    name: str
    """Qualified, as `Class.method`."""
    uri: str | None
    range: Range
    """The line of the statement that runs, in the document as it stands."""
    text: str
    locals: list[Local]
    can_retry: bool
    can_restart: bool
    can_return: bool
    error: str
    """What is held, in one line."""
    why_not: str | None = None
    """Why one of that cannot be done."""
    thread: str | None = None
    """The thread it is held on; absent: the main one."""
    evaluation: int | None = None
    """The evaluation that is held."""
    document: str | None = None
    """The document whose text it evaluates; absent for text that stands in none."""
    locals_omitted: int | None = None
    """Variables there was no room for."""
    foreign: bool | None = None
    """Present for frames of libraries and of code made elsewhere, such as by `exec`: they can be
    looked at, and nothing goes on in them. Some of them the error has left already."""
    depth: int | None = None
    """How many frames of the whole stack are further in."""
    function: Range | None = None
    """The function whose call it is, as it stands in the document; absent for top-level code, and
    where the document is not open or has no such function any more."""


@message
class HeldFrames:
    """All that is held: of each the frames of the user's code, the innermost first, then others."""

    items: list[HeldFrame]


@message
class ResumeParams:
    """Argument of `relive.resume`."""

    action: Literal["retryStatement", "restartFrame", "return", "abandon"]
    frame: int | None = None
    """Absent: the innermost."""
    value: str | None = None
    """Of `return`: the expression whose value the frame returns, evaluated in the frame."""
    hold: int | None = None
    """Absent: the error that was held last."""
    position: Position | None = None
    """Of `retryStatement`: where to go on, in the document of the frame."""
    confirmed: bool | None = None
    """Of `retryStatement`: false has it refused unless it is certain where it goes on."""
    uri: str | None = None
    token: str | None = None
    """Comes in every notification about the evaluation from now on; absent: the one it had."""


@message
class ResumePointParams:
    """Argument of `relive.resumePoint`: where `retryStatement` would go on."""

    frame: int | None = None
    hold: int | None = None
    position: Position | None = None
    uri: str | None = None


@message
class ResumePoint:
    """Where what is held would go on."""

    uri: str | None
    range: Range
    """The statement, in the document as it stands."""
    certain: bool
    """Whether that is the statement that failed, beyond doubt."""
    note: str | None
    """What else is to be known of it."""
