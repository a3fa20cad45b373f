"""Which definitions the running processes hold, as last heard, against the open documents.

Editors ask for lenses while the user types and must not wait for a process, so the answer is
always what is known, and whoever shows it is told when something else becomes known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from relive.lsp.documents import Document, Documents
from relive.lsp.sessions import FolderSession, Sessions
from relive.session.answers import LiveDefinitions
from relive.source.definitions import Definition

State = Literal["in sync", "edited", "not loaded"]


class Image:
    """The live definitions of the open documents."""

    def __init__(self, sessions: Sessions, documents: Documents) -> None:
        self._sessions = sessions
        self._documents = documents
        self._live: dict[str, LiveDefinitions | None] = {}
        """By file; None or absent: not loaded."""
        self._outdated: set[FolderSession] = set()
        self._asking: dict[FolderSession, asyncio.Task[None]] = {}
        self.on_change: Callable[[], None] = lambda: None
        """Is called when an answer may be another than before."""

    def is_loaded(self, document: Document) -> bool:
        """Whether the document's module exists in its process."""
        return self._live.get(document.file) is not None

    def state(self, document: Document, definition: Definition) -> State:
        """Compare a definition of the document with the live one of its name."""
        live = self._live.get(document.file)
        marks = None if live is None else live.fingerprints.get(definition.name)
        if not marks:
            return "not loaded"
        return "in sync" if definition.fingerprint in marks else "edited"

    def is_patched(self, document: Document, definition: Definition) -> bool:
        """Whether what runs is not what the process loaded, in a file outside the workspace."""
        live = self._live.get(document.file)
        return live is not None and definition.name in live.patched

    def refresh_soon(self, session: FolderSession) -> None:
        """Have `session` asked anew about its documents."""
        self._outdated.add(session)
        if session not in self._asking:
            self._asking[session] = asyncio.ensure_future(self._ask(session))

    def forget(self, session: FolderSession) -> None:
        """Take it that the process of `session` holds nothing: it has ended, or is a new one.

        It is not asked. A new one would answer from the midst of its first evaluation.
        """
        if session in self._asking:
            self._outdated.add(session)  # what is being heard may be of the process before
        self._learn(dict.fromkeys(self._files_of(session)))

    async def _ask(self, session: FolderSession) -> None:
        try:
            while session in self._outdated:
                self._outdated.discard(session)
                await self._refresh(session)
        finally:
            # At once, and not by a callback of the task: what is outdated in between would wait.
            del self._asking[session]

    async def _refresh(self, session: FolderSession) -> None:
        self._learn({file: await session.definitions(file) for file in self._files_of(session)})

    def _learn(self, heard: dict[str, LiveDefinitions | None]) -> None:
        if any(self._live.get(file) != live for file, live in heard.items()):
            self._live.update(heard)
            self.on_change()

    def _files_of(self, session: FolderSession) -> list[str]:
        return [
            document.file
            for document in self._documents.all()
            if self._sessions.existing(document.uri) is session
        ]
