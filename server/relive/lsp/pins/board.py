"""The pins and doctests of all files: tried when what they depend on changes, and told about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from relive.lsp import files, pin_protocol
from relive.lsp.configuration import Configuration
from relive.lsp.documents import Documents, file_of
from relive.lsp.folder_session import FolderSession
from relive.lsp.pins.book import Book, Item
from relive.lsp.pins.files import PinFolders
from relive.lsp.sessions import Sessions
from relive.session.answers import file_uri
from relive.session.events import Event, StateChanged, Touched
from relive.session.judging import judge
from relive.session.trying import TryRequest

_ENDED = "The process that gave it has ended."

_SOON_S = 0.02
"""Until what a change touches is looked for: its own answer is on its way before."""

Due = tuple[str, str]
"""An item that is to be tried: its source file, and its id."""
Tell = Callable[[Book], pin_protocol.FilePins]


class PinBoard:
    """Owns what is known of all items."""

    def __init__(
        self,
        sessions: Sessions,
        documents: Documents,
        configuration: Configuration,
        post: Callable[[str, Any], None],
        tell: Tell,
    ) -> None:
        self._sessions = sessions
        self._documents = documents
        self._configuration = configuration
        self._post = post
        self._tell = tell
        self._folders = PinFolders(sessions)
        self._books: dict[str, Book] = {}
        self._told: dict[str, pin_protocol.FilePins] = {}
        self._lives: dict[FolderSession, tuple[int, int | None]] = {}
        self._due: dict[FolderSession, dict[Due, None]] = {}
        self._trying: dict[FolderSession, asyncio.Task[None]] = {}
        self._changes: dict[FolderSession, list[Touched]] = {}
        """What has happened since items were last looked for."""

    def book(self, uri: str) -> Book:
        """Return what there is of a source file, as it is written now."""
        file = file_of(uri)
        document = self._documents.of_file(file)
        self._folders.name = self._configuration.pins.folder
        pins = self._folders.of(file)
        book = self._books.get(file)
        if book is None or book.pins != pins:
            known = document.uri if document is not None else uri
            book = self._books[file] = Book(known, file, pins)
        text = files.read(file) if document is None else document.text
        book.read(text or "")
        return book

    def books(self) -> list[Book]:
        """Return all that there is: of files with pins, and of open documents."""
        self._folders.name = self._configuration.pins.folder
        found = {file: file_uri(file) or file for file in self._folders.sources()}
        found |= {file: book.uri for file, book in self._books.items()}
        found |= {each.file: each.uri for each in self._documents.all()}
        return [self.book(uri) for uri in found.values()]

    def tell(self, book: Book) -> pin_protocol.FilePins:
        """Tell the client about a file, if there is news; return what there is to tell."""
        told = self._tell(book)
        before = self._told.get(book.file)
        is_new = before != told and (before is not None or bool(told.items or told.problem))
        if is_new:
            self._told[book.file] = told
            self._post(pin_protocol.PINS_CHANGED, told)
        return told

    async def run(self, book: Book, items: Iterable[Item]) -> None:
        """Try items now, and tell of it."""
        for item in list(items):
            await self._try(book, item)
        self.tell(book)

    async def _try(self, book: Book, item: Item) -> None:
        session = self._sessions.existing(book.uri)
        if session is None:
            session = self._sessions.of_document(book.uri)
        sources = tuple(each.source for each in item.group.run)
        request = TryRequest(book.file, sources, self._configuration.pins.seconds)
        tried = await session.try_examples(request)
        now = book.item(item)  # its file may have been read anew meanwhile
        if now is not None:
            now.verdict = judge(item.group, tried, book.bound)
            book.is_loaded = book.is_loaded or tried.not_run is None

    # -- by itself -------------------------------------------------------------------------------

    def on_event(self, session: FolderSession, event: Event) -> None:
        """Follow what happens in a session."""
        if isinstance(event, StateChanged):
            life = event.info.generation, event.info.pid
            before = self._lives.get(session)
            self._lives[session] = life
            if before is not None and before[1] is not None and before != life:
                self._process_ended(session)
        elif isinstance(event, Touched) and self._configuration.pins.by_itself:
            changes = self._changes.setdefault(session, [])
            changes.append(event)
            if len(changes) == 1:
                asyncio.get_running_loop().call_later(_SOON_S, self._look, session)

    def _process_ended(self, session: FolderSession) -> None:
        for book in self._of_session(session):
            book.forget_verdicts(_ENDED)
            self.tell(book)

    def _look(self, session: FolderSession) -> None:
        """Have the items tried that depend on what has changed."""
        changes, books = self._changes.pop(session), self._of_session(session)
        for book in books:
            items = (each for each in book.items if _depends(each, changes, book.file))
            self._run_soon(session, book, items)
        if any(each.by == "evaluation" for each in changes):
            self._look_soon(session, books)

    def _of_session(self, session: FolderSession) -> list[Book]:
        return [each for each in self.books() if self._sessions.existing(each.uri) is session]

    def _run_soon(self, session: FolderSession, book: Book, items: Iterable[Item]) -> None:
        due = self._due.setdefault(session, {})
        due.update(dict.fromkeys((book.file, each.id) for each in items))
        if due:
            self._begin(session)

    def _look_soon(self, session: FolderSession, books: Iterable[Book]) -> None:
        """Have those files looked at that may have been loaded by an import."""
        if any(book.items and not book.is_loaded for book in books):
            self._due.setdefault(session, {})
            self._begin(session)

    def _begin(self, session: FolderSession) -> None:
        if session not in self._trying:
            self._trying[session] = asyncio.ensure_future(self._run_due(session))

    async def _run_due(self, session: FolderSession) -> None:
        try:
            while session in self._due:
                due = self._due.pop(session)
                await self._take_loaded(session, due)
                for file in dict.fromkeys(file for file, _ in due):
                    book = self._books[file]
                    items = [each for each in book.items if (file, each.id) in due]
                    await self.run(book, items)
        finally:
            del self._trying[session]

    async def _take_loaded(self, session: FolderSession, due: dict[Due, None]) -> None:
        """Add the pins of files that have been loaded since."""
        missing = [each for each in self._of_session(session) if each.items and not each.is_loaded]
        loaded = await session.loaded([each.file for each in missing]) if missing else []
        for book in missing:
            if book.file in loaded:
                book.is_loaded = True
                pins = (each for each in book.items if each.kind == "pin")
                due.update(dict.fromkeys((book.file, each.id) for each in pins))


def _depends(item: Item, changes: Iterable[Touched], file: str) -> bool:
    return any(item.depends_on(each, file) for each in changes)
