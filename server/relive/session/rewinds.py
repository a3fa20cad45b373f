"""What a rewind is to do, what comes of it, and how both are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, fields, replace
from typing import Literal

from relive.changelog.entries import Entry, parsed_id
from relive.session import callers
from relive.session.answers import OMIT_NONE, Answer, Error, Evaluation, SessionInfo
from relive.session.checkpoints import Checkpoint
from relive.session.definition_answers import Redefinition
from relive.session.evaluating import Evaluating
from relive.session.jobs import Job
from relive.session.replay import Request, request_of
from relive.session.requests import Cause
from relive.session.supervisor import Worker
from relive.session.timeline import Step
from relive.source.quick_dataclasses import dataclass

By = Literal["checkpoint", "replay"]
_OVERTAKEN = Error("Rewound", "the session was rewound once more")


class CannotRewindError(Exception):
    """The state cannot be gone back to; the text says why."""


@dataclass(frozen=True)
class RewindOffer(Answer):
    """What a rewind would do."""

    evaluation: int
    known_as: tuple[int, ...]
    """All that it has been, having run again."""
    label: str
    """Its code, in short."""
    by: By
    """`checkpoint`: the process as it was goes on; `replay`: a new one runs what ran."""
    warnings: tuple[str, ...]
    """What will not be as it was, one sentence each."""
    unwatched: tuple[str, ...]
    """Undone steps, in short, that may have acted outside: nothing watched them, and what they did
    there is not undone."""
    discards: int
    """How many evaluations are undone."""
    again: tuple[str, ...]
    """What runs again to get there, in short."""
    last_replay_ms: float | None
    """How long that took last time, but for what is kept since; None: nothing runs again."""
    why_not: str | None = field(default=None, metadata=OMIT_NONE)
    """Why the last checkpoint that was wanted could not be made."""


@dataclass(frozen=True)
class RewindReport(Answer):
    """How a rewind went."""

    evaluation: int
    by: By
    warnings: tuple[str, ...]
    unwatched: tuple[str, ...]
    replayed: int
    failed: Error | None = None
    """Why what was to run again stopped; then the state is the one at which it did."""
    stopped_at: str | None = field(default=None, metadata=OMIT_NONE)
    """What failed, in short."""


@dataclass(frozen=True)
class RewoundSession(SessionInfo):
    """A session's state, and how a rewind of it went."""

    rewind: RewindReport | None = field(default=None, metadata=OMIT_NONE)


@dataclass(frozen=True)
class Plan:
    """What there is to do to get to the state before a step."""

    step: Step
    checkpoint: Checkpoint | None
    again: list[Step]
    left_out: list[Step]
    undone: list[Step]
    written: tuple[str, ...]
    """Which files were written to that were open at the checkpoint, in words."""
    acting: frozenset[int] = frozenset()
    """The numbers of the steps that may act outside, as far as anybody can tell unwatched."""

    @property
    def by(self) -> By:
        """How it is got to."""
        return "replay" if self.checkpoint is None else "checkpoint"

    def warnings(self) -> tuple[str, ...]:
        """Return what will not be as it was, one sentence each, as far as that is known."""
        told = [] if self.checkpoint is None else [*self.checkpoint.warnings, *self.written]
        for step in self.undone:
            told += [f"{step.label}: {act}, which is not undone" for act in step.acts]
        for step in self.again:
            guessed = step.number in self.acting
            guessed = guessed and (self.by == "replay" or not step.is_watched)
            acts = step.acts or ["it may act outside of the process"] * guessed
            told += [f"{step.label} runs again: {act}" for act in acts]
        told += [f"{step.label} was interrupted and does not run again" for step in self.left_out]
        return tuple(dict.fromkeys(told))

    def unwatched(self) -> tuple[str, ...]:
        """Return which steps may have left something outside of which nobody knows."""
        unseen = (each for each in self.undone if not each.is_watched and not each.acts)
        return tuple(dict.fromkeys(each.label for each in unseen if each.number in self.acting))


class Again:
    """What runs again after a rewind."""

    def __init__(self, plan: Plan, done: Callable[[RewindReport], None]) -> None:
        self.plan = plan
        self.jobs: list[Job] = []
        self.failed: tuple[Step, Error] | None = None
        self.is_overtaken = False
        """Whether the session went back once more meanwhile: then the rest is that one's affair."""
        self._done: Callable[[RewindReport], None] | None = done
        self._ran = 0
        self._warnings: tuple[str, ...] | None = None

    def ready(self, worker: Worker | None) -> None:
        """Note that the worker is there, and what it says is not as it was."""
        self._warnings = () if worker is None else worker.warnings
        self._tell()

    def took(self, step: Step, answer: Evaluation | Redefinition) -> None:
        """Note how a step ended this time."""
        self._ran += 1
        failed = answer.status not in ("ok", "partial") and answer.status != step.outcome
        if failed and self.failed is None:
            self.failed = step, answer.error or Error("Refused", "it was refused")
        self._tell()

    def overtaken(self) -> None:
        """Be over, as the session goes back once more."""
        self.is_overtaken = True
        self._end(replace(self._report(), failed=_OVERTAKEN))

    def next_has_its_turn(self) -> None:
        """Let the next step run."""
        for job in self.jobs[self._ran : self._ran + 1]:
            job.is_its_turn = True

    def evaluating(self, step: Step) -> Evaluating | None:
        """Return the job that runs again what a step had go on; None: none of these does."""
        jobs = dict(zip((each.number for each in self.plan.again), self.jobs, strict=False))
        job = jobs.get(step.subject)
        return job if isinstance(job, Evaluating) else None

    def not_repeated(self) -> list[Step]:
        """Return the steps that did not do again what they had done."""
        return self.plan.again[self._ran - (self.failed is not None) :]

    def _tell(self) -> None:
        is_over = self.failed is not None or self._ran == len(self.plan.again)
        if is_over and self._warnings is not None:
            self._end(self._report())

    def _end(self, report: RewindReport) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(report)

    def _report(self) -> RewindReport:
        plan, (step, error) = self.plan, self.failed or (None, None)
        warnings = tuple(dict.fromkeys((*plan.warnings(), *(self._warnings or ()))))
        replayed = self._ran - (step is not None)
        at = None if step is None else step.label
        told = warnings, plan.unwatched(), replayed
        return RewindReport(plan.step.number, plan.by, *told, error, at)


def with_report(info: SessionInfo, report: RewindReport) -> RewoundSession:
    """Return the state with how the rewind went."""
    known = {each.name: getattr(info, each.name) for each in fields(SessionInfo)}
    return RewoundSession(**known, rewind=report)


def request_again(step: Step) -> Request:
    """Return the request that runs a step again, where its text stands now."""
    session, number = parsed_id(step.entry or "") or ("", 0)
    entry = Entry(session, number, 0, 0.0, step.whole_change)
    request = request_of(entry, callers.text_of, careful=False)
    return replace(request, cause=Cause("replay", step.entry))
