"""What the logs of a workspace folder tell: its sessions, their lives, and their entries."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from relive.changelog.disk import Disk, LocalDisk
from relive.changelog.key import NoKey, user_key
from relive.changelog.places import SESSIONS, Places, session_log
from relive.changelog.reading import LogReader
from relive.changelog.segments import parsed_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relive.changelog.entries import Entry
    from relive.changelog.lines import Damage, Record
    from relive.changelog.log import Ending, Mark


@dataclass(frozen=True)
class Life:
    """One worker of a session, from its start to its end."""

    session: str
    number: int
    at: float
    """When it started, in seconds since the epoch."""
    python: str
    first: int
    """The number of its first entry."""
    entries: int
    """How many it has."""
    how: Ending | None = None
    """How it ended; None: it has not, or nobody was there to see it."""
    reason: str | None = None
    ended: float | None = None
    mark: Mark | None = None
    """What the user has done about it since."""


@dataclass(frozen=True)
class Recorded:
    """A session in the log."""

    id: str
    at: float
    alive: bool
    """Its daemon runs."""
    closed: bool
    lives: tuple[Life, ...]
    """Oldest first."""
    logs: tuple[str, ...]
    """Where its entries are."""


@dataclass(frozen=True)
class Reading:
    """Entries, and what could not be read of them."""

    entries: tuple[Entry, ...]
    damage: dict[str, list[Damage]]
    """By the path of the file in the log's folder."""
    missing: int
    """Entries that have been there, and cannot be read."""


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
        self._disk = disk or LocalDisk(self.folder)
        self._places = Places(self.folder)
        self._key = key
        self.problem: str | None = None
        """Why there is nothing to read, in words."""

    def sessions(self) -> list[Recorded]:
        """Return the sessions, newest first."""
        reader = self._reader()
        if reader is None:
            return []
        names = (parsed_name(name) for name in self._disk.names(SESSIONS))
        ids = sorted({known[0] for known in names if known}, reverse=True)
        records = {each: self._session_records(reader, each) for each in ids}
        marks = _marks(records)
        return [
            self._recorded(reader, each, found, marks) for each, found in records.items() if found
        ]

    def recoverable(self) -> Life | None:
        """Return the newest life that ended without anybody's wish, and nothing was done about."""
        for session in self.sessions():
            for life in reversed(session.lives):
                ended_alone = life.how == "died" or (life.how is None and not session.alive)
                if ended_alone and life.mark is None and life.entries:
                    return life
        return None

    def entries(self, session: str, life: int) -> Reading:
        """Return the entries of a life, oldest first."""
        reader = self._reader()
        found = next((each for each in self.sessions() if each.id == session), None)
        lives = () if found is None else found.lives
        wanted = next((each for each in lives if each.number == life), None)
        if reader is None or found is None or wanted is None:
            return Reading((), {}, 0)
        entries = []
        for entry in reader.whole_entries(session, found.logs):
            if entry.number < wanted.first:
                break
            if entry.life == life:
                entries.append(entry)
        missing = wanted.entries - len(entries)
        return Reading(tuple(reversed(entries)), reader.damage, missing)

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
        found = self._newest(file)
        if before is not None:
            for entry in found:
                if entry.id == before:
                    break
        return list(islice(found, limit))

    def entry(self, id: str) -> Entry | None:  # noqa: A002 - what it is called everywhere
        """Return the entry of that id."""
        return next((entry for entry in self._newest(None) if entry.id == id), None)

    def _newest(self, file: str | None) -> Iterator[Entry]:
        reader = self._reader()
        if reader is None:
            return
        for session in self.sessions():
            logs: tuple[str, ...] = session.logs
            if file is not None:
                mine = f"{self._places.history_of(file)}/{session.id}"
                logs = tuple(log for log in logs if log == mine)
            if file is None:
                yield from reader.whole_entries(session.id, logs)
            else:
                yield from reader.entries(session.id, logs)

    def _reader(self) -> LogReader | None:
        if self._key is None:
            try:
                self._key = user_key()
            except NoKey as error:
                self.problem = str(error)
                return None
        return LogReader(self._disk, self._places, self._key)

    def _session_records(self, reader: LogReader, session: str) -> list[Record]:
        log = session_log(session)
        return [record for path in reader.segments(log) for record in reader.records(path, log)]

    def _recorded(
        self,
        reader: LogReader,
        session: str,
        records: list[Record],
        marks: dict[tuple[str, int], Mark],
    ) -> Recorded:
        logs = tuple(dict.fromkeys(each["history"] for each in records if "history" in each))
        log = session_log(session)
        alive = any(self._disk.is_locked(path) for path in reader.segments(log))
        lives = [each for each in records if "life" in each]
        last = _last_number(reader, session, logs)
        ends = {each["end"]: each for each in records if "end" in each}
        bounds = [each["first"] for each in lives[1:]] + [last + 1]
        return Recorded(
            id=session,
            at=records[0]["at"] / 1000,
            alive=alive,
            closed=any("closed" in each for each in records),
            logs=logs,
            lives=tuple(
                _life(session, each, bound, ends.get(each["life"]), marks)
                for each, bound in zip(lives, bounds, strict=True)
            ),
        )


def _life(
    session: str,
    record: Record,
    bound: int,
    end: Record | None,
    marks: dict[tuple[str, int], Mark],
) -> Life:
    return Life(
        session=session,
        number=record["life"],
        at=record["at"] / 1000,
        python=record["python"],
        first=record["first"],
        entries=bound - record["first"],
        how=end["how"] if end else None,
        reason=end["reason"] if end else None,
        ended=end["at"] / 1000 if end else None,
        mark=marks.get((session, record["life"])),
    )


def _marks(records: dict[str, list[Record]]) -> dict[tuple[str, int], Mark]:
    """Return what was done about lives: it is told in the logs of the sessions that did it."""
    marks = [each for session in records.values() for each in session if "mark" in each]
    marks.sort(key=lambda each: each["at"])
    return {(each["session"], each["of_life"]): each["mark"] for each in marks}


def _last_number(reader: LogReader, session: str, logs: tuple[str, ...]) -> int:
    newest = (next(iter(reader.entries(session, [log])), None) for log in logs)
    return max((entry.number for entry in newest if entry is not None), default=0)
