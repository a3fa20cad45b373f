"""The versions of a definition of a document: found in the log, and brought back by its text."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from relive.changelog import versions as recorded
from relive.changelog.entries import Entry
from relive.changelog.history import History
from relive.lsp import files, version_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.sessions import FolderSession
from relive.session.logged import iso
from relive.session.requests import RedefineRequest
from relive.source.definitions import Definition, find, named

_ENTRIES = 2000
"""Entries of a file, and of undoing, that are looked through: more than a person goes back."""


@dataclass(frozen=True)
class Subject:
    """The definition that is meant."""

    uri: str
    file: str
    name: str
    said: str
    """The whole text of the file: the document's, if it is open."""


def subject(daemon: Daemon, uri: str, name: str) -> Subject:
    """Return a definition by its name; it need not be in the file any more."""
    file = file_of(uri)
    document = daemon.documents.of_file(file)
    text = files.read(file) if document is None else document.text
    return Subject(uri, file, name, text or "")


async def versions(session: FolderSession, meant: Subject) -> version_protocol.Versions:
    """Return every text of a definition that ran, as far as the log goes back."""
    found, running = await _found(session, meant)
    said = [each.source for each in named(meant.said, meant.name)]
    items = [
        _told(each, is_running=place == 0 and running is not None, in_file=each.text in said)
        for place, each in enumerate(found)
    ]
    return version_protocol.Versions(meant.uri, meant.name, items)


async def request_for(session: FolderSession, meant: Subject, entry: str | None) -> RedefineRequest:
    """Return the request that brings a version back; without an entry one that was loaded.

    Its text stands where it stood then, if the document was recorded; else where its name is now.

    Raises:
        RefusedError: there is no such version, or no place for it.
    """
    found, _ = await _found(session, meant)
    of_entry = [each for each in found if (each.entry and each.entry.id) == entry]
    others = [each for each in of_entry if each is not found[0]]
    if not of_entry:
        raise RefusedError(
            f"The log has no version of {meant.name!r} by that name. Show its changes again."
        )
    version = (others or of_entry)[0]
    document, line = _document(version, meant)
    return RedefineRequest(meant.file, document, meant.name, line)


async def _found(
    session: FolderSession, meant: Subject
) -> tuple[list[recorded.Version], tuple[str, int] | None]:
    running = next(
        (
            (text.source, text.line)
            for file in await session.running(meant.file)
            for text in reversed(file.texts)
            if text.name == meant.name
        ),
        None,
    )
    entries = await asyncio.to_thread(_entries, session.history, meant.file)
    return recorded.versions(entries, meant.file, meant.name, running), running


def _entries(history: History | None, file: str) -> list[Entry]:
    """Return the entries that may tell of the file's definitions, oldest first."""
    if history is None:
        return []
    own = history.newest(file, _ENTRIES)
    every = history.newest(None, _ENTRIES)
    going_back = [each for each in every if each.change.kind in ("undo", "revert")]
    found = {each.id: each for each in [*own, *going_back]}
    return sorted(found.values(), key=lambda each: (each.at, each.number))


def _told(
    version: recorded.Version, *, is_running: bool, in_file: bool
) -> version_protocol.Version:
    entry = version.entry
    return version_protocol.Version(
        entry=None if entry is None else entry.id,
        at=None if entry is None else iso(entry.at),
        origin="loaded" if entry is None else entry.change.origin,
        kind=None if entry is None else entry.change.kind,
        text=version.text,
        line=version.line,
        running=is_running,
        in_file=in_file,
    )


def _document(version: recorded.Version, meant: Subject) -> tuple[str, int]:
    """Return a whole text in which the version stands, and its first line there."""
    change = None if version.entry is None else version.entry.change
    then = None if change is None else change.document_of(meant.file)
    for each in named(then or "", meant.name):
        if then is not None and each.source == version.text:
            return then, each.range.start[0]
    return _put_into(version.text, meant)


def _put_into(text: str, meant: Subject) -> tuple[str, int]:
    lines = meant.said.split("\n")
    now = find(meant.said, meant.name)
    first, end = _lines_of(now) if now is not None else _after_all(meant, lines)
    return "\n".join([*lines[:first], *text.split("\n"), *lines[end:]]), first


def _lines_of(found: Definition) -> tuple[int, int]:
    return found.range.start[0], found.range.end[0] + 1


def _after_all(meant: Subject, lines: list[str]) -> tuple[int, int]:
    """Return where a definition goes that is not in the file any more."""
    if "." in meant.name:
        raise RefusedError(
            f"{meant.name!r} is not in the file any more, and the document it stood in was not "
            "recorded. Put the version into the file, and redefine it there."
        )
    return len(lines), len(lines)
