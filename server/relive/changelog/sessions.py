"""The sessions in the log: what each says of itself, and of the lives of its workers."""

from __future__ import annotations

import os
import platform
from calendar import timegm
from time import strptime
from typing import TYPE_CHECKING

from relive.changelog.places import SESSIONS, session_log
from relive.changelog.reading import DAMAGED, LastEntry, LogReader, Source
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relive.changelog.disk import Disk
    from relive.changelog.lines import Record
    from relive.changelog.log import Ending, Mark

    Marks = dict[tuple[str, int], Mark]


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
    """When it began, in seconds since the epoch."""
    until: float
    """When the last thing known of it was."""
    alive: bool = False
    """Its daemon runs."""
    closed: bool = False
    lives: tuple[Life, ...] = ()
    """Oldest first."""
    sources: tuple[Source, ...] = ()
    """Where its entries are."""
    problem: str | None = None
    """Why there is nothing to read of it, in words."""

    def lost(self, own: str | None) -> Iterator[Life]:
        """Yield the lives that ended without anybody's wish and nothing was done about.

        The newest comes first.

        Args:
            own: the id of the session that asks. Of another one that is alive none is told: it
                has somebody who is asked already.
        """
        if self.alive and self.id != own:
            return
        for life in reversed(self.lives):
            ended_alone = life.how == "died" or (life.how is None and not self.alive)
            if ended_alone and life.mark is None and life.entries:
                yield life


class SessionsReader:
    """Reads the sessions' own logs."""

    def __init__(self, disk: Disk, reader: LogReader) -> None:
        self._disk = disk
        self._reader = reader

    def all(self) -> list[Recorded]:
        """Return the sessions, newest first."""
        ids = sorted(self._reader.sessions_in(SESSIONS), reverse=True)
        records = {session: self._records(session) for session in ids}
        marks = _marks(records)
        return [self._recorded(session, found, marks) for session, found in records.items()]

    def _records(self, session: str) -> list[Record]:
        log, reader = session_log(session), self._reader
        return [each for path in reader.segments(log) for each in reader.records(log, path)]

    def _recorded(self, session: str, records: list[Record], marks: Marks) -> Recorded:
        paths = self._reader.segments(session_log(session))
        if not records:
            why = (self._reader.unreadable.get(path) for path in paths)
            return _unreadable(session, next(filter(None, why), DAMAGED))
        sources = _sources(records)
        if any(path in self._reader.damage for path in paths):
            sources = (*sources, *self._reader.further_sources(session, sources))
            records = [*records, *self._lost_lives(session, records, sources)]
        last, until = self._end(records, sources)
        return Recorded(
            id=session,
            at=_began(session),
            until=until,
            alive=self._is_alive(records, paths),
            closed=any("closed" in each for each in records),
            lives=_lives(session, records, last, marks),
            sources=sources,
        )

    def _end(self, records: list[Record], sources: tuple[Source, ...]) -> tuple[int, float]:
        """Return the number of the last entry, and when the last thing known was."""
        until = max(int(each.get("at", 0)) for each in records)
        if "last" in records[-1]:  # it was noted, and nothing was recorded since
            return int(records[-1]["last"]), until / 1000
        found = [entry for source in sources if (entry := self._reader.last_entry(source))]
        times = [until, *(int(each.record["at"]) for each in found)]
        return _last_finished(found), max(times) / 1000

    def _lost_lives(
        self, session: str, records: list[Record], sources: tuple[Source, ...]
    ) -> list[Record]:
        """Return what entries tell of lives whose beginning was in a part that is damaged."""
        known = {each["life"] for each in records if "life" in each}
        lost: dict[int, Record] = {}
        for entry in self._reader.entries(session, sources, only_whole=False):
            if entry.life not in known:
                first = {"first": entry.number, "at": int(entry.at * 1000), "python": ""}
                lost[entry.life] = {"life": entry.life, **first}
        return list(lost.values())

    def _is_alive(self, records: list[Record], paths: list[str]) -> bool:
        locked = [self._disk.is_locked(path) for path in paths]
        if None not in locked:
            return any(locked)
        began = next((each for each in records if "began" in each), None)
        if began is None or began["host"] != platform.node():
            return True  # it cannot be known, and to take over what runs would be worse
        return _is_running(began["process"])


def _last_finished(found: list[LastEntry]) -> int:
    """Return the number of the last entry, by the last that each log has.

    One of several parts that are not all there was being written when everything ended.
    """
    number = max((each.number for each in found), default=0)
    parts = [each for each in found if each.number == number]
    is_whole = not parts or len(parts) == parts[0].parts
    return number if is_whole or not all(each.may_be_unfinished for each in parts) else number - 1


def _sources(records: list[Record]) -> tuple[Source, ...]:
    files = {each["history"]: each["file"] for each in records if "history" in each}
    return tuple(Source(log, file) for log, file in files.items())


def _lives(session: str, records: list[Record], last: int, marks: Marks) -> tuple[Life, ...]:
    begun = {each["life"]: each for each in records if "life" in each}
    ends = {each["end"]: each for each in records if "end" in each}
    lives: list[Life] = []
    bound = last + 1
    for number in sorted(begun, reverse=True):
        record, end = begun[number], ends.get(number)
        lives.append(
            Life(
                session=session,
                number=number,
                at=record["at"] / 1000,
                python=record["python"],
                first=record["first"],
                entries=bound - record["first"],
                how=end["how"] if end else None,
                reason=end["reason"] if end else None,
                ended=end["at"] / 1000 if end else None,
                mark=marks.get((session, number)),
            )
        )
        bound = record["first"]
    return tuple(reversed(lives))


def _marks(records: dict[str, list[Record]]) -> Marks:
    """Return what was done about lives: it is told in the logs of the sessions that did it."""
    marks = [each for session in records.values() for each in session if "mark" in each]
    marks.sort(key=lambda each: int(each["at"]))
    return {(each["session"], each["of_life"]): each["mark"] for each in marks}


def _began(session: str) -> float:
    """Return when a session began, by its id."""
    return timegm(strptime(session.partition("-")[0], "%Y%m%dT%H%M%S"))


def _unreadable(session: str, why: str) -> Recorded:
    return Recorded(session, _began(session), _began(session), problem=why)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
