"""What Python callers ask of the change log: what ran, and running it again."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import partial
from itertools import islice
from typing import Any

from relive.changelog.entries import Entry
from relive.changelog.history import History, Reading
from relive.changelog.log import ChangeLog
from relive.changelog.sessions import Life
from relive.session import callers
from relive.session.answers import Error, Evaluation, SessionInfo
from relive.session.definition_answers import Redefinition
from relive.session.going_on import GoingOn
from relive.session.holds import as_receipt
from relive.session.logged import HistoryEntry, newest_news, told
from relive.session.recording import Recording
from relive.session.recovery import (
    Choice,
    Plan,
    find_life,
    is_running,
    life_of_entry,
    news,
    offered,
    plan,
    superseded,
)
from relive.session.replay import (
    FailedEntry,
    Replayed,
    ReplayedSession,
    Replaying,
    ending_of,
    refusal,
    request_of,
)
from relive.session.requests import (
    EvaluateRequest,
    RedefineRequest,
    ResumeRequest,
    UndoRequest,
)


class Recovering(GoingOn):
    """The part of a session, for callers without an event loop, that its log makes possible."""

    _recording: Recording
    replaying: Replaying[Any] | None

    @property
    def log(self) -> ChangeLog | None:
        """Where what runs is recorded before it does; None: nowhere."""
        return self._recording.log

    @log.setter
    def log(self, log: ChangeLog | None) -> None:
        with self._lock:
            self._recording.use(log)
            self._tell_state()

    @abstractmethod
    def _tell_state(self) -> None:
        """Tell the listener of the session's state."""

    def history(
        self, file: str | os.PathLike[str] | None = None, limit: int = 100
    ) -> tuple[HistoryEntry, ...]:
        """Return what was evaluated and redefined in the folder, newest first.

        With `file` that of one file. Other sessions' entries are among them.

        Raises:
            ValueError: the session has no log.
        """
        log, history = self._log()
        path = None if file is None else callers.module_file(file, self._cwd)
        found = islice(newest_news(history, path, limit, None), limit)
        return tuple(told(entry, callers.text_of, current=log.id) for entry in found)

    def recover(
        self,
        omit_last: int | None = None,
        entries: Sequence[str] | None = None,
        session: str | None = None,
        life: int | None = None,
    ) -> ReplayedSession:
        """Run again what a process that has ended had run.

        Without `omit_last` and `entries` that is definitions, imports and plain data: nothing that
        may act outside the process.

        Args:
            omit_last: all but that many, the last, and what did not end by itself.
            entries: the ids of those that are to run.
            session: whose process it was; None: the latest that ended against anybody's wish.
            life: which of that session's processes.

        Raises:
            LookupError: there is no such process in the log.
            ValueError: the session has no log, that process still runs, or the choice is nonsense.
        """
        choice = Choice(None if entries is None else tuple(entries), omit_last)
        log, history = self._log()
        found = _life(history, log.id, session, life, choice.entries or ())
        if found is None:
            raise LookupError("there is nothing to recover")
        if is_running(history, found):
            raise ValueError("that process still runs: use `restart(replay=True)`")
        reading = history.entries(found.session, found.number)
        return self._replay(found, plan(list(news(reading)), choice), reading.missing)

    def restart(
        self,
        replay: bool = False,
        omit_last: int | None = None,
        entries: Sequence[str] | None = None,
    ) -> ReplayedSession:
        """Start over with a fresh worker, and wait until it is ready.

        Args:
            replay: run in it what the one before had run.
            omit_last: all but that many, the last.
            entries: the ids of those that are to run.

        Raises:
            ValueError: there is to be a replay, but the session has no log, or the choice makes no
                sense.
        """
        if not replay:
            return _with_replay(self._wait(self.begin_restart), None)
        log, history = self._log()
        chosen = None if entries is None else tuple(entries)
        choice = Choice(chosen, (omit_last or 0) if chosen is None else None)
        found = find_life(history, log.id, log.life)
        reading = Reading() if found is None else history.entries(found.session, found.number)
        planned = Plan(()) if found is None else plan(list(news(reading)), choice)
        info: SessionInfo = self._wait(self.begin_restart)
        if found is None:
            return _with_replay(info, Replayed(0, 0, None, (), ()))
        return self._replay(found, planned, reading.missing)

    def _replay(self, life: Life, planned: Plan, damaged: int) -> ReplayedSession:
        log, history = self._log()
        self.replaying = replaying = Replaying[Error](planned)
        try:
            while (entry := replaying.next()) is not None:
                answer = self._run_again(entry, careful=planned.is_careful)
                replaying.took(ending_of(answer), _problem(answer))
        finally:
            self.replaying = None
        if not replaying.left:
            for each in (life, *superseded(history, log.id, life)):
                log.mark(each.session, each.number, "recovered")
        return _with_replay(self.info(), replace(_report(replaying, log), damaged=damaged))

    def _run_again(self, entry: Entry, *, careful: bool) -> Evaluation | Redefinition:
        request = request_of(entry, callers.text_of, careful=careful)
        answer: Evaluation | Redefinition
        if isinstance(request, EvaluateRequest):
            answer = self._wait(partial(self.submit, request))
        elif isinstance(request, RedefineRequest):
            answer = self._wait(partial(self.submit_redefine, request))
        elif isinstance(request, UndoRequest):
            answer = self._wait(partial(self.submit_undo, request))
        elif isinstance(request, ResumeRequest):
            answer = as_receipt(self._wait(partial(self.submit_resume, request)))
        else:
            answer = self._wait(partial(self.submit_revert, request))
        return answer

    def _log(self) -> tuple[ChangeLog, History]:
        log = self._recording.log
        if log is None:
            raise ValueError("nothing is logged: make the session with `log=True`")
        return log, History(log.folder)


def _life(
    history: History, own: str, session: str | None, number: int | None, ids: Sequence[str]
) -> Life | None:
    if session is not None and number is not None:
        return find_life(history, session, number)
    return life_of_entry(history, ids[0]) if ids else offered(history, own)


def _problem(answer: Evaluation | Redefinition) -> Error | None:
    if answer.error is not None or isinstance(answer, Evaluation):
        return answer.error
    reasons = refusal(answer.changes)
    return Error("Refused", reasons) if reasons else None


def _report(replaying: Replaying[Error], log: ChangeLog) -> Replayed:
    failed = None
    if replaying.failed is not None:
        entry, error = replaying.failed
        failed = FailedEntry(told(entry, callers.text_of, current=log.id), error)
    skipped = replaying.plan.skipped
    return Replayed(replaying.total, replaying.done, failed, replaying.left, skipped)


def _with_replay(info: SessionInfo, replay: Replayed | None) -> ReplayedSession:
    known = {each.name: getattr(info, each.name) for each in fields(SessionInfo)}
    return ReplayedSession(**known, replay=replay)
