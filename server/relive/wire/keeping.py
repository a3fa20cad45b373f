"""What is said of forms that are marked to be kept; part of the messages in `messages.py`."""

from __future__ import annotations

from typing import Literal, TypedDict

from relive.wire.spans import Span


class Keep(TypedDict):
    """Where the values of forms are kept, and how."""

    folder: str
    key: str
    """In hexadecimal: what marks files there as the user's own."""
    limit: int
    """Bytes that all of it may take."""
    forms: list[Span]
    """Where they stand in the file."""
    anew: bool
    """Whether to run them in any case, and keep what they give then."""
    problem: str | None
    """Why nothing can be kept."""


class Kept(TypedDict):
    """What became of a form that is marked to be kept."""

    state: Literal["taken", "stored", "refused"]
    """`taken`: the value was stored before, and the form did not run."""
    reason: str | None
    """Why it is not kept; of a stored one why what had been kept before was not taken."""
    at: float | None
    """When the value was stored, in seconds since 1970."""
    seconds: float | None
    """How long the form ran for it."""
