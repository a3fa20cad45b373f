"""A log is one file after another, its segments, each of which can be read by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relive.changelog.lines import Seal, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from relive.changelog.disk import Appended, Disk
    from relive.changelog.lines import Record

FORMAT = 2
"""Of the logs we write. One with a higher number is left as it is, and not read.

In the first one every text had a mark made from all of it; see `documents.py`."""
ROTATE_AT = 4 << 20
"""Bytes after which the next segment begins: a reader that begins at the end reads no more."""
_DOCUMENTS = 8
"""A segment is at least so many times as long as its file's text, which it begins with."""
_NAME = re.compile(
    r"(?P<session>[0-9]{8}T[0-9]{6}-[0-9a-f]{6})(\.(?P<number>[1-9][0-9]*))?\.log(\.gz)?"
)


def segment_path(log: str, number: int) -> str:
    """Return the path of a log's segment."""
    return f"{log}.{number}.log" if number else f"{log}.log"


def parsed_name(name: str) -> tuple[str, int] | None:
    """Return the session and the number of a segment; None: the file is none."""
    found = _NAME.fullmatch(name)
    return None if found is None else (found["session"], int(found["number"] or 0))


class LogWriter:
    """Adds records to a log, in one segment after the other."""

    def __init__(
        self,
        disk: Disk,
        log: str,
        key: bytes,
        heading: Record,
        retire: Callable[[Appended], None],
    ) -> None:
        """Make a writer; nothing is on the disk before it begins.

        Args:
            disk: the log's folder.
            log: the place of the log.
            key: see `log_key`.
            heading: what each segment begins with.
            retire: takes a segment that is written no more.
        """
        self._disk = disk
        self._log = log
        self._seal = Seal(key, log)
        self._heading = heading
        self._retire = retire
        self._next = 0
        self._size = 0
        self.file: Appended | None = None
        """The segment that is written."""

    def is_ready(self, *, apart: int = 0) -> bool:
        """Whether there is a segment that takes more, and is where it was begun.

        Args:
            apart: what each segment begins with, so that it can be read by itself.
        """
        fits = self._size < max(ROTATE_AT, _DOCUMENTS * apart)
        return fits and self.file is not None and self.file.is_in_place()

    def begin(self) -> None:
        """Begin the next segment."""
        fresh = self._disk.create(segment_path(self._log, self._next))
        self.close()
        self.file, self._size = fresh, 0
        self._next += 1
        self.add({"log": FORMAT, "segment": self._next - 1, **self._heading})

    def add(self, record: Record) -> None:
        """Write a record, all of it or nothing."""
        assert self.file is not None
        line = line_of(record, self._seal)
        self.file.write(line)
        self._size += len(line)

    def take_back(self) -> None:
        """Take the last record away again, if that can be done."""
        if self.file is not None:
            self.file.take_back()

    def close(self) -> None:
        """Have the segment be written no more."""
        left, self.file = self.file, None
        if left is not None:
            self._retire(left)
