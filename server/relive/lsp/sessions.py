"""The sessions of one connection: one for each workspace folder, made when it is first needed.

They belong to the process (`registry.py`) and outlive whatever asked for them, up to its end.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from lsprotocol.types import WorkspaceFolder

from relive.lsp.configuration import Configuration, Startup
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import Elsewhere, FolderSession, new_log
from relive.lsp.registry import Key, Registry
from relive.lsp.shared import SharedSession
from relive.lsp.startup import FolderStartup
from relive.lsp.startup_protocol import StartupParams
from relive.session.events import Event
from relive.session.requests import (
    InputRequest,
    Reply,
)
from relive.session.session import Session

Listener = Callable[[FolderSession, Event], None]
Ask = Callable[[FolderSession, InputRequest, Reply], None]


class Sessions:
    """Finds and makes the sessions of one connection."""

    def __init__(self, configuration: Configuration, registry: Registry) -> None:
        self._configuration = configuration
        self._registry = registry
        self.connection = registry.number()
        """The number of the connection."""
        self.is_console = False
        """Whether its user has no files open there."""
        self._folders: dict[str, WorkspaceFolder] = {}
        self._sessions: dict[Key, FolderSession] = {}
        self._recent: FolderSession | None = None
        self._listeners: dict[type, list[Listener]] = {}
        """By the kind of event."""
        self._has_entered = self._has_left = False
        self.ask: Ask = _end_of_file
        """Gives user code its lines of input."""
        self.allow: Callable[[StartupParams, Callable[[bool], None]], None] = _refuse
        """Asks the user whether start-up code runs."""
        self.elsewhere: Elsewhere
        """Set by the feature that runs code."""
        self.on_folder: Callable[[WorkspaceFolder], None] = lambda folder: None
        """Is told of each folder that is opened."""

    def listen(self, listener: Listener, *kinds: type) -> None:
        """Have `listener` told of such events in the sessions, those made later too."""
        for kind in kinds:
            self._listeners.setdefault(kind, []).append(listener)

    def tell(self, session: FolderSession, event: Event) -> None:
        """Tell the listeners what has happened."""
        for listener in self._listeners.get(type(event), ()):
            listener(session, event)

    @property
    def startup(self) -> Startup:
        """Whether the connection has start-up code run."""
        return self._configuration.startup

    # -- folders ---------------------------------------------------------------------------------

    def folders(self) -> list[WorkspaceFolder]:
        """Return the folders that are open."""
        return list(self._folders.values())

    def paths(self) -> list[str]:
        """See Connected."""
        return list(self._folders)

    def add_folder(self, folder: WorkspaceFolder) -> None:
        """Take note that `folder` is open."""
        path = file_of(folder.uri)
        self._folders[path] = folder
        shared = self._registry.find(path)
        if shared is not None and self._has_entered:
            self.join(path, shared)
        self._registry.changed()
        self.on_folder(folder)

    def remove_folder(self, folder: WorkspaceFolder) -> None:
        """Let go of the session of a folder that was closed, which ends if nobody else has it."""
        if self._has_left:  # the client's last words are still being worked through
            return
        path = file_of(folder.uri)
        self._folders.pop(path, None)
        session = self._sessions.pop(path, None)
        if session is not None:
            is_shared = session.is_shared
            session.leave()
            if not is_shared:
                self._registry.drop(path)
        self._registry.changed()
        if session is self._recent:
            self._recent = None

    # -- sessions --------------------------------------------------------------------------------

    def of_folder(self, folder: WorkspaceFolder) -> FolderSession | None:
        """Return the session of a folder, if there is one yet."""
        return self._sessions.get(file_of(folder.uri))

    def of_document(self, uri: str) -> FolderSession:
        """Return the session that code of the document runs in."""
        key = self._folder_of(uri)
        if key not in self._sessions:
            if self._has_left:
                raise RefusedError("The connection has ended.")
            shared = self._registry.find(key)
            if shared is None:
                self._make(key, self._working_folder(key, uri))
            else:
                self.join(key, shared)
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

    # -- with other connections ------------------------------------------------------------------

    def enter(self) -> None:
        """Have the sessions there are already of the folders that are open, and those to come."""
        self._has_entered = True
        self._registry.enter(self)
        self._registry.changed()

    def leave(self) -> None:
        """Let go of all sessions: the connection has ended, and they go on."""
        self._has_left = True
        self._registry.leave(self)
        for session in self.all():
            session.leave()
        self._registry.changed()

    def has(self, key: Key) -> bool:
        """See Connected."""
        return key in self._folders or (key is None and not self._folders)

    def join(self, key: Key, shared: SharedSession) -> None:
        """See Connected."""
        if key in self._sessions or self._has_left:
            return
        self._have(key, shared).look_again()

    def _make(self, key: Key, cwd: Path) -> None:
        shared = SharedSession()
        session = Session(
            self._configuration.interpreter_of(key),
            cwd,
            settings=self._configuration.session,
            listener=shared.heard,
            ask=shared.ask,
            log=new_log(None if key is None else self._folders[key].uri, self._configuration),
        )
        if key is not None:
            session.startup = FolderStartup(key, shared)
        session.attach(asyncio.get_running_loop())
        shared.start_with(session)
        self._have(key, shared)
        self._registry.add(key, shared)

    def _have(self, key: Key, shared: SharedSession) -> FolderSession:
        folder = None if key is None else self._folders[key]
        session = self._sessions[key] = FolderSession(folder, shared, self)
        shared.join(session)
        return session

    def _folder_of(self, uri: str) -> str | None:
        """Return the innermost folder around the document, or for one outside all the first."""
        file = file_of(uri)
        around = [folder for folder in self._folders if _is_in(file, folder)]
        return max(around, key=len, default=next(iter(self._folders), None))

    def _working_folder(self, folder: str | None, uri: str) -> Path:
        document = Path(file_of(uri))
        in_file = document.is_absolute() and document.parent.is_dir()
        if in_file and (folder is None or self._configuration.working_folder == "fileDirectory"):
            return document.parent
        # Not the daemon's own working folder: editors start it anywhere.
        return Path.home() if folder is None else Path(folder)


def _refuse(_params: StartupParams, allowed: Callable[[bool], None]) -> None:
    allowed(False)


def _is_in(file: str, folder: str) -> bool:
    return file == folder or file.startswith(folder.rstrip(os.sep) + os.sep)


def _end_of_file(_session: FolderSession, _request: InputRequest, reply: Reply) -> None:
    reply(None)
