"""The logs of a disk, read from their end: a segment is read when somebody wants it."""

from __future__ import annotations

import heapq
import math
import zlib
from itertools import groupby
from typing import TYPE_CHECKING

from relive.changelog.documents import DocumentsRead
from relive.changelog.lines import Damage, Seal, is_foreign, read_back, read_lines
from relive.changelog.places import CHANGES, Places
from relive.changelog.records import Part, entry_of, is_whole
from relive.changelog.segments import FORMAT, parsed_name
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relive.changelog.disk import Disk
    from relive.changelog.entries import Entry
    from relive.changelog.lines import Record

NEWER = "it was written by a newer Relive"
FOREIGN = "it was not written by you on this machine"
DAMAGED = "it is damaged"

_PIECE = 1 << 12
"""Bytes that are given up together where compressed data is damaged."""


@dataclass(frozen=True)
class Source:
    """A log of a session, and the file whose history it is."""

    log: str
    file: str | None


@dataclass(frozen=True)
class LastEntry:
    """What a log says of the entry it has last."""

    record: Record
    may_be_unfinished: bool
    """Nothing shows that it ran: if other parts of it are missing, they were never written."""

    @property
    def number(self) -> int:
        """The entry's."""
        return int(self.record["entry"])

    @property
    def parts(self) -> int:
        """How many logs have something of it."""
        return int(self.record.get("part", (0, 1))[1])


class LogReader:
    """Reads the logs of one disk as they are now, and notes what of them it could not read."""

    def __init__(self, disk: Disk, places: Places, key: bytes) -> None:
        self._disk = disk
        self._places = places
        self._key = key
        self._listed: dict[str, dict[str, dict[int, str]]] = {}
        self.damage: dict[str, list[Damage]] = {}
        """By the path of the file."""
        self.unreadable: dict[str, str] = {}
        """Why nothing of a file can be read, by its path."""

    def segments(self, log: str) -> list[str]:
        """Return the paths of a log's segments, oldest first."""
        folder, _, session = log.rpartition("/")
        mine = self.sessions_in(folder).get(session, {})
        return [f"{folder}/{mine[number]}" for number in sorted(mine)]

    def sessions_in(self, folder: str) -> dict[str, dict[int, str]]:
        """Return the names of the segments in a folder, by session and number."""
        known = self._listed.get(folder)
        if known is None:
            known = self._listed[folder] = _by_session(self._disk.names(folder))
        return known

    def records(self, log: str, path: str) -> list[Record]:
        """Return the records of a log's segment, without its heading."""
        data, seal = self._data(path), Seal(self._key, log)
        if is_foreign(data, seal):
            self.unreadable[path] = FOREIGN
            return []
        records: list[Record] = []
        damage: list[Damage] = []
        for each in read_lines(data, seal):
            if isinstance(each, Damage):
                damage.append(each)
            elif each.get("log", FORMAT) > FORMAT:
                self.unreadable[path] = NEWER
                return []
            elif "log" not in each:
                records.append(each)
        if damage:
            self.damage[path] = damage
        return records

    def last_entry(self, source: Source) -> LastEntry | None:
        """Return the entry that a log has last."""
        may_be_unfinished, ended = True, set()
        for path in reversed(self.segments(source.log)):
            for each in read_back(self._data(path), Seal(self._key, source.log)):
                if isinstance(each, Damage):
                    may_be_unfinished = False
                elif "outcome" in each:
                    ended.add(each["outcome"])
                elif "entry" in each:
                    return LastEntry(each, may_be_unfinished and each["entry"] not in ended)
        return None

    def further_sources(self, session: str, known: Iterable[Source]) -> list[Source]:
        """Return the logs of a session besides those known, by looking for them everywhere.

        One that does not say whose history it is is left out: its entries are missed then.
        """
        done, found = {source.log for source in known}, []
        for path in sorted(self._disk.files(CHANGES)):
            folder, _, name = path.rpartition("/")
            log, parsed = f"{folder}/{session}", parsed_name(name)
            if log not in done and parsed is not None and parsed[0] == session:
                heading = self._heading(log, path)
                if heading is not None:
                    found.append(Source(log, heading["file"]))
                    done.add(log)
        return found

    def entries(
        self,
        session: str,
        sources: Iterable[Source],
        *,
        below: float = math.inf,
        only_whole: bool = True,
    ) -> Iterator[Entry]:
        """Yield the entries that a session's logs tell of, newest first.

        Args:
            session: its id.
            sources: its logs, or some of them.
            below: a number that theirs are below.
            only_whole: leave out those of which a part is not there; else only the parts that are
                there are told.
        """
        logs = (self._parts(source, below) for source in sources)
        for _, group in groupby(heapq.merge(*logs, key=_number, reverse=True), key=_number):
            parts = list(group)
            if is_whole(parts) or not only_whole:
                yield entry_of(session, parts, self._places)

    def _parts(self, source: Source, below: float) -> Iterator[Part]:
        """Yield what a log tells of entries, newest first; outcomes come before their entries."""
        outcomes: dict[int, Record] = {}
        for path in reversed(self.segments(source.log)):
            entries: list[Record] = []
            for record in self.records(source.log, path):
                if "outcome" in record:
                    outcomes[record["outcome"]] = record
                else:
                    entries.append(record)
            for block in reversed(_blocks(entries)):
                if block and block[0]["entry"] >= below:
                    continue  # nobody wants its documents
                for record, document in reversed(_completed(block)):
                    outcome = outcomes.pop(record["entry"], None)
                    if record["entry"] < below:
                        yield Part(record, source.file, document, outcome)

    def _heading(self, log: str, path: str) -> Record | None:
        """Return what a segment says of itself."""
        for each in read_lines(self._data(path), Seal(self._key, log)):
            if not isinstance(each, Damage) and "log" in each:
                return each
        return None

    def _data(self, path: str) -> bytes:
        """Return the lines of a segment; none if it was deleted or compressed meanwhile."""
        try:
            data = self._disk.read(path)
        except FileNotFoundError:
            return b"" if path.endswith(".gz") else self._data(f"{path}.gz")
        return _inflated(data) if path.endswith(".gz") else data


def _by_session(names: Iterable[str]) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for name in sorted(names, reverse=True):
        known = parsed_name(name)
        if known is not None:
            session, number = known
            found.setdefault(session, {})[number] = name  # of one being compressed: as it was
    return found


def _inflated(data: bytes) -> bytes:
    """Return what was compressed, as far as it is not damaged."""
    inflating = zlib.decompressobj(wbits=31)
    found = bytearray()
    try:
        for at in range(0, len(data), _PIECE):
            found += inflating.decompress(data[at : at + _PIECE])
    except zlib.error:
        found += b"\0\n"  # what follows is lost: this is no line
    return bytes(found)


def _number(part: Part) -> int:
    return part.number


def _blocks(records: Sequence[Record]) -> list[list[Record]]:
    """Return the records cut before each with a whole document: so few are completed at a time."""
    blocks: list[list[Record]] = [[]]
    for record in records:
        if "whole" in record.get("document", ()):
            blocks.append([])
        blocks[-1].append(record)
    return blocks


def _completed(block: Sequence[Record]) -> list[tuple[Record, str | None]]:
    documents = DocumentsRead()
    return [
        (record, documents.complete(record["document"]) if "document" in record else None)
        for record in block
    ]
