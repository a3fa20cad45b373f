"""The messages about checkpoints: parked copies of the worker to go back to.

A checkpoint's number is that of the evaluation just before which it was made.
"""

from __future__ import annotations

from typing import Literal, TypedDict

# -- daemon to worker, main channel ---------------------------------------------------------


class Checkpoint(TypedDict):
    """Make one."""

    op: Literal["checkpoint"]
    id: int


class Watch(TypedDict):
    """Tell from now on, as `acted`, what evaluations do outside of the process, or no more."""

    op: Literal["watch"]
    on: bool


class Look(TypedDict):
    """Tell, as `acted`, what is open that something may be sent by in what runs next."""

    op: Literal["look"]
    id: int


# -- worker to daemon, main channel ---------------------------------------------------------


class OpenFile(TypedDict):
    """A file that the process has open, as it is when a checkpoint is made."""

    fd: int | None
    """None: it is not open, but goes with one that is, and is looked at by its name."""
    name: str
    size: int
    """-1: it is not there."""
    changed_ns: str
    """More digits than are sure in a number of JSON."""


class Checkpointed(TypedDict):
    """It was made, or not."""

    op: Literal["checkpointed"]
    id: int
    why_not: str | None
    """None: it was made."""
    warnings: list[str]
    """What will not be as it was once it is gone back to."""
    pid: int
    """The copy's, if it was made."""
    files: list[OpenFile]
    """What is written into them later is not undone."""
    seconds: float
    kilobytes: int
    """What the process holds: what of it is written to from now on has to be copied first."""


class Acted(TypedDict):
    """An evaluation does something outside of the process, which going back does not undo."""

    op: Literal["acted"]
    id: int
    what: str


# -- daemon to warden, life channel ---------------------------------------------------------


class Drop(TypedDict):
    """Have a copy end."""

    op: Literal["drop"]
    checkpoint: int


class Wake(TypedDict):
    """End the worker and what it has started since, and have the copy go on in its place.

    The ends of its two channels come along, main and control.
    """

    op: Literal["wake"]
    checkpoint: int


# -- warden to daemon, life channel ---------------------------------------------------------


class Parked(TypedDict):
    """A copy is there."""

    op: Literal["parked"]
    checkpoint: int
    kilobytes: list[list[int]]
    """What each copy holds beyond what the worker does, by its checkpoint's number; of what several
    share, its part."""


class Unparked(TypedDict):
    """A copy has ended against everybody's wish, as when memory ran out."""

    op: Literal["unparked"]
    checkpoint: int


class Woken(TypedDict):
    """The copy is the worker now, or there was none."""

    op: Literal["woken"]
    checkpoint: int
    pid: int | None


TO_DAEMON = (Checkpointed, Acted)
"""What may come on the main channel."""
OF_WARDEN = (Parked, Unparked, Woken)
"""What may come on the life channel."""
