"""What the running processes hold of files, as last heard.

Editors ask while the user types and must not wait for a process, so the answer is always what is
known, and whoever shows it is told when something else becomes known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from relive.lsp.documents import Document, Documents
from relive.lsp.folder_session import FolderSession
from relive.lsp.sessions import Sessions
from relive.session.definition_answers import LiveDefinitions
from relive.source.definitions import Definition

_GATHER_S = 0.1
"""While one evaluation follows the other, that often is enough."""

Listener = Callable[[set[str]], None]
"""Is told the files of which something else is known."""

_ASKED_AGAIN_S = 2.0
"""An old body that is under way ends without anybody saying so. Nothing is asked without one."""


class Image:
    """The live definitions of open documents, and of files that are followed besides."""

    def __init__(self, sessions: Sessions, documents: Documents) -> None:
        self._sessions = sessions
        self._documents = documents
        self._live: dict[str, LiveDefinitions | None] = {}
        """By file; None or absent: not loaded."""
        self._followed: dict[FolderSession, set[str]] = {}
        """Files that are asked about though they may not be open."""
        self._all_wanted: set[FolderSession] = set()
        """Sessions whose every file of the workspace is to be followed."""
        self._outdated: set[FolderSession] = set()
        self._closed_too: set[FolderSession] = set()
        """Of them those in which files that are not open may have changed."""
        self._asking: dict[FolderSession, asyncio.Task[None]] = {}
        self._asked_s: dict[FolderSession, float] = {}
        """When each was asked last, by the loop's clock."""
        self._in_a_while: dict[FolderSession, asyncio.TimerHandle] = {}
        self._again: dict[FolderSession, asyncio.TimerHandle] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Have `listener` called when an answer may be another than before."""
        self._listeners.append(listener)

    def live(self, file: str) -> LiveDefinitions | None:
        """Return what the process holds of a file; None: it is not loaded, or not known to be."""
        return self._live.get(file)

    def is_loaded(self, document: Document) -> bool:
        """Whether the document's module exists in its process."""
        return self._live.get(document.file) is not None

    def is_patched(self, document: Document, definition: Definition) -> bool:
        """Whether what runs is not what the process loaded, in a file outside the workspace."""
        live = self._live.get(document.file)
        return live is not None and definition.name in live.patched

    def loaded(self) -> list[str]:
        """Return the files that are known to be loaded, open or not."""
        return [file for file, live in self._live.items() if live is not None]

    def refresh_soon(self, session: FolderSession) -> None:
        """Have `session` asked anew about its documents, and the other files that are followed."""
        self._closed_too.add(session)
        self._refresh_open(session)

    def refresh_after_evaluation(self, session: FolderSession) -> None:
        """Do so for its open documents, but not for each of many evaluations in a row."""
        loop = asyncio.get_running_loop()
        since = loop.time() - self._asked_s.get(session, -_GATHER_S)
        if since >= _GATHER_S:
            self._refresh_open(session)
        elif session not in self._in_a_while:
            later = loop.call_later(_GATHER_S - since, self._refresh_now, session)
            self._in_a_while[session] = later

    def _refresh_now(self, session: FolderSession) -> None:
        del self._in_a_while[session]
        if session.info.pid is not None:
            self._refresh_open(session)

    def _refresh_open(self, session: FolderSession) -> None:
        self._asked_s[session] = asyncio.get_running_loop().time()
        self._outdated.add(session)
        if session not in self._asking:
            self._asking[session] = asyncio.ensure_future(self._ask(session))

    def follow_all_soon(self, session: FolderSession) -> None:
        """Ask about all files of the workspace that are loaded, and follow them from now on."""
        self._all_wanted.add(session)
        self.refresh_soon(session)

    def forget(self, session: FolderSession) -> None:
        """Take it that the process of `session` holds nothing: it has ended, or is a new one.

        It is not asked. A new one would answer from the midst of its first evaluation.
        """
        if session in self._asking:
            self._outdated.add(session)  # what is being heard may be of the process before
        self._learn(dict.fromkeys(self._files_of(session)))
        self._followed.pop(session, None)

    async def _ask(self, session: FolderSession) -> None:
        try:
            while session in self._outdated:
                self._outdated.discard(session)
                await self._refresh(session)
        finally:
            # At once, and not by a callback of the task: what is outdated in between would wait.
            del self._asking[session]

    async def _refresh(self, session: FolderSession) -> None:
        if session in self._all_wanted:
            self._all_wanted.discard(session)
            self._followed.setdefault(session, set()).update(await session.definitions(None, {}))
        files = self._files_of(session, only_open=session not in self._closed_too)
        self._closed_too.discard(session)
        known = {file: live for file in files if (live := self._live.get(file)) is not None}
        heard = await session.definitions(files, known)
        self._learn({file: heard.get(file) for file in files})
        if any(live.running for live in heard.values()):
            self._ask_again(session)

    def _ask_again(self, session: FolderSession) -> None:
        if session not in self._again:
            loop = asyncio.get_running_loop()
            self._again[session] = loop.call_later(_ASKED_AGAIN_S, self._ask_now, session)

    def _ask_now(self, session: FolderSession) -> None:
        del self._again[session]
        if session.info.pid is not None:
            self.refresh_soon(session)

    def _learn(self, heard: dict[str, LiveDefinitions | None]) -> None:
        news = {file for file, live in heard.items() if self._live.get(file) != live}
        self._live.update(heard)
        if news:
            for listener in self._listeners:
                listener(news)

    def _files_of(self, session: FolderSession, *, only_open: bool = False) -> list[str]:
        """Return the session's open documents, and the files of which anything was known."""
        opened = [
            document.file
            for document in self._documents.all()
            if self._sessions.existing(document.uri) is session
        ]
        followed = self._followed.setdefault(session, set())
        followed.update(opened)
        return opened if only_open else list(followed)
