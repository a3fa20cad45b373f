"""The sessions: one for each workspace folder, made when a command first needs it.

They belong to the daemon and outlive whatever asked for them, up to the end of the daemon.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol.types import WorkspaceFolder

from relive.changelog.history import History
from relive.changelog.log import ChangeLog
from relive.lsp.configuration import Configuration
from relive.lsp.documents import file_of
from relive.lsp.result_places import ResultPlaces
from relive.session.answers import (
    Evaluation,
    LiveDefinitions,
    Patches,
    Redefinition,
    RunningFile,
    SessionInfo,
    Undo,
)
from relive.session.events import Event, StateChanged
from relive.session.replay import Replaying
from relive.session.requests import (
    EvaluateRequest,
    InputRequest,
    RedefineRequest,
    Reply,
    RevertRequest,
    UndoRequest,
)
from relive.session.session import Session
from relive.session.staleness import Staleness
from relive.session.testing import RunTests, TestResult, TestsRun
from relive.session.trying import Tried, TryRequest
from relive.session.values import Gone, NoView
from relive.session.viewing import View

T = TypeVar("T")


class FolderSession:
    """The session of one workspace folder, its answers as futures of the event loop."""

    def __init__(self, folder: WorkspaceFolder | None, session: Session) -> None:
        self.folder = None if folder is None else folder.uri
        """The folder's URI; None when no folder is open."""
        self._session = session
        self.results = session.truth.staleness.places = ResultPlaces()
        """Where the statements stand whose results were shown."""
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
        """The session's state."""
        return self._session.info()

    def evaluate(self, request: EvaluateRequest, done: Callable[[Evaluation], None]) -> int:
        """Queue an evaluation, return its id; `done` may be called before this returns."""
        return self._session.submit(request, done)

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

    def configure(self, configuration: Configuration) -> None:
        """Apply the settings from the next evaluation on."""
        self._session.settings = configuration.session
        if self.log is not None and configuration.logs:
            self.log.policy = configuration.log
        elif (self.log is not None) != configuration.logs:
            self._session.log = _new_log(self.folder, configuration)

    def begin_close(self) -> None:
        """Have the worker end."""
        self._session.begin_close()

    def close(self) -> None:
        """End the worker, and wait until it has ended."""
        self._session.close()


Listener = Callable[[FolderSession, Event], None]
Ask = Callable[[FolderSession, InputRequest, Reply], None]


class Sessions:
    """Finds and makes sessions."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._folders: dict[str, WorkspaceFolder] = {}
        self._sessions: dict[str | None, FolderSession] = {}
        """By the folder's path; None for what is in no folder when none is open."""
        self._recent: FolderSession | None = None
        self._listeners: list[Listener] = []
        self.ask: Ask = _end_of_file
        """Gives user code its lines of input."""
        self.on_folder: Callable[[WorkspaceFolder], None] = lambda folder: None
        """Is told of each folder that is opened."""

    def listen(self, listener: Listener) -> None:
        """Have `listener` told what happens in the sessions, those made later too."""
        self._listeners.append(listener)

    def folders(self) -> list[WorkspaceFolder]:
        """Return the folders that are open."""
        return list(self._folders.values())

    def of_folder(self, folder: WorkspaceFolder) -> FolderSession | None:
        """Return the session of a folder, if there is one yet."""
        return self._sessions.get(file_of(folder.uri))

    def add_folder(self, folder: WorkspaceFolder) -> None:
        """Take note that `folder` is open."""
        self._folders[file_of(folder.uri)] = folder
        self.on_folder(folder)

    def remove_folder(self, folder: WorkspaceFolder) -> None:
        """End the session of a folder that was closed: nothing could reach it any more."""
        path = file_of(folder.uri)
        self._folders.pop(path, None)
        session = self._sessions.pop(path, None)
        if session is not None:
            session.begin_close()
            self._tell(session, StateChanged(session.info))
        if session is self._recent:
            self._recent = None

    def of_document(self, uri: str) -> FolderSession:
        """Return the session that code of the document runs in."""
        key = self._folder_of(uri)
        if key not in self._sessions:
            self._sessions[key] = self._make(key, self._working_folder(key, uri))
        self._recent = self._sessions[key]
        return self._recent

    def existing(self, uri: str) -> FolderSession | None:
        """Return the session of the document if there is one yet."""
        return self._sessions.get(self._folder_of(uri))

    def chosen(self, uri: str | None) -> FolderSession:
        """Return the session of the document, or without one the session used last."""
        if uri is None and self._recent is not None:
            return self._recent
        return self.of_document(uri or "")

    def all(self) -> list[FolderSession]:
        """Return the sessions made so far."""
        return list(self._sessions.values())

    def close(self) -> None:
        """End all sessions, side by side, and wait until their workers have ended."""
        for session in self.all():
            session.begin_close()
        for session in self.all():
            session.close()

    def _make(self, key: str | None, cwd: Path) -> FolderSession:
        session = Session(
            self._configuration.interpreter,
            cwd,
            settings=self._configuration.session,
            listener=lambda event: self._tell(made, event),
            ask=lambda request, reply: self.ask(made, request, reply),
            log=_new_log(None if key is None else self._folders[key].uri, self._configuration),
        )
        session.attach(asyncio.get_running_loop())
        made = FolderSession(None if key is None else self._folders[key], session)
        return made

    def _tell(self, session: FolderSession, event: Event) -> None:
        for listener in self._listeners:
            listener(session, event)

    def _folder_of(self, uri: str) -> str | None:
        """Return the innermost folder around the document, or for one outside all the first."""
        path = Path(file_of(uri))
        around = [folder for folder in self._folders if path.is_relative_to(folder)]
        return max(around, key=len, default=next(iter(self._folders), None))

    def _working_folder(self, folder: str | None, uri: str) -> Path:
        document = Path(file_of(uri))
        in_file = document.is_absolute() and document.parent.is_dir()
        if in_file and (folder is None or self._configuration.working_folder == "fileDirectory"):
            return document.parent
        # Not the daemon's own working folder: editors start it anywhere.
        return Path.home() if folder is None else Path(folder)


def _new_log(folder: str | None, configuration: Configuration) -> ChangeLog | None:
    """Return the log of a new session; what is in no folder has no place for one."""
    if folder is None or not configuration.logs:
        return None
    return ChangeLog(file_of(folder), configuration.log)


def _end_of_file(_session: FolderSession, _request: InputRequest, reply: Reply) -> None:
    reply(None)


async def _answer(begin: Callable[[Callable[[T], None]], None]) -> T:
    """Return what `begin` calls back with; for one who no longer waits it is dropped."""
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def done(answer: T) -> None:
        if not future.done():
            future.set_result(answer)

    begin(done)
    return await future
