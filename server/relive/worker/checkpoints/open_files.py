"""Files that a process has open: a copy's positions in them are put back, what is written is told.

A database may have a log beside it that it opens only when it first needs it: SQLite writes all
rows there where it is asked to. So a log counts as open with its database.
"""

from __future__ import annotations

import os
import stat
from time import clock_gettime_ns

from relive.worker.checkpoints.threads import wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    _Mark = tuple[int, int]
    """A file's size, and when it was changed."""
    _File = tuple[str, int, _Mark]
    """Its name, the position in it, and its mark."""

_LOG = "-wal"
_NOT_THERE = -1, 0
_MOST = 100
"""Files that are told of."""
_TICKS = 5
"""The clock that files have their times from: `CLOCK_REALTIME_COARSE`, which has no name here."""
_LOOKS = 20
"""A file's time may also be ahead for long, as one that is another machine's."""
_LOOK_S = 0.001


class OpenFiles:
    """Those of a process at a checkpoint."""

    def __init__(self, opened: dict[int, str]) -> None:
        """Note them; `opened` are the descriptors and where they lead."""
        self._files = {fd: file for fd, name in opened.items() if (file := _file(fd, name))}
        logs = (name + _LOG for name, *_ in self._files.values())
        self._logs = {name: _mark_of(name) for name in logs}
        marks = [*(mark for *_, mark in self._files.values()), *self._logs.values()]
        _wait_until_past(max((changed_ns for _, changed_ns in marks), default=0))

    def told(self) -> list[dict[str, Any]]:
        """Return them as they are told on the wire."""
        files = [(fd, name, mark) for fd, (name, _, mark) in self._files.items()]
        logs = [(None, name, mark) for name, mark in self._logs.items()]
        return [
            {"fd": fd, "name": name, "size": size, "changed_ns": str(changed_ns)}
            for fd, name, (size, changed_ns) in [*files[:_MOST], *logs[:_MOST]]
        ]

    def restore(self) -> list[str]:
        """Put their positions back, in a copy that was woken; return what could not be."""
        told = [words for fd, file in self._files.items() if (words := _back_to(file, fd))]
        others = (name for name, mark in self._logs.items() if _mark_of(name) != mark)
        return [*told, *map(_written_to, others)]


def _file(fd: int, name: str) -> _File | None:
    try:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            return None
        position = os.lseek(fd, 0, os.SEEK_CUR)
    except OSError:
        return None
    return name, position, (found.st_size, found.st_mtime_ns)


def _mark_of(path: str) -> _Mark:
    try:
        found = os.stat(path)
    except OSError:
        return _NOT_THERE
    return found.st_size, found.st_mtime_ns


def _back_to(file: _File, fd: int) -> str | None:
    name, position, mark = file
    try:
        now = os.fstat(fd)
        os.lseek(fd, position, os.SEEK_SET)
    except OSError as error:
        return f"{name} is not where it was: {error.strerror}"
    return None if (now.st_size, now.st_mtime_ns) == mark else _written_to(name)


def _written_to(name: str) -> str:
    return f"{name} was written to, and is as it was left"


def _wait_until_past(changed_ns: int) -> None:
    """Wait until what is written to has a later time than this.

    The system gives files the time of its latest tick, of which there is one every few
    milliseconds: what is written before the next one would not be seen.
    """
    for _ in range(_LOOKS):
        if clock_gettime_ns(_TICKS) > changed_ns:
            return
        wait(_LOOK_S)
