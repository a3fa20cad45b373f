"""A session's own log: what it is, the lives of its workers, and where its entries are."""

from __future__ import annotations

import os
import platform
import time
from typing import TYPE_CHECKING

from relive.changelog.folder import prepare
from relive.changelog.places import session_log
from relive.changelog.segments import LogWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relive.changelog.disk import Appended, Disk
    from relive.changelog.lines import Record


class SessionLog:
    """Writes it, as soon as the session has an entry.

    Its first file is locked while it is written: so others see that the session is alive.
    """

    def __init__(
        self,
        disk: Disk,
        session: str,
        key: bytes,
        folder: Path,
        retire: Callable[[Appended], None],
    ) -> None:
        self._disk = disk
        self._writer = LogWriter(disk, session_log(session), key, {"session": session}, retire)
        began = {"began": now(), "folder": str(folder)}
        self._standing: dict[str, Record] = {
            "session": {**began, "host": platform.node(), "process": os.getpid()}
        }
        """What holds still, and is written again if the file is gone."""
        self._is_whole = False
        """The file has all that holds."""

    @property
    def file(self) -> Appended | None:
        """The file that is written."""
        return self._writer.file

    def begin(self) -> bool:
        """See that the file is there, with all that holds; True: it is a new one."""
        is_ready = self._writer.is_ready()
        if is_ready and self._is_whole:
            return False
        self._is_whole = False
        if not is_ready:
            prepare(self._disk)
            self._writer.begin()
        assert self._writer.file is not None
        self._writer.file.lock()
        for record in self._standing.values():
            self._writer.add(record)
        self._is_whole = True
        return True

    def note(self, record: Record) -> None:
        """Write what has happened."""
        self.begin()
        self._writer.add({**record, "at": now()})

    def note_standing(self, what: str, record: Record) -> None:
        """Write what holds until something else of the kind `what` does."""
        self._standing[what] = record
        if not self.begin():
            self._writer.add(record)

    def close(self) -> None:
        """Let go of the file."""
        self._writer.close()


def now() -> int:
    """Return the time, in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000
