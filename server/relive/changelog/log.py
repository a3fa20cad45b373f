"""The change log of a session: what is to run is written before it does, what came of it after."""

from __future__ import annotations

import os
import platform
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from relive.changelog.disk import Disk, LocalDisk
from relive.changelog.documents import DocumentsWritten
from relive.changelog.folder import prepare
from relive.changelog.key import NoKey, user_key
from relive.changelog.places import Places, session_log
from relive.changelog.policy import Policy
from relive.changelog.records import Heading, outcome_of, part_of
from relive.changelog.segments import LogWriter
from relive.changelog.syncing import Driver, Syncing, WhenSafe

if TYPE_CHECKING:
    from relive.changelog.entries import Change, Outcome
    from relive.changelog.lines import Record

Mark = Literal["recovered", "dismissed"]
Ending = Literal["died", "stopped", "restarted", "closed"]


class _Failed(Exception):  # noqa: N818 - what writing has
    """Nothing can be written; says why."""


class _SourceLog:
    """The history of one source file, as this session adds to it."""

    def __init__(self, writer: LogWriter) -> None:
        self.writer = writer
        self._documents = DocumentsWritten()

    def add(self, record: Record, document: str | None) -> None:
        """Write a record with a document."""
        if self.writer.begin(apart=len(document or "")):
            self._documents.start_over()
        if document is None:
            self.writer.add(record)
        else:
            self.writer.add({**record, "document": self._documents.stored(document)})
            self._documents.keep()


class ChangeLog:
    """Records what one session is asked for. Nothing here raises: `problem` says what is wrong.

    Nothing is on the disk before the first entry is. All calls come from one thread.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        policy: Policy | None = None,
        *,
        disk: Disk | None = None,
        key: bytes | None = None,
    ) -> None:
        """Make the log of a new session.

        Args:
            folder: the workspace's.
            policy: how safe, and how much.
            disk: where to write, if not to `.relive` in the folder.
            key: what marks the log, if not the user's own key.
        """
        self.folder = Path(os.path.abspath(folder))
        self.id = time.strftime("%Y%m%dT%H%M%S", time.gmtime()) + f"-{secrets.token_hex(3)}"
        self.life = 0
        self._problem: str | None = None
        self._policy = policy or Policy()
        self._disk = disk or LocalDisk(self.folder)
        self._key = key
        self._places = Places(self.folder)
        self._syncing = Syncing()
        self._session: LogWriter | None = None
        self._life: Record = {}
        self._sources: dict[str, _SourceLog] = {}
        self._number = 0
        self._running: dict[int, _SourceLog] = {}

    @property
    def problem(self) -> str | None:
        """Why nothing is written at present, or it is not safe; in words."""
        return self._syncing.failure or self._problem

    def attach(self, driver: Driver) -> None:
        """Have callbacks come on the thread of a session's driver."""
        self._syncing.attach(driver)

    def begin_life(self, python: str) -> int:
        """Note that a worker starts; return the number of its life."""
        self.life += 1
        self._life = {"life": self.life, "at": _now(), "python": python, "first": self._number + 1}
        return self.life

    def end_life(self, how: Ending, reason: str | None = None) -> None:
        """Note that the worker has ended. A life without entries leaves no trace."""
        life, self._life = self._life, {}
        if not life and self._session is not None:
            self._note({"end": self.life, "at": _now(), "how": how, "reason": reason})

    def record(self, change: Change) -> int:
        """Write what is to run; return its number, or 0 if it could not be written."""
        number = self._number + 1
        heading = Heading(number, self.life, _now())
        changes = [(change.file, change.document), *change.others]
        written: list[_SourceLog] = []
        try:
            self._begin()
            for part, (file, document) in enumerate(changes):
                source = self._source(file)
                source.add(part_of(change, heading, part, self._places), document)
                written.append(source)
        except (OSError, _Failed) as error:
            self._fail(error)
            return 0
        self._problem = None
        for source in written:
            self._wrote(source.writer)
        self._number = number
        self._running[number] = written[0]
        return number

    def when_safe(self, number: int, callback: WhenSafe) -> None:
        """Call back when the entry is as safe as the policy wants it, with None, or with why not.

        It is called at once, or later on the driver's thread.
        """
        if not number:
            callback(self.problem)
        elif self._policy.sync == "before":
            self._syncing.when_safe(callback)
        else:
            callback(self.problem)

    def outcome(self, number: int, outcome: Outcome) -> None:
        """Write what came of an entry."""
        source = self._running.pop(number, None)
        if source is None:
            return
        try:
            source.add(outcome_of(number, outcome, self._places), None)
        except OSError as error:
            self._fail(error)
        else:
            self._wrote(source.writer)

    def mark(self, session: str, life: int, how: Mark) -> None:
        """Note what has become of a life, be it of an earlier session."""
        try:
            self._begin()
        except (OSError, _Failed) as error:
            self._fail(error)
        else:
            self._note({"mark": how, "session": session, "of_life": life, "at": _now()})

    def close(self, how: str = "closed") -> None:
        """Note that the session has ended, and let go of its files."""
        if self._session is not None:
            self._note({"closed": how, "at": _now()})
            for writer in (self._session, *(each.writer for each in self._sources.values())):
                writer.close()
        self._syncing.close()

    def _begin(self) -> None:
        """See that the session's own log is there, and has the present life."""
        if self._syncing.failure is not None:
            raise _Failed(self._syncing.failure)
        if self._session is None:
            self._session = self._open_session()
        if self._session.begin():
            assert self._session.file is not None
            self._session.file.lock()
        life, self._life = self._life, {}
        if life:
            self._note(life)

    def _open_session(self) -> LogWriter:
        if self._key is None:
            try:
                self._key = user_key()
            except NoKey as error:
                raise _Failed(str(error)) from error
        prepare(self._disk)
        heading = {
            "session": self.id,
            "at": _now(),
            "cwd": str(self.folder),
            "host": platform.node(),
            "process": os.getpid(),
        }
        return LogWriter(self._disk, session_log(self.id), self._key, heading, self._syncing.retire)

    def _source(self, file: str | None) -> _SourceLog:
        """Return the log of a source file; the session's log has its name first."""
        place = self._places.history_of(file)
        source = self._sources.get(place)
        if source is None:
            assert self._key is not None
            heading = {"session": self.id, "file": self._places.stored(file)}
            log = f"{place}/{self.id}"
            writer = LogWriter(self._disk, log, self._key, heading, self._syncing.retire)
            self._note({"history": log})
            source = self._sources[place] = _SourceLog(writer)
        return source

    def _note(self, record: Record) -> None:
        """Write to the session's own log."""
        assert self._session is not None
        try:
            self._session.begin()
            self._session.add(record)
        except OSError as error:
            self._fail(error)
        else:
            self._wrote(self._session)

    def _wrote(self, writer: LogWriter) -> None:
        if self._policy.sync != "never" and writer.file is not None:
            self._syncing.wrote(writer.file)

    def _fail(self, error: Exception) -> None:
        words = error.strerror if isinstance(error, OSError) else str(error)
        self._problem = f"changes are not logged: {words}"


def _now() -> int:
    return time.time_ns() // 1_000_000
