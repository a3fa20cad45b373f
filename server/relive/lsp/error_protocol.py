"""What messages say of errors: an exception with its frames, and what led to it.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Range

from relive.lsp.quick_attrs import message


@message
class Local:
    """A variable of a frame, as it was when the exception came through."""

    name: str
    text: str
    """A bounded repr."""
    truncated: bool


@message
class FrameInfo:
    """One entry of an error's stack, outermost first."""

    uri: str | None
    """Null when the code is in no file."""
    name: str
    line: int
    """0-based, in the document as it stands."""
    text: str
    """The line as it ran, without its indentation."""
    own: bool
    """Whether it is in the user's own code, and not in a library's."""
    range: Range | None = None
    """The part of the line that failed: from CPython 3.11 on, while the line says what it said."""
    locals: list[Local] | None = None
    locals_omitted: int | None = None
    """Variables there was no room for."""
    omitted: int | None = None
    """Frames left out just before this one, which repeat those above."""


@message
class Missing:
    """A name that is not there yet, and the line that would make it."""

    name: str
    line: int
    """0-based, in the document as it stands."""


@message
class LinkedError:
    """An exception that led to another one, or that a group holds."""

    relation: Literal["cause", "context", "member"]
    """The other was raised from it, or while it was handled, or is the group."""
    type: str
    message: str
    frames: list[FrameInfo]
    notes: list[str]
    causes: list[LinkedError]
    """Of a member alone: the causes of a cause follow it in its own list."""
    exceptions: list[LinkedError]
    omitted: int | None = None
    """Exceptions linked to this one that are not told."""


@message
class ErrorInfo:
    """Why user code failed."""

    type: str
    message: str
    """With what the interpreter suggests, such as "Did you mean: 'total'?"."""
    frames: list[FrameInfo]
    notes: list[str]
    range: Range | None
    """The place of a syntax error, or of the failing line, in the document that was asked for."""
    missing: Missing | None
    """For a NameError: what to evaluate first."""
    traceback: str
    """The whole formatted traceback."""
    causes: list[LinkedError]
    """What it was raised from, or while what was handled: the nearest first."""
    exceptions: list[LinkedError]
    """What a group holds."""
    omitted: int | None = None
    """Exceptions linked to this one that are not told."""
