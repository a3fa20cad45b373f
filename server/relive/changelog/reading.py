"""The logs of source files, read from their end: a segment is read when somebody wants it."""

from __future__ import annotations

import gzip
import heapq
from itertools import groupby
from typing import TYPE_CHECKING

from relive.changelog.documents import DocumentsRead
from relive.changelog.lines import Damage, Seal, read_lines
from relive.changelog.records import Part, entry_of, is_whole
from relive.changelog.segments import FORMAT, parsed_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relive.changelog.disk import Disk
    from relive.changelog.entries import Entry
    from relive.changelog.lines import Record
    from relive.changelog.places import Places


class LogReader:
    """Reads the logs of one disk."""

    def __init__(self, disk: Disk, places: Places, key: bytes) -> None:
        self._disk = disk
        self._places = places
        self._key = key
        self.damage: dict[str, list[Damage]] = {}
        """What could not be read so far, by the path of its file."""

    def segments(self, log: str) -> list[str]:
        """Return the paths of a log's segments, oldest first."""
        folder, _, session = log.rpartition("/")
        found = ((parsed_name(name), name) for name in self._disk.names(folder))
        mine = sorted((known[1], name) for known, name in found if known and known[0] == session)
        return [f"{folder}/{name}" for _, name in mine]

    def records(self, path: str, log: str) -> list[Record]:
        """Return the records of a segment, its heading first; none if it is of no use."""
        data = self._disk.read(path)
        if path.endswith(".gz"):
            data = gzip.decompress(data)
        records: list[Record] = []
        damage: list[Damage] = []
        for each in read_lines(data, Seal(self._key, log)):
            if isinstance(each, Damage):
                damage.append(each)
            else:
                records.append(each)
        if damage:
            self.damage[path] = damage
        return records if records and records[0].get("log") == FORMAT else []

    def entries(self, session: str, logs: Iterable[str]) -> Iterator[Entry]:
        """Yield the entries that some of a session's logs tell of, newest first."""
        parts = heapq.merge(*map(self._parts, logs), key=lambda part: part.number, reverse=True)
        for _, group in groupby(parts, key=lambda part: part.number):
            yield entry_of(session, list(group), self._places)

    def whole_entries(self, session: str, logs: Iterable[str]) -> Iterator[Entry]:
        """Yield those of which all logs are there."""
        parts = heapq.merge(*map(self._parts, logs), key=lambda part: part.number, reverse=True)
        for _, group in groupby(parts, key=lambda part: part.number):
            found = list(group)
            if is_whole(found):
                yield entry_of(session, found, self._places)

    def _parts(self, log: str) -> Iterator[Part]:
        """Yield what a log tells of entries, newest first; an outcome comes before its entry."""
        outcomes: dict[int, Record] = {}
        for path in reversed(self.segments(log)):
            documents, parts = DocumentsRead(), []
            records = self.records(path, log)
            for record in records[1:]:
                if "outcome" in record:
                    outcomes[record["outcome"]] = record
                elif "entry" in record:
                    stored = record.get("document")
                    document = None if stored is None else documents.complete(stored)
                    parts.append((record, document))
            for record, document in reversed(parts):
                outcome = outcomes.pop(record["entry"], None)
                yield Part(record, records[0]["file"], document, outcome)
