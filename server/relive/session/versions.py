"""The versions of a definition: found in the change log, and brought back by their text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from relive.changelog import versions as recorded
from relive.changelog.entries import Entry, Kind, Origin
from relive.changelog.history import History
from relive.session.answers import Answer, file_uri
from relive.session.definition_answers import RunningFile
from relive.session.logged import iso
from relive.source.definitions import Definition, find, named
from relive.source.quick_dataclasses import dataclass

_ENTRIES = 2000
"""Entries of a file, and of undoing, that are looked through: more than a person goes back."""


@dataclass(frozen=True)
class Version(Answer):
    """A text of a definition that ran, or that its module was loaded with."""

    entry: str | None
    """The log's entry that brought it; None: it came with the file, when its module was loaded."""
    at: str | None
    """ISO 8601."""
    origin: Origin | Literal["loaded"]
    kind: Kind | None
    text: str
    line: int
    """0-based, where it stood."""
    running: bool
    """Whether it is what the process runs."""
    in_file: bool
    """Whether it is what the file says."""


@dataclass(frozen=True)
class Versions(Answer):
    """The versions of a definition, newest first."""

    file: str
    name: str
    items: tuple[Version, ...]

    def to_json(self) -> dict[str, object]:
        """Return them with their file as a URI."""
        told = super().to_json()
        return {"uri": file_uri(told.pop("file")), **told}


class NoVersionError(LookupError):
    """There is no such version, or no place for it; the message says what to do."""


class Past:
    """What is known of the versions of one definition."""

    def __init__(
        self, file: str, name: str, said: str, running: Iterable[RunningFile], entries: list[Entry]
    ) -> None:
        """Look through the entries.

        Args:
            file: the definition's.
            name: qualified, as `Class.method`.
            said: the file's whole text; empty if there is none.
            running: what runs of the file.
            entries: as `entries_about` finds them.
        """
        self._file = file
        self._name = name
        self._said = said
        texts = [text for each in running for text in each.texts if text.name == name]
        self._running = (texts[-1].source, texts[-1].line) if texts else None
        self._found = recorded.versions(entries, file, name, self._running)

    def versions(self) -> Versions:
        """Return every text that ran."""
        said = [each.source for each in named(self._said, self._name)]
        items = tuple(
            _told(each, is_running=each is self._now, in_file=each.text in said)
            for each in self._found
        )
        return Versions(self._file, self._name, items)

    @property
    def _now(self) -> recorded.Version | None:
        """What runs: if anything does, it is the newest."""
        return self._found[0] if self._running is not None else None

    def document(self, entry: str | None) -> tuple[str, int]:
        """Return a whole text in which a version stands, and its first line there.

        That is the one it stood in then, if it was recorded; else it takes the place of the
        present text. Without an entry a version is meant that was loaded, and does not run.

        Raises:
            NoVersionError: there is no such version, or no place for it.
        """
        of_entry = [each for each in self._found if (each.entry and each.entry.id) == entry]
        if not of_entry:
            raise NoVersionError(
                f"The log has no version of {self._name!r} by that name. Show its changes again."
            )
        version = next((each for each in of_entry if each is not self._now), of_entry[0])
        change = None if version.entry is None else version.entry.change
        then = (change and change.document_of(self._file)) or ""
        for each in named(then, self._name):
            if each.source == version.text:
                return then, each.range.start[0]
        return self._put_into(version.text)

    def _put_into(self, text: str) -> tuple[str, int]:
        lines = self._said.split("\n")
        now = find(self._said, self._name)
        first, end = _lines_of(now) if now is not None else self._after_all(lines)
        return "\n".join([*lines[:first], *text.split("\n"), *lines[end:]]), first

    def _after_all(self, lines: list[str]) -> tuple[int, int]:
        """Return where a definition goes that is not in the file any more."""
        if "." in self._name:
            raise NoVersionError(
                f"{self._name!r} is not in the file any more, and the document it stood in was "
                "not recorded. Put the version into the file, and redefine it there."
            )
        return len(lines), len(lines)


def entries_about(history: History | None, file: str) -> list[Entry]:
    """Return the entries that may tell of the file's definitions, oldest first.

    Those of undoing and reverting name no file beforehand.
    """
    if history is None:
        return []
    every = history.newest(None, _ENTRIES)
    going_back = [each for each in every if each.change.kind in ("undo", "revert")]
    found = {each.id: each for each in [*history.newest(file, _ENTRIES), *going_back]}
    return sorted(found.values(), key=lambda each: (each.at, each.number))


def _lines_of(found: Definition) -> tuple[int, int]:
    return found.range.start[0], found.range.end[0] + 1


def _told(version: recorded.Version, *, is_running: bool, in_file: bool) -> Version:
    entry = version.entry
    return Version(
        entry=None if entry is None else entry.id,
        at=None if entry is None else iso(entry.at),
        origin="loaded" if entry is None else entry.change.origin,
        kind=None if entry is None else entry.change.kind,
        text=version.text,
        line=version.line,
        running=is_running,
        in_file=in_file,
    )
