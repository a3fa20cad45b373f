"""The change log of a session: what is to run is written before it does, what came of it after."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from relive.changelog.disk import NAME, Appended, Disk, LocalDisk
from relive.changelog.history import History
from relive.changelog.key import NoKey
from relive.changelog.lines import log_key
from relive.changelog.places import Places
from relive.changelog.policy import Policy
from relive.changelog.records import Heading, outcome_of, part_of
from relive.changelog.redaction import Redacted, redacted
from relive.changelog.retention import tidy
from relive.changelog.segments import LogWriter
from relive.changelog.session_log import SessionLog, now
from relive.changelog.source_log import SourceLog
from relive.changelog.syncing import Driver, Syncing, WhenSafe

if TYPE_CHECKING:
    from relive.changelog.entries import Change, Outcome
    from relive.changelog.lines import Record

Mark = Literal["recovered", "dismissed"]
Ending = Literal["died", "stopped", "restarted", "closed"]

TOO_LARGE = "the code, or its file, is too large to be logged whole"


class ChangeLog:
    """Records what one session is asked for. Nothing here raises: `problem` says what is wrong.

    Nothing is on the disk before the first entry is. All calls come from one thread at a time.
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
        self.path = str(self.folder / NAME)
        """Where the logs are."""
        self.id = time.strftime("%Y%m%dT%H%M%S", time.gmtime()) + f"-{os.urandom(3).hex()}"
        self.life = 0
        self.policy = policy or Policy()
        """Can be exchanged; it holds from the next entry on."""
        self._disk = disk or LocalDisk(self.folder)
        self._key = key
        self._places = Places(self.folder)
        self._syncing = Syncing()
        self._problem: str | None = None
        self._session: SessionLog | None = None
        self._sources: dict[str, SourceLog] = {}
        self._number = 0
        self._begun: Record | None = None
        """The life that has no entry yet."""
        self._tidying: threading.Thread | None = None
        self._running: dict[int, tuple[SourceLog, Redacted]] = {}
        """What has no outcome yet, and the log it is in."""

    @property
    def problem(self) -> str | None:
        """Why nothing is written at present, or what is written is not safe; in words."""
        return self._syncing.failure or self._problem

    def attach(self, driver: Driver) -> None:
        """Have callbacks come on the thread of a session's driver."""
        self._syncing.attach(driver)

    def begin_life(self, python: str) -> int:
        """Note that a worker starts; return the number of its life."""
        self.life += 1
        self._begun = {"life": self.life, "at": now(), "python": python, "first": self._number + 1}
        return self.life

    def end_life(self, how: Ending, reason: str | None = None) -> None:
        """Note that the worker has ended. A life without entries leaves no trace."""
        begun, self._begun = self._begun, None
        if begun is None:
            self._note({"end": self.life, "last": self._number, "how": how, "reason": reason})

    def record(self, change: Change) -> int:
        """Write what is to run; return its number, or 0 if it could not be written."""
        number, stored = self._number + 1, redacted(change)
        heading = Heading(number, self.life, now(), stored.hidden, stored.lacks)
        try:
            logs = self._write(stored.change, heading)
        except (OSError, NoKey) as error:
            self._fail(error)
            return 0
        finally:
            self._number = number  # one that is not there is told, when the log is read
        self._problem = None
        self._running[number] = logs[0], stored
        self._begin_tidying()
        return number

    def when_safe(self, number: int, callback: WhenSafe) -> None:
        """Call back when the entry is as safe as the policy wants it, with None, or with why not.

        It is called at once, or later on the driver's thread.
        """
        _, stored = self._running.get(number, (None, None))
        if stored is not None and stored.lacks == "size":
            callback(TOO_LARGE)
        elif number and self.policy.sync == "before":
            self._syncing.when_safe(callback)
        else:
            callback(self.problem)

    def outcome(self, number: int, outcome: Outcome) -> None:
        """Write what came of an entry."""
        log, stored = self._running.pop(number, (None, None))
        if log is None or stored is None:
            return
        try:
            log.add(outcome_of(number, stored.outcome(outcome), self._places))
        except OSError as error:
            self._fail(error)
        else:
            self._wrote(log.file)

    def mark(self, session: str, life: int, how: Mark) -> None:
        """Note what has become of a life, be it of an earlier session."""
        self._note({"mark": how, "session": session, "of_life": life}, begin=True)

    def close(self, how: str = "closed") -> None:
        """Note that the session has ended, and let go of its files; does not wait for the disk."""
        self._note({"closed": how, "last": self._number})
        for log in (*self._sources.values(), self._session):
            if log is not None:
                log.close()
        self._session = None
        self._syncing.close()

    def wait(self) -> None:
        """Return when a log that was closed is as safe as it will be."""
        self._syncing.wait()
        if self._tidying is not None:
            self._tidying.join()

    def _write(self, change: Change, heading: Heading) -> list[SourceLog]:
        """Write the parts of an entry, all of them or none."""
        session = self._own()
        if self._begun is not None:
            session.note_standing("life", self._begun)
            self._begun = None
        logs: list[SourceLog] = []
        try:
            for file, document in ((change.file, change.document), *change.others):
                log = self._source(file, document)
                log.add(part_of(change, heading, len(logs), self._places), document)
                logs.append(log)
        except OSError:
            for log in logs:
                log.take_back()
            raise
        for log in logs:
            self._wrote(log.file)
        return logs

    def _own(self) -> SessionLog:
        """Return the session's own log."""
        if self._syncing.failure is not None:
            raise OSError(0, self._syncing.failure)
        if self._session is None:
            self._key = self._key or log_key()
            self._session = SessionLog(self._disk, self.id, self._key, self.folder, self._retire)
        return self._session

    def _source(self, file: str | None, document: str | None) -> SourceLog:
        """Return the log of a source file, ready for a record; the session's log names it first."""
        place = self._places.history_of(file)
        log = self._sources.get(place)
        if log is not None and log.is_ready(document):
            return log
        assert self._key is not None
        assert self._session is not None
        if log is None:
            path, stored = f"{place}/{self.id}", self._places.stored(file)
            self._session.note_standing(place, {"history": path, "file": stored})
            heading = {"session": self.id, "file": stored}
            log = SourceLog(LogWriter(self._disk, path, self._key, heading, self._retire))
            self._sources[place] = log
        else:
            self._session.begin()  # if the file is gone, that one may be too
        self._wrote(self._session.file)
        log.begin()
        return log

    def _note(self, record: Record, *, begin: bool = False) -> None:
        """Write to the session's own log, if there is one by now."""
        if self._session is None and not begin:
            return
        try:
            session = self._own()
            session.note(record)
        except (OSError, NoKey) as error:
            self._fail(error)
        else:
            self._wrote(session.file)

    def _wrote(self, file: Appended | None) -> None:
        if self.policy.sync != "never" and file is not None:
            self._syncing.wrote(file)

    def _retire(self, file: Appended) -> None:
        if self.policy.sync != "never":
            self._syncing.retire(file)
        else:
            file.close()

    def _begin_tidying(self) -> None:
        """See to the sessions of the past, once there is something new."""
        if self._tidying is None:
            self._tidying = threading.Thread(target=self._tidy, name="relive-tidy", daemon=True)
            self._tidying.start()

    def _tidy(self) -> None:
        history = History(self.folder, disk=self._disk, key=self._key)
        with contextlib.suppress(OSError):  # the next session tries again
            tidy(self._disk, history, self.policy, self.id)

    def _fail(self, error: Exception) -> None:
        words = getattr(error, "strerror", None) or str(error)
        self._problem = f"changes are not logged: {words}"
