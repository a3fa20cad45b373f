"""Calls that are captured; part of the messages in `messages.py`.

Which functions are captured goes with each evaluation, as a whole, so that a process that was
started anew captures what the one before it did; and on the control channel while code runs.
"""

from __future__ import annotations

from typing import Literal, TypedDict


class Wish(TypedDict):
    """A function whose calls are to be kept."""

    file: str
    name: str
    """Qualified, as `Class.method` and `outer.<locals>.inner`."""
    keep: int
    """How many of its calls: the latest."""


class InCall(TypedDict):
    """A captured call, in whose variables text is to run."""

    call: int
    again: bool
    """In its arguments alone, with the function itself under its own name: to call it again."""


class Capture(TypedDict):
    """Capture these functions' calls, and no others'. On the control channel."""

    op: Literal["capture"]
    id: int
    wishes: list[Wish]


class Captured(TypedDict):
    """Ask for the calls that are kept. On the control channel."""

    op: Literal["captured"]
    id: int


class Named(TypedDict):
    """A variable's value, as text."""

    name: str
    text: str


class Assigned(TypedDict):
    """What a line gave a name."""

    name: str
    text: str
    """The last time it ran."""
    first: str | None
    """The first time, if that was another."""
    late: bool
    """Whether the text is of the call's end: by then the value may have changed."""


class Line(TypedDict):
    """A line of a call."""

    line: int
    count: int
    """How often it ran."""
    at_least: bool
    """Whether it may have run more often: it is not counted without an end."""
    values: list[Assigned]


class Call(TypedDict):
    """One call."""

    call: int
    file: str
    name: str
    line: int
    """0-based, the function's first."""
    end_line: int
    number: int
    """Of the function's calls since an evaluation began, from 1: of many not each is kept."""
    evaluation: int | None
    """The evaluation that made it; None: none is known."""
    thread: str | None
    """None: the main one."""
    at: float
    """When it began, in seconds since 1970."""
    seconds: float | None
    """How long it took; None: it has not ended."""
    arguments: list[Named]
    lines: list[Line]
    locals: list[Named]
    """At its end."""
    result: str | None
    error: str | None
    """The exception that ended it."""
    error_line: int | None
    yields: int
    """How often it gave a value to who asked for the next."""
    has_values: bool
    """Whether its variables are kept: text can run in them."""
    again: str
    """An expression that calls the function with these arguments."""
    text: tuple[str, int, str] | None
    """The outermost definition around it as long as this code runs: its name, first line and mark;
    None: the function runs another text by now, or it is not known."""


class CapturedFunction(TypedDict):
    """A function whose calls are captured."""

    file: str
    name: str
    calls: int
    """Since the last evaluation began."""
    why: str | None
    """Why its calls are not captured."""


class Captures(TypedDict):
    """All that is captured."""

    functions: list[CapturedFunction]
    calls: list[Call]
    """The oldest first."""


class CapturesAnswer(TypedDict):
    """The answer to `capture` and `captured`; None: it cannot be said."""

    op: Literal["capture", "captured"]
    id: int
    answer: Captures | None


class CallsCaptured(TypedDict):
    """Calls have ended since somebody last asked. At any time, on the main channel."""

    op: Literal["calls_captured"]
