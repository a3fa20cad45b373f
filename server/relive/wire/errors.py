"""An exception in the worker's messages."""

from __future__ import annotations

from typing import Literal, TypedDict

from relive.wire.spans import Span


class Error(TypedDict):
    """An exception as data."""

    type: str
    message: str
    frames: list[Frame]
    notes: list[str]
    traceback: str
    span: Span | None
    name: str | None
    """The name a NameError is about."""
    omitted: int
    """Exceptions linked to this one that are not told."""
    linked: list[Linked]
    """What led to it, and what it holds: a tree as a list, since texts nest only so deep."""


class Linked(TypedDict):
    """An exception that belongs to another."""

    of: int
    """To which: 0 is the error, n the nth of the list, which comes before this one."""
    how: Literal["cause", "context", "member"]
    """It was raised from this one, or while this one was handled, or is a group that holds it."""
    type: str
    message: str
    frames: list[Frame]
    notes: list[str]
    omitted: int


class Frame(TypedDict):
    """One entry of a stack, outermost first."""

    file: str
    name: str
    line: int
    text: str
    """The line as it ran."""
    place: tuple[str, int] | None
    """The live definition the line belongs to, and the line's distance from its start."""
    span: Span | None
    """The part of the line that failed, where the interpreter knows it."""
    own: bool
    """Whether it is in the user's own code."""
    locals: list[Local]
    locals_omitted: int
    """Variables there was no room for."""
    omitted: int
    """Frames left out just before this one, which repeat those above."""


class Local(TypedDict):
    """A variable of a frame."""

    name: str
    text: str
    truncated: bool
