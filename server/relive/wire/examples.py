"""Examples that are tried: a question on the main channel, and its answer."""

from __future__ import annotations

from typing import Literal, TypedDict

from relive.wire.errors import Error


class Try(TypedDict):
    """Run examples one after another, on one copy of the names of the module of `file`."""

    op: Literal["examples"]
    id: int
    file: str
    sources: list[str]
    seconds: float
    """What all of them may take."""


class Outcome(TypedDict):
    """What an example gave."""

    got: str
    """What it printed, the text of its value included."""
    value: str | None
    """The text of its value, if it is an expression and printed nothing else."""
    raised: str | None
    """The last line of the traceback."""
    error: Error | None
    cut: str | None
    """Why it did not come to its end: it took too long, or was interrupted."""
    seconds: float


class Tried(TypedDict):
    """The answer to `examples`."""

    op: Literal["examples"]
    id: int
    loaded: bool
    """Whether the file has a module; without one nothing was run."""
    outcomes: list[Outcome]
    """Of those that were run, in order: after one that was cut none is."""
    ran: list[tuple[str, str]] | None
    """The user's functions that were entered, by file and name; None: it cannot be told."""
