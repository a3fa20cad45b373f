"""What a session tells its listener while it works."""

from __future__ import annotations

from typing import Literal

from relive.session.answers import (
    Evaluation,
    Origin,
    OutputChunk,
    SessionInfo,
    StatementResult,
    Unresponsive,
)
from relive.session.values import ValueMime
from relive.source.positions import Range
from relive.source.quick_dataclasses import dataclass
from relive.wire.traces import Trace

ANYTHING = "*"


@dataclass(frozen=True)
class Started:
    """The evaluation has left the queue, or a statement of it begins (then with its range)."""

    evaluation: int
    range: Range | None


@dataclass(frozen=True)
class ResultReady:
    """A statement of the evaluation is done."""

    evaluation: int
    result: StatementResult


@dataclass(frozen=True)
class Traced:
    """What a statement of the evaluation did: told after its result, also if it has none."""

    evaluation: int
    number: int
    """Of those that ran in the evaluation, from 1."""
    trace: Trace
    file: str | None
    """Whose module it ran in; None: the scratch module."""
    range: Range
    text: str
    """The statement."""
    result: StatementResult | None
    """What it gave, if it came to its end."""
    duration_ms: float
    """How long it took; of what failed as long as it can have taken."""

    @property
    def origin(self) -> Origin:
        """Whether it was asked for."""
        return "requested" if self.result is None else self.result.origin

    @property
    def unit(self) -> str:
        """The id of its result."""
        return result_id(self.evaluation, self.number)


def result_id(evaluation: int, number: int) -> str:
    """Return the id of a statement's result; `number`: of those of its evaluation, from 1."""
    return f"{evaluation}:{number}"


@dataclass(frozen=True)
class OutputReady:
    """Text was written; `evaluation` is None when none was running."""

    evaluation: int | None
    chunk: OutputChunk


@dataclass(frozen=True)
class Displayed:
    """Pictures are shown: of a result, just after it, or by user code."""

    evaluation: int | None
    range: Range | None
    """The statement that shows them."""
    ref: str | None
    """The result's; None: user code has shown them."""
    displays: tuple[ValueMime, ...]
    """The same in one form or several, the best first."""


@dataclass(frozen=True)
class StateChanged:
    """The session is in another state."""

    info: SessionInfo


@dataclass(frozen=True)
class NotObeyed:
    """The evaluation goes on in spite of an interrupt; `terminate` would end its process."""

    about: Unresponsive


@dataclass(frozen=True)
class Touched:
    """What names mean may be something else now: statements ran, or definitions were changed."""

    names: frozenset[tuple[str | None, str]]
    """With the files in whose modules they are; of definitions qualified, as `Class.method`.
    ANYTHING: which of the file's is not known."""
    by: Literal["evaluation", "change"]
    added: frozenset[tuple[str | None, str]] = frozenset()
    """Those of them that are of definitions which were not there before."""


@dataclass(frozen=True)
class HeldAgain:
    """An evaluation that runs again on the way back is held, as it was before."""

    evaluation: int
    known_as: tuple[int, ...]
    """All that it was before."""


@dataclass(frozen=True)
class Resumed:
    """What was held has gone on without anybody waiting for what comes of it."""

    evaluation: Evaluation


@dataclass(frozen=True)
class Judged:
    """Results are no longer true, or are true again."""

    stale: dict[str, str]
    """By the ids of results: why, in words. Those that are stale for another reason than before
    are there again."""
    fresh: tuple[str, ...]


@dataclass(frozen=True)
class CallsCaptured:
    """Captured calls have ended since somebody last asked for them."""


@dataclass(frozen=True)
class Rewound:
    """The session has gone back to before these results, which are no longer true."""

    results: tuple[tuple[str | None, str], ...]
    """Their ids, with the files that they stand in."""
    cause: str | None = None
    """Why it has gone back by itself."""

    def because(self, rewound: str) -> str:
        """Return why they are not true, after the words for any rewind."""
        return rewound if self.cause is None else f"{rewound}: {self.cause}"


Event = (
    Started
    | ResultReady
    | Traced
    | Judged
    | HeldAgain
    | Resumed
    | Displayed
    | OutputReady
    | StateChanged
    | NotObeyed
    | Touched
    | CallsCaptured
    | Rewound
)
