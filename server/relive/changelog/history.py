"""What the logs of a workspace folder tell: its sessions, their lives, and their entries."""

from __future__ import annotations

import math
import os
from functools import partial
from heapq import heappop, heappush
from itertools import dropwhile, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from relive.changelog.disk import Disk, LocalDisk
from relive.changelog.entries import parsed_id
from relive.changelog.key import NoKey
from relive.changelog.lines import log_key
from relive.changelog.places import Places
from relive.changelog.reading import LogReader
from relive.changelog.sessions import Life, Recorded, SessionsReader
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relive.changelog.entries import Entry
    from relive.changelog.lines import Damage


_T = TypeVar("_T")


@dataclass(frozen=True)
class Reading:
    """The entries of a life, and what could not be read of them."""

    entries: tuple[Entry, ...] = ()
    """Oldest first."""
    missing: int = 0
    """How many entries there were besides, which are damaged."""
    damage: dict[str, list[Damage]] | None = None
    """By the path of the file in the log's folder."""


class History:
    """Reads the logs of one workspace folder, from the disk each time; it writes nothing."""

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        disk: Disk | None = None,
        key: bytes | None = None,
    ) -> None:
        """Make a reader; nothing is read yet.

        Args:
            folder: the workspace's.
            disk: where to read, if not in `.relive` in the folder.
            key: what marks the logs, if not the user's own key.
        """
        self.folder = Path(os.path.abspath(folder))
        self.problem: str | None = None
        """Why nothing could be read, in words."""
        self._disk = disk or LocalDisk(self.folder)
        self._places = Places(self.folder)
        self._key = key

    def sessions(self) -> list[Recorded]:
        """Return the sessions, newest first."""
        return self._read(lambda reader: SessionsReader(self._disk, reader).all()) or []

    def recoverable(self, own: str | None = None) -> Life | None:
        """Return the newest life that ended without anybody's wish; see `Recorded.lost`."""
        return next((life for each in self.sessions() for life in each.lost(own)), None)

    def entries(self, session: str, life: int, limit: int | None = None) -> Reading:
        """Return the entries of a life; with a limit, the newest of them."""
        found = next((each for each in self.sessions() if each.id == session), None)
        lives = () if found is None else found.lives
        wanted = next((each for each in lives if each.number == life), None)
        if found is None or wanted is None:
            return Reading()
        return self._read(lambda reader: _entries(reader, found, wanted, limit)) or Reading()

    def newest(
        self, file: str | None = None, limit: int = 100, *, before: str | None = None
    ) -> list[Entry]:
        """Return the newest entries, newest first.

        Args:
            file: only those that concern this file; of a change of several files, only what
                concerns this one is told then.
            limit: how many.
            before: the id of an entry: only those that come after it in this order.
        """

        def read(reader: LogReader) -> list[Entry]:
            return list(islice(self._newest(reader, file, before), limit))

        return self._read(read) or []

    def entry(self, id: str) -> Entry | None:  # noqa: A002 - what it is called everywhere
        """Return the entry of that id."""
        return self._read(lambda reader: self._entry(reader, id))

    def _newest(self, reader: LogReader, file: str | None, before: str | None) -> Iterator[Entry]:
        place = None if file is None else self._places.history_of(file)
        bound = None if before is None else self._entry(reader, before, only_whole=False)
        sessions = SessionsReader(self._disk, reader).all()
        if before is not None and bound is None:
            return iter(())

        def entries_of(session: Recorded) -> Iterator[Entry]:
            sources = session.sources
            if place is not None:
                sources = tuple(each for each in sources if each.log == f"{place}/{session.id}")
            is_its = bound is not None and bound.session == session.id
            below = bound.number if bound is not None and is_its else math.inf
            found = reader.entries(session.id, sources, below=below, only_whole=place is None)
            return found if bound is None or is_its else dropwhile(partial(_is_newer, bound), found)

        return _merged(sessions, entries_of)

    def _entry(self, reader: LogReader, wanted: str, *, only_whole: bool = True) -> Entry | None:
        session, number = parsed_id(wanted) or ("", 0)
        sources = [
            source
            for each in SessionsReader(self._disk, reader).all()
            if each.id == session
            for source in each.sources
        ]
        found = reader.entries(session, sources, below=number + 1, only_whole=only_whole)
        newest = next(found, None)
        return newest if newest is not None and newest.number == number else None

    def _read(self, read: Callable[[LogReader], _T]) -> _T | None:
        """Read what is there; None: nothing can be read, and `problem` says why."""
        try:
            self._key = self._key or log_key()
            found = read(LogReader(self._disk, self._places, self._key))
        except (OSError, NoKey) as error:
            self.problem = getattr(error, "strerror", None) or str(error)
            return None
        self.problem = None
        return found


def _entries(reader: LogReader, session: Recorded, life: Life, limit: int | None) -> Reading:
    newest: list[Entry] = []
    for entry in reader.entries(session.id, session.sources, below=life.first + life.entries):
        if entry.number < life.first or len(newest) == limit:
            break
        if entry.life == life.number:
            newest.append(entry)
    missing = 0 if len(newest) == limit else life.entries - len(newest)
    return Reading(tuple(reversed(newest)), missing, reader.damage)


def _merged(
    sessions: list[Recorded], entries_of: Callable[[Recorded], Iterator[Entry]]
) -> Iterator[Entry]:
    """Yield the entries of sessions that may overlap, newest first.

    A session's logs are opened when no other has anything newer than its last.
    """
    waiting = sorted(sessions, key=lambda session: session.until)
    ahead: list[tuple[float, str, Entry, Iterator[Entry]]] = []
    """What each session that is open tells next, as a heap; no two are of one session."""

    def advance(entries: Iterator[Entry]) -> None:
        entry = next(entries, None)
        if entry is not None:
            heappush(ahead, (-entry.at, entry.session, entry, entries))

    while ahead or waiting:
        while waiting and (not ahead or waiting[-1].until >= -ahead[0][0]):
            advance(entries_of(waiting.pop()))
        if ahead:
            *_, entry, entries = heappop(ahead)
            yield entry
            advance(entries)


def _is_newer(bound: Entry, entry: Entry) -> bool:
    """Whether an entry of another session comes before `bound`, newest first."""
    return (-entry.at, entry.session) < (-bound.at, bound.session)
