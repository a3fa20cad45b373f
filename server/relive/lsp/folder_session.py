"""The session of one workspace folder, as one connection has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from lsprotocol.types import WorkspaceFolder

from relive.changelog.history import History
from relive.changelog.log import ChangeLog
from relive.lsp.configuration import Configuration, Startup
from relive.lsp.documents import Document, file_of
from relive.lsp.edited import Edited
from relive.lsp.evaluated_places import EvaluatedPlaces
from relive.lsp.result_places import ResultPlaces
from relive.lsp.shared import Asked, SharedSession
from relive.lsp.standing_results import StandingResults
from relive.lsp.startup_protocol import StartupParams
from relive.session.answers import Evaluation, SessionInfo
from relive.session.capturing import Captured
from relive.session.definition_answers import (
    LiveDefinitions,
    Patches,
    Redefinition,
    RunningFile,
    Undo,
)
from relive.session.events import Event, StateChanged
from relive.session.holds import HeldFrame, Hold, Refused, ResumePoint
from relive.session.replay import Replaying
from relive.session.requests import (
    EvaluateRequest,
    InputRequest,
    RedefineRequest,
    Reply,
    ResumeRequest,
    RevertRequest,
    UndoRequest,
)
from relive.session.rewinds import RewindOffer, RewoundSession
from relive.session.staleness import Staleness
from relive.session.testing import RunTests, TestResult, TestsRun
from relive.session.timeline import Step
from relive.session.trying import Tried, TryRequest
from relive.session.values import Gone, NoView
from relive.session.viewing import View
from relive.session.wishes import Wishes

T = TypeVar("T")


class Elsewhere(Protocol):
    """Is told what other connections ask for."""

    def asked(self, session: FolderSession, asked: Asked) -> None:
        """Take note that one has asked for an evaluation."""

    def opened(self, session: FolderSession, document: Document) -> None:
        """Look for what they have asked for in a document that is open by now."""

    def answered(self, session: FolderSession, answer: Evaluation) -> None:
        """Take note of how that ended."""


class Owner(Protocol):
    """The sessions of the connection."""

    connection: int
    is_console: bool
    elsewhere: Elsewhere
    ask: Callable[[FolderSession, InputRequest, Reply], None]
    allow: Callable[[StartupParams, Callable[[bool], None]], None]

    @property
    def startup(self) -> Startup:
        """Whether the connection has start-up code run."""

    def tell(self, session: FolderSession, event: Event) -> None:
        """Tell whoever listens."""


class FolderSession:
    """The session of a workspace folder as a connection has it; answers are futures of the loop."""

    def __init__(self, folder: WorkspaceFolder | None, shared: SharedSession, owner: Owner) -> None:
        self.folder = None if folder is None else folder.uri
        """The folder's URI; None when no folder is open."""
        self._shared = shared
        self._session = shared.session
        self._owner = owner
        self.connection, self.is_console = owner.connection, owner.is_console
        self.results = ResultPlaces()
        """Where the statements stand, in the connection's documents, whose results were shown."""
        self.edited = Edited()
        """What the process has otherwise than it was loaded with."""
        self.evaluated = EvaluatedPlaces()
        """Where the code stands that was evaluated."""
        self.history = None if folder is None else History(file_of(folder.uri))
        """What was recorded in the folder; None: nowhere is a place for it."""

    @property
    def replaying(self) -> Replaying[Any] | None:
        """The replay that is under way."""
        return self._session.replaying

    @replaying.setter
    def replaying(self, replaying: Replaying[Any] | None) -> None:
        self._session.replaying = replaying

    @property
    def log(self) -> ChangeLog | None:
        """Where what runs is recorded; None: nowhere."""
        return self._session.log

    @property
    def log_id(self) -> str | None:
        """The id of this session in the log."""
        return None if self.log is None else self.log.id

    @property
    def staleness(self) -> Staleness:
        """Which results are true."""
        return self._session.truth.staleness

    @property
    def info(self) -> SessionInfo:
        """The session's state; for a connection that has it no more there is no process."""
        info = self._session.info()
        return info if self in self._shared.members else replace(info, state="idle", pid=None)

    def evaluate(self, request: EvaluateRequest, done: Callable[[Evaluation], None]) -> int:
        """Queue an evaluation, return its id; `done` may be called before this returns."""
        return self._shared.evaluate(self, request, done)

    @property
    def startup(self) -> Startup:
        """Whether the connection has start-up code run."""
        return self._owner.startup

    def allow(self, params: StartupParams, allowed: Callable[[bool], None]) -> None:
        """See Member."""
        self._owner.allow(params, allowed)

    @property
    def standing(self) -> StandingResults:
        """What statements of files gave last, whoever asked for it."""
        return self._shared.standing

    # -- with other connections ------------------------------------------------------------------

    @property
    def leads(self) -> bool:
        """Whether this connection is the one that does what nobody asks for."""
        return self._shared.lead is self

    @property
    def is_shared(self) -> bool:
        """Whether other connections have it too."""
        return len(self._shared.members) > 1

    def tell(self, event: Event) -> None:
        """See Member."""
        self._owner.tell(self, event)

    def ask(self, request: InputRequest, reply: Reply) -> None:
        """See Member."""
        self._owner.ask(self, request, reply)

    def asked_elsewhere(self, asked: Asked) -> None:
        """See Member."""
        self._owner.elsewhere.asked(self, asked)

    def answered_elsewhere(self, answer: Evaluation) -> None:
        """See Member."""
        self._owner.elsewhere.answered(self, answer)

    def look_again(self) -> None:
        """See Member."""
        self.tell(StateChanged(self.info))

    def leave(self) -> None:
        """Have it no more; what was asked for goes on."""
        self._shared.leave(self)
        self.look_again()

    # -- answers ---------------------------------------------------------------------------------

    @property
    def holds(self) -> tuple[Hold, ...]:
        """What is held, the innermost first."""
        return self._session.holds.all

    def hold(self, number: int | None) -> Hold | None:
        """Return what is held under a number; None: the innermost."""
        return self._session.holds.find(number)

    def resume(self, request: ResumeRequest, done: Callable[[Evaluation | Refused], None]) -> None:
        """Have what is held go on; `done` may be called before this returns."""
        hold = self.hold(request.hold)
        evaluation = None if hold is None or hold.thread else hold.evaluation
        self._shared.resume(self, evaluation, request, done)

    async def rewind(self, evaluation: int | None) -> RewoundSession:
        """Go back to before an evaluation, or the last one.

        Raises:
            CannotRewindError: it cannot be done.
        """
        return await _answer(lambda done: self._session.submit_rewind(evaluation, done))

    def rewind_offer(self, evaluation: int | None) -> RewindOffer:
        """Return what that would do; raises as it does."""
        return self._session.rewind_offer(evaluation)

    def recovered(self, entries: Iterable[str]) -> None:
        """Note that entries have run again."""
        self._session.recovered(entries)

    def steps(self) -> list[Step]:
        """Return what has led to the state of the process, in its order."""
        return self._session.steps()

    @property
    def has_all_steps(self) -> bool:
        """Whether those go back to the process's start."""
        return self._session.has_all_steps

    async def frames(self) -> tuple[HeldFrame, ...]:
        """Return the frames of all that is held, with their values."""
        return await _answer(self._session.submit_frames)

    async def resume_point(self, request: ResumeRequest) -> ResumePoint | Refused:
        """Return where a frame would go on."""
        return await _answer(lambda done: self._session.submit_resume_point(request, done))

    async def redefine(self, request: RedefineRequest) -> Redefinition:
        """Redefine and return the receipt."""
        return await _answer(lambda done: self._session.submit_redefine(request, done))

    async def definitions(
        self, files: list[str] | None, known: Mapping[str, LiveDefinitions]
    ) -> dict[str, LiveDefinitions]:
        """Return what the process holds of those of `files` that are loaded; None: of all own.

        `known` is what was heard last.
        """
        return await _answer(lambda done: self._session.submit_definitions(files, known, done))

    async def loaded(self, files: list[str] | None) -> list[str]:
        """Return which of `files` have modules, or with None all files that have."""
        answer: list[str] | None = await _answer(
            lambda done: self._session.submit_loaded(files, done)
        )
        return answer or []

    async def patches(self) -> Patches:
        """Return what is patched in the process."""
        return await _answer(self._session.submit_patches)

    async def revert(self, request: RevertRequest) -> Redefinition:
        """Bring patches back to what was loaded, and return the receipt."""
        return await _answer(lambda done: self._session.submit_revert(request, done))

    async def undo(self, request: UndoRequest) -> Undo:
        """Undo the last step that changed definitions, and return the receipt."""
        return await _answer(lambda done: self._session.submit_undo(request, done))

    async def running(self, file: str | None) -> tuple[RunningFile, ...]:
        """Return what runs of `file`, or of all files of the workspace, as far as loaded."""
        return await _answer(lambda done: self._session.submit_running(file, done))

    async def try_examples(self, request: TryRequest) -> Tried:
        """Try examples in the process, if there is one."""
        return await _answer(lambda done: self._session.submit_try(request, done))

    @property
    def wishes(self) -> Wishes:
        """The functions whose calls are to be kept."""
        return self._session.wishes

    async def capture(self, file: str, name: str, keep: int) -> Captured:
        """Have a function's calls kept; return all that are."""
        return await _answer(lambda done: self._session.submit_capture(file, name, keep, done))

    async def stop_capturing(self, file: str | None, name: str | None) -> Captured:
        """Keep those calls no more; return what is kept then."""
        return await _answer(lambda done: self._session.submit_stop_capturing(file, name, done))

    async def captured(self) -> Captured:
        """Return the calls that are kept."""
        return await _answer(self._session.submit_captured)

    async def view(self, view: View[T]) -> T | Gone | NoView:
        """Ask about a value; one who stops waiting has the question given up."""
        asked: list[int] = []
        try:
            return await _answer(lambda done: asked.append(self._session.submit_view(view, done)))
        except asyncio.CancelledError:
            self._session.give_up(asked[0])
            raise

    async def run_tests(
        self, request: RunTests, heard: Callable[[TestResult], None], begun: Callable[[int], None]
    ) -> TestsRun:
        """Run tests; `begun` is told the number to stop them by."""
        return await _answer(lambda done: begun(self._session.submit_tests(request, heard, done)))

    def stop_tests(self, number: int) -> None:
        """Have a run of tests end."""
        self._session.stop_tests(number)

    async def restart(self) -> SessionInfo:
        """Replace the worker and return the state once the new one is ready."""
        return await _answer(self._session.begin_restart)

    def stop(self) -> SessionInfo:
        """End the worker, and return the session's state."""
        self._session.begin_stop()
        return self.info

    def forget_kept(self) -> int:
        """Remove the values that forms of the folder have stored; return how many there were."""
        return self._session.forget_kept()

    def interrupt(self, evaluation: int | None, terminate: bool) -> bool:
        """Stop what runs, or one evaluation, or the process with it; whether there was anything."""
        stop = self._session.terminate if terminate else self._session.interrupt
        return stop(evaluation)

    def choose(self, configuration: Configuration) -> None:
        """Have the next process begin in the interpreter that is chosen; what runs goes on."""
        folder = None if self.folder is None else file_of(self.folder)
        self._session.choose(configuration.interpreter_of(folder))

    def configure(self, configuration: Configuration) -> None:
        """Apply the settings from the next evaluation on."""
        self._session.settings = configuration.session
        if self.log is not None and configuration.logs:
            self.log.policy = configuration.log
        elif (self.log is not None) != configuration.logs:
            self._session.log = new_log(self.folder, configuration)


def new_log(folder: str | None, configuration: Configuration) -> ChangeLog | None:
    """Return the log of a new session; what is in no folder has no place for one."""
    if folder is None or not configuration.logs:
        return None
    return ChangeLog(file_of(folder), configuration.log)


async def _answer(begin: Callable[[Callable[[T], None]], None]) -> T:
    """Return what `begin` calls back with; for one who no longer waits it is dropped."""
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def done(answer: T) -> None:
        if not future.done():
            future.set_result(answer)

    begin(done)
    return await future
