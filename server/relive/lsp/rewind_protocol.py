"""What messages say of going back to before an evaluation.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Position

from relive.lsp.protocol import Evaluation, SessionInfo
from relive.lsp.quick_attrs import message

REWIND = "relive.rewind"
REWIND_OFFER = "relive.rewindOffer"
UNDO_EVALUATION = "relive.undoEvaluation"
RERUN_FROM_HERE = "relive.rerunFromHere"
RERUN_OFFER = "relive.rerunOffer"
REWOUND = "rewound to before this"
"""In `relive/stale`: how the reason begins why results of what was undone are no longer true."""


@message
class RewindParams:
    """Argument of `relive.rewind`."""

    evaluation: int
    """By `Evaluation.id`: the state as it was just before it."""
    uri: str | None = None
    """A document of the session that is meant; absent: the session used last."""


@message
class RewindOfferParams:
    """Argument of `relive.rewindOffer`."""

    evaluation: int | None = None
    """By `Evaluation.id`; absent: the last one."""
    uri: str | None = None
    """A document of the session that is meant; absent: the session used last."""


@message
class UndoEvaluationParams:
    """Argument of `relive.undoEvaluation`: back to before the last evaluation."""

    uri: str | None = None
    """A document of the session that is meant; absent: the session used last."""


@message
class RerunFromHereParams:
    """Argument of `relive.rerunFromHere` and `relive.rerunOffer`: which code it is from."""

    uri: str
    position: Position | None = None
    """The form there, from the first time that it ran."""
    evaluation: int | None = None
    """In its place, by `Evaluation.id`: what that ran."""
    failed: bool | None = None
    """With `evaluation`: from the first time on that it failed since it last did not."""


@message
class RewindOffer:
    """What a rewind would do; nothing has changed yet."""

    evaluation: int
    known_as: list[int]
    """By `Evaluation.id`: all that it has been, having run again."""
    label: str
    """Its code, in short."""
    by: Literal["checkpoint", "replay"]
    """`checkpoint`: the process as it was goes on; `replay`: a new one runs what ran."""
    warnings: list[str]
    """What will not be as it was, one sentence each."""
    unwatched: list[str]
    """Undone steps, in short, that may have acted outside: nothing watched them, and what they did
    there is not undone."""
    discards: int
    """How many evaluations are undone."""
    again: list[str]
    """What runs again to get there, in short."""
    last_replay_ms: float | None
    """How long that took last time, but for what is kept since; null: nothing runs again."""
    why_not: str | None = None
    """Why the last checkpoint that was wanted could not be made."""


@message
class Rewind:
    """How a rewind went."""

    evaluation: int
    by: Literal["checkpoint", "replay"]
    warnings: list[str]
    """What is not as it was, one sentence each."""
    unwatched: list[str]
    """Undone steps, in short, that may have acted outside: nothing watched them."""
    replayed: int
    """How many entries ran again."""
    failed: str | None = None
    """Why what was to run again stopped, in one line; the state is the one at which it did."""
    stopped_at: str | None = None
    """What failed, in short."""


@message
class RewoundSession(SessionInfo):
    """A session's state, and how a rewind of it went."""

    rewind: Rewind | None = None


@message
class RerunOffer:
    """What going back and running again from there would do."""

    back: RewindOffer
    runs: list[str]
    """What runs from there on, in this order, in short."""


@message
class RerunFromHere:
    """What was gone back to, and what ran from there on."""

    session: RewoundSession
    ran: list[Evaluation]
    left: list[str]
    """What was to run and did not, as what comes before it failed; in short."""
