"""The change log, as messages for the client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any, TypeVar

from lsprotocol import types

from relive.changelog.entries import Entry
from relive.lsp import files, log_protocol
from relive.lsp.convert import same
from relive.lsp.daemon import Daemon
from relive.session.answers import file_uri
from relive.session.logged import HistoryEntry, told
from relive.session.recovery import Judged
from relive.source.positions import LineTable

M = TypeVar("M")
T = TypeVar("T")

_AT_ONCE = 20
"""Entries that are looked up in their files without a break."""


class PresentTexts:
    """The texts of files as they are now: the open document's, else the disk's, each read once."""

    def __init__(self, daemon: Daemon) -> None:
        self._documents = daemon.documents
        self._known: dict[str, str | None] = {}

    def __call__(self, file: str) -> str | None:
        """Return the text of a file; None: there is none."""
        if file not in self._known:
            opened = self._documents.of_file(file)
            self._known[file] = files.read(file) if opened is None else opened.text
        return self._known[file]


class Entries:
    """Entries of one session's folder on their way to the client."""

    def __init__(self, daemon: Daemon, current: str | None) -> None:
        """Prepare for some; `current` is the id of the session that runs now."""
        self.texts = PresentTexts(daemon)
        self._daemon = daemon
        self._current = current

    async def all(self, entries: Iterable[Entry]) -> list[log_protocol.HistoryEntry]:
        """Return entries, in turns with whatever else there is to do."""
        return [self.entry(each) async for each in _in_turns(entries)]

    async def all_judged(self, judged: Iterable[Judged]) -> list[log_protocol.RecoverableEntry]:
        """Return entries with whether they are replayed, in the same way."""
        return [self.judged(each) async for each in _in_turns(judged)]

    def entry(self, entry: Entry, *, whole: bool = False) -> log_protocol.HistoryEntry:
        """Return an entry; `whole`: with all of its text."""
        return self._message(log_protocol.HistoryEntry, entry, whole=whole)

    def judged(self, judged: Judged) -> log_protocol.RecoverableEntry:
        """Return an entry with whether it is replayed."""
        return self._message(
            log_protocol.RecoverableEntry,
            judged.entry,
            replays=judged.why is None,
            why=judged.why,
            suspect=judged.is_suspect,
        )

    def _message(self, kind: type[M], entry: Entry, *, whole: bool = False, **more: Any) -> M:
        answer = told(entry, self.texts, current=self._current, whole=whole)
        return same(
            kind,
            answer,
            uri=self._uri(answer.file),
            uris=None if answer.files is None else [self._uri(each) for each in answer.files],
            range=self._range(entry, answer),
            definitions=[
                same(log_protocol.EntryDefinition, each, uri=self._uri(each.file))
                for each in answer.definitions
            ],
            **more,
        )

    def _uri(self, file: str | None) -> str | None:
        opened = self._daemon.documents.of_file(file)
        return file_uri(file) if opened is None else opened.uri

    def _range(self, entry: Entry, answer: HistoryEntry) -> types.Range | None:
        if answer.range is None or answer.file is None:
            return None
        text = (self.texts(answer.file) if answer.stands else entry.change.document) or ""
        if text.isascii():  # columns are the same, however they are counted
            start, end = answer.range.start, answer.range.end
            return types.Range(types.Position(*start), types.Position(*end))
        return self._daemon.codec.range_to_client(LineTable(text), answer.range)


async def _in_turns(items: Iterable[T]) -> AsyncIterator[T]:
    """Yield each item; many of them keep nobody waiting who asks for something else."""
    for number, item in enumerate(items):
        if number % _AT_ONCE == _AT_ONCE - 1:
            await asyncio.sleep(0)
        yield item
