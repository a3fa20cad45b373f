"""Running entries of the change log again, one after the other, up to one that now fails."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import field
from typing import Any, Generic, Protocol, TypeVar

from relive.changelog.entries import Change, Entry
from relive.session.answers import (
    OMIT_NONE,
    Answer,
    Error,
    SessionInfo,
)
from relive.session.logged import HistoryEntry, Texts, standing_of
from relive.session.recovery import Plan, Skipped
from relive.session.requests import (
    Cause,
    EvaluateRequest,
    InFrame,
    RedefineRequest,
    ResumeRequest,
    RevertRequest,
    UndoRequest,
)
from relive.source.quick_dataclasses import dataclass

Request = EvaluateRequest | RedefineRequest | RevertRequest | UndoRequest | ResumeRequest
Problem = TypeVar("Problem")
"""What tells how an entry failed."""


@dataclass(frozen=True)
class FailedEntry(Answer):
    """The entry at which a replay stopped."""

    entry: HistoryEntry
    error: Error


@dataclass(frozen=True)
class Replayed(Answer):
    """How a replay went."""

    total: int
    """Entries that were to be replayed."""
    done: int
    failed: FailedEntry | None
    """None: it went through, or was stopped."""
    left: tuple[str, ...]
    """What was to be replayed and was not: the failed entry, then those after it."""
    skipped: tuple[Skipped, ...]
    damaged: int = 0
    """How many entries the log had besides, which are damaged and were left out."""


@dataclass(frozen=True)
class ReplayedSession(SessionInfo):
    """A session's state, and how a replay into it went."""

    replay: Replayed | None = field(default=None, metadata=OMIT_NONE)


class _Typed(Protocol):
    @property
    def type(self) -> str: ...


class Ended(Protocol):
    """The answer to an evaluation, or the receipt of a redefinition."""

    @property
    def status(self) -> str:
        """How it ended."""

    @property
    def error(self) -> _Typed | None:
        """Why it failed."""


class Refusable(Protocol):
    """What became of one definition."""

    @property
    def name(self) -> str:
        """Its qualified name."""

    @property
    def outcome(self) -> str:
        """What became of it."""

    @property
    def reason(self) -> str | None:
        """Why."""


class Replaying(Generic[Problem]):
    """A replay under way: what is next, and whether there is a next."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.failed: tuple[Entry, Problem] | None = None
        self._waiting = deque(plan.entries)
        self._stopped = False

    @property
    def total(self) -> int:
        """How many entries were to be replayed."""
        return len(self.plan.entries)

    @property
    def done(self) -> int:
        """How many have been."""
        return self.total - len(self._waiting)

    @property
    def left(self) -> tuple[str, ...]:
        """The ids of those that have not been."""
        return tuple(entry.id for entry in self._waiting)

    def next(self) -> Entry | None:
        """Return what is to run now; None: nothing any more."""
        goes_on = self._waiting and not self._stopped and self.failed is None
        return self._waiting[0] if goes_on else None

    def stop(self) -> None:
        """Have nothing more run."""
        self._stopped = True

    def took(self, status: str, problem: Problem | None) -> None:
        """Take in how the one that was next ended.

        One that failed the first time too does now what it did then, and is no reason to stop,
        unless the process is gone. One that is held now and came to its end then has failed.
        """
        entry = self._waiting[0]
        before = None if entry.outcome is None else entry.outcome.status
        failed = status == "died" or (status in ("error", "refused") and status != before)
        failed = failed or (status == "held" and before == "ok")
        if status == "interrupted":
            self._stopped = True
        elif failed and problem is not None:
            self.failed = entry, problem
        else:
            self._waiting.popleft()


def request_of(entry: Entry, texts: Texts, *, careful: bool) -> Request:
    """Return the request that runs an entry again.

    Where its text stands still it runs at its present place, with the present document; else with
    the document as it was recorded. `careful`: nobody has looked at it, so less runs.
    """
    change, cause = entry.change, Cause("replay", entry.id)
    if change.kind == "evaluate":
        return _evaluation(change, texts, cause, careful=careful)
    if change.kind == "redefine":
        return _redefinition(change, texts, cause, careful=careful)
    if change.kind == "undo":
        return UndoRequest(cause)
    if change.kind == "resume":
        return _resumption(change, cause)
    return RevertRequest(change.file, change.name, cause)


def ending_of(answer: Ended) -> str:
    """Return how something that was replayed ended."""
    error = None if answer.error is None else answer.error.type
    if error in ("WorkerDied", "KeyboardInterrupt"):
        return "died" if error == "WorkerDied" else "interrupted"
    return answer.status


def refusal(definitions: Iterable[Refusable]) -> str:
    """Return why definitions were refused."""
    refused = (each for each in definitions if each.outcome == "refused")
    return "; ".join(f"{each.name}: {each.reason}" for each in refused)


def _evaluation(change: Change, texts: Texts, cause: Cause, *, careful: bool) -> EvaluateRequest:
    now = None if change.file is None else texts(change.file)
    standing = standing_of(change, texts)
    stands = standing is not None and standing.stands
    line, column = standing.place if standing is not None else (change.line, change.column)
    return EvaluateRequest(
        text=change.text or "",
        file=change.file,
        line=line,
        column=column,
        document=now if (stands or change.detached) and now is not None else change.document,
        detached=change.detached,
        guard=change.guard,
        inside=None if change.frame is None else InFrame(change.frame),
        careful=careful,
        cause=cause,
    )


def _resumption(change: Change, cause: Cause) -> ResumeRequest:
    """Return the request that has what a replay holds go on as it did the first time."""
    action: Any = change.action or "abandon"
    at = change.frame or 0, change.text, change.at_line
    return ResumeRequest(action, *at, document=change.document, cause=cause)


def _redefinition(change: Change, texts: Texts, cause: Cause, *, careful: bool) -> RedefineRequest:
    file, document, line = change.file or "", change.document or "", change.at_line
    standing = standing_of(change, texts)
    if standing is not None and standing.stands:
        document = texts(file) or document
        line = None if line is None else standing.place[0]
    unasked = change.unasked or (careful and change.name is None)
    return RedefineRequest(
        file, document, change.name, line, change.others, unasked, cause, change.action is not None
    )
