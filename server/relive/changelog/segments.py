"""A log is one file after another, its segments, each of which can be read by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from relive.changelog.lines import Seal, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from relive.changelog.disk import Appended, Disk
    from relive.changelog.lines import Record

FORMAT = 1
"""Of the logs we write. One with a higher number is left as it is, and not read."""
ROTATE_AT = 4 << 20
"""Bytes after which the next segment begins: a reader that begins at the end reads no more."""
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
        heading: dict[str, Any],
        retire: Callable[[Appended], None],
    ) -> None:
        """Make a writer; nothing is on the disk before it begins.

        Args:
            disk: the log's folder.
            log: the place of the log.
            key: the user's.
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

    def begin(self, *, apart: int = 0) -> bool:
        """See that there is a segment to write to; True: it is a new one, and has no record yet.

        Args:
            apart: bytes that each segment needs to stand by itself, such as a document's.
        """
        file = self.file
        if file is not None and self._size < max(ROTATE_AT, 8 * apart) and file.is_in_place():
            return False
        fresh = self._disk.create(segment_path(self._log, self._next))
        self._next += 1
        heading = {"log": FORMAT, "segment": self._next - 1, **self._heading}
        self._leave()
        self.file, self._size = fresh, 0
        self.add(heading)
        return True

    def add(self, record: Record) -> None:
        """Write a record, all of it or nothing."""
        assert self.file is not None
        line = line_of(record, self._seal)
        self.file.write(line)
        self._size += len(line)

    def take_back(self) -> None:
        """Take the last record away again."""
        if self.file is not None:
            self.file.take_back()

    def close(self) -> None:
        """Have it be written no more."""
        self._leave()

    def _leave(self) -> None:
        left, self.file = self.file, None
        if left is not None:
            self._retire(left)
