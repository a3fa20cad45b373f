"""What a session tells its change log: each request before it runs, and its one outcome after.

Where nothing is logged, everything here does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from relive.changelog.entries import Change, Defined, Outcome, Status
from relive.changelog.log import ChangeLog, Ending
from relive.changelog.syncing import Driver
from relive.session.answers import Error, Evaluation, LogInfo, file_path, file_uri
from relive.session.definition_answers import DefinitionChange, Redefinition
from relive.session.requests import (
    EvaluateRequest,
    InCall,
    InFrame,
    RedefineRequest,
    ResumeRequest,
    RevertRequest,
    UndoRequest,
)

Answer = TypeVar("Answer", Evaluation, Redefinition)

_LEAVES_NEW = "leave new"
_ERROR_LENGTH = 300
"""Characters of an error's one line."""
_DEFINITIONS = 200
"""Definitions of one change that are told."""


class Recorded:
    """A request in the log. It is given to the worker once it is as safe there as it is to be."""

    def __init__(self, log: ChangeLog | None = None, number: int = 0) -> None:
        self.is_safe = log is None
        self._log = log
        self._number = number
        self._passed = 0
        self._problem: str | None = None

    @property
    def entry(self) -> str | None:
        """The id of the entry; None: it is not in the log."""
        return f"{self._log.id}:{self._number}" if self._log is not None and self._number else None

    def wait(self, proceed: Callable[[], None]) -> None:
        """Call `proceed` when it is safe, or when it is known that it will not be."""

        def decided(problem: str | None) -> None:
            self.is_safe, self._problem = True, problem
            proceed()

        if self._log is None:
            proceed()
        else:
            self._log.when_safe(self._number, decided)

    def passes(self, other: Recorded) -> None:
        """Note that it is done before another one, which was recorded earlier and waits."""
        self._passed = other._number

    def noted(self) -> None:
        """Record that it has been done: the session itself does it, and not its worker."""
        self._end("ok", True, None, 0.0)

    def evaluated(self, answer: Evaluation, *, begun: bool) -> Evaluation:
        """Record what came of an evaluation; return it with whether that is in the log."""
        self._end(
            answer.status, begun, answer.error, answer.duration_ms, module=answer.module or None
        )
        return self._told(answer)

    def refused(self, reason: str, ms: float, *, begun: bool) -> None:
        """Record that what is held did not go on."""
        self._end("refused", begun, Error("Refused", reason), ms)

    def changed(
        self, answer: Redefinition, ms: float, files: Mapping[str, str], *, begun: bool
    ) -> Redefinition:
        """Record what came of a change of the image; `files` are those that texts were given of."""
        died = answer.error is not None and answer.error.type == "WorkerDied"
        status: Status = "died" if died else answer.status
        paths = {file_uri(file): file for file in files}
        definitions = tuple(_defined(each, paths) for each in answer.changes)
        self._end(status, begun, answer.error, ms, definitions=definitions[:_DEFINITIONS])
        return self._told(answer)

    def _end(
        self,
        status: Status,
        begun: bool,
        error: Error | None,
        ms: float,
        *,
        module: str | None = None,
        definitions: tuple[Defined, ...] = (),
    ) -> None:
        if self._log is not None:
            outcome = Outcome(
                status if begun else "cancelled",
                ms,
                None if error is None else _in_one_line(error),
                module,
                definitions,
                self._passed,
            )
            self._log.outcome(self._number, outcome)

    def _told(self, answer: Answer) -> Answer:
        return answer if self._problem is None else replace(answer, not_logged=self._problem)


NOT_RECORDED = Recorded()


class Recording:
    """The change log of a session, as the session sees it."""

    def __init__(self, log: ChangeLog | None, interpreter: Callable[[], str]) -> None:
        self.log = log
        self._interpreter = interpreter
        self._lives = False
        self._driver: Driver | None = None
        self._left: list[ChangeLog] = []
        """Logs that nothing new is recorded in."""

    @property
    def info(self) -> LogInfo | None:
        """What the session's state says of its log."""
        return None if self.log is None else LogInfo(self.log.path, self.log.problem)

    def attach(self, driver: Driver) -> None:
        """Have the log call back on the session's thread."""
        self._driver = driver
        if self.log is not None:
            self.log.attach(driver)

    def use(self, log: ChangeLog | None) -> None:
        """Record in another log from now on, or in none; what runs has its outcome in the old."""
        self.end_life("closed", "logging was switched off")
        self._left += filter(None, (self.log,))
        self.log = log
        if log is not None and self._driver is not None:
            log.attach(self._driver)

    def begin(self, change: Change) -> Recorded:
        """Record what is to run next; with the first of a worker its life begins."""
        if self.log is None:
            return NOT_RECORDED
        if not self._lives:
            self._lives = True
            self.log.begin_life(self._interpreter())
        return Recorded(self.log, self.log.record(change))

    def end_life(self, how: Ending, reason: str | None = None) -> None:
        """Record that the worker has ended, if it was given anything."""
        if self._lives and self.log is not None:
            self._lives = False
            self.log.end_life(how, reason)

    def begin_close(self) -> None:
        """Record that the session has ended, and let go of the log's files."""
        self._left += filter(None, (self.log,))
        self.log = None
        for log in self._left:
            log.close()

    def wait(self) -> None:
        """Return when the log is as safe as it will be."""
        for log in self._left:
            log.wait()


def evaluation(request: EvaluateRequest) -> Change:
    """Return what is recorded of an evaluation."""
    return Change(
        kind="evaluate",
        file=request.file,
        text=request.text,
        line=request.line,
        column=request.column,
        document=request.document,
        detached=request.detached,
        guard=request.guard,
        inside=_inside(request.inside),
        frame=request.inside.frame if isinstance(request.inside, InFrame) else None,
        origin=request.cause.origin,
        of=request.cause.of,
    )


def redefinition(request: RedefineRequest) -> Change:
    """Return what is recorded of a redefinition."""
    return Change(
        kind="redefine",
        file=request.file,
        document=request.document,
        name=request.name,
        at_line=request.line,
        others=request.others,
        unasked=request.unasked,
        action=_LEAVES_NEW if request.leaves_new else None,
        origin=request.cause.origin,
        of=request.cause.of,
    )


def reversion(request: RevertRequest) -> Change:
    """Return what is recorded of bringing patches back."""
    cause = request.cause
    return Change("revert", request.file, name=request.name, origin=cause.origin, of=cause.of)


def undoing(request: UndoRequest, undone: str | None) -> Change:
    """Return what is recorded of an undo; `undone` is the entry of what it undoes."""
    return Change("undo", origin=request.cause.origin, of=request.cause.of or undone)


def resumption(request: ResumeRequest, file: str | None, held: str | None) -> Change:
    """Return what is recorded of what is held going on; `held` is the entry that is held."""
    return Change(
        "resume",
        file,
        text=request.value,
        at_line=request.line,
        document=request.document,
        frame=request.frame,
        action=request.action,
        origin=request.cause.origin,
        of=request.cause.of or held,
    )


def _inside(inside: InCall | InFrame | None) -> str | None:
    if inside is None:
        return None
    return "frame" if isinstance(inside, InFrame) else "call"


def _defined(change: DefinitionChange, paths: Mapping[str | None, str]) -> Defined:
    file = paths.get(change.uri) or file_path(change.uri) or ""
    return Defined(file, change.name, change.kind, change.outcome, change.before)


def _in_one_line(error: Error) -> str:
    line = " ".join(f"{error.type}: {error.message}".split("\n", 1)[0].split())
    return line[:_ERROR_LENGTH]
