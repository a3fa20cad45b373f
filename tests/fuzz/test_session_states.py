"""L19: whatever is asked of a session in whatever order, each request has one answer, and it goes on.

And each has one entry in the change log, with the outcome that the answer tells.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import tempfile
from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from conftest import MAX_WAIT_S
from relive.changelog.history import History
from relive.changelog.policy import Policy, Sync
from relive.session.answers import SessionInfo
from relive.session.requests import EvaluateRequest, RedefineRequest
from relive.session.session import Session

CODE = {
    "value": ("1 + 1", "ok"),
    "output": ("print('x' * 100_000)", "ok"),
    "error": ("1 / 0", "error"),
    "broken": ("def (", "error"),
    "exit": ("raise SystemExit", "error"),
    "endless": ("while True: pass", None),
    "blocked": ("import time; time.sleep(600)", None),
    "death": ("import os; os._exit(3)", "died"),
    "crash": ("import os; os.abort()", "died"),
}


@dataclass
class Asked:
    """A request, the answers it has had, and those it may have."""

    what: str
    may: set[str]
    answers: list[Any] = field(default_factory=list)
    is_logged: bool = True

    @property
    def is_open(self) -> bool:
        return not self.answers


class SessionStates(RuleBasedStateMachine):
    """A real session with a real worker."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.session = Session(cwd=self.folder.name, log=True)
        self.asked: list[Asked] = []
        self.restarts: list[tuple[int, list[SessionInfo]]] = []
        self.is_closed = False
        self.deaths = 0
        """How many times the worker was killed or asked to end itself."""
        self.is_doomed = False
        """Whether a death may be under way that nobody has noticed yet."""

    @initialize(sync=st.sampled_from(["soon", "before", "never"]))
    def start(self, sync: Sync) -> None:
        assert self.session.log is not None
        self.session.log.policy = Policy(sync)
        assert self.session.info().state == "idle"
        assert self.session.info().pid is None

    # -- what can be asked -------------------------------------------------------------------------

    @rule(kind=st.sampled_from(sorted(CODE)))
    def evaluate(self, kind: str) -> None:
        code, status = CODE[kind]
        asked = self._ask(kind, status)
        with self.session._lock:
            self.session.submit(EvaluateRequest(code), asked.answers.append)
        if status == "died":
            self._doom()

    @rule()
    def redefine(self) -> None:
        asked = self._ask("redefinition", "ok")
        asked.may |= {"partial", "refused", "error"}  # an error is how its worker's death is told
        request = RedefineRequest("/nowhere/a.py", "def f(): return 1\n", "f")
        with self.session._lock:
            self.session.submit_redefine(request, asked.answers.append)

    @rule()
    def interrupt(self) -> None:
        for each in self._open():
            each.may.add("interrupted")
        self.session.interrupt()

    @rule()
    def restart(self) -> None:
        self._allow_death()
        infos: list[SessionInfo] = []
        with self.session._lock:
            if not self.is_closed:
                self.session.begin_restart(infos.append)
                self.restarts.append((self.session.info().generation, infos))
        self.is_doomed = False

    @rule()
    def kill_from_outside(self) -> None:
        with self.session._lock:
            pid = self.session.info().pid
            if pid is not None:
                self._doom()
                kill(pid)

    @precondition(lambda self: not self.is_closed)
    @rule()
    def settle(self) -> None:
        """Wait until all that can end by itself has."""
        if any(CODE.get(each.what, ("", ""))[1] is None for each in self._open()):
            self.interrupt()
        self._run_until(lambda: not self._open())
        if self.is_doomed:
            self._run_until_dead_or_new()

    @precondition(lambda self: not self.is_closed)
    @rule()
    def go_on(self) -> None:
        self.settle()
        asked = self._ask("value", "ok")
        asked.answers.append(self.session.evaluate("6 * 7"))

    @rule(really=st.integers(0, 9))
    def close(self, really: int) -> None:
        if really == 0:  # seldom: nothing happens afterwards
            self._allow_death()
            self.session.close()
            self.is_closed = True

    # -- what always holds -------------------------------------------------------------------------

    @invariant()
    def each_has_at_most_one_answer_and_it_is_one_it_may_have(self) -> None:
        for each in self.asked:
            assert len(each.answers) <= 1
            for answer in each.answers:
                assert answer.status in each.may, (each, answer.error)

    @invariant()
    def it_knows_its_state(self) -> None:
        info = self.session.info()
        assert info.state in ("idle", "busy", "dead", "starting")
        if self.is_closed:
            assert info.pid is None

    def teardown(self) -> None:
        self._allow_death()
        self.session.close()
        assert all(len(each.answers) == 1 for each in self.asked), self.asked
        self.each_has_at_most_one_answer_and_it_is_one_it_may_have()
        self.each_has_one_entry_with_its_outcome()
        self.folder.cleanup()

    def each_has_one_entry_with_its_outcome(self) -> None:
        history = History(self.folder.name)
        entries = history.newest(limit=1000)[::-1]
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
        logged = [each for each in self.asked if each.is_logged]
        # A worker that is killed goes back to its last checkpoint by itself, which has an entry of its own.
        came_back = [entry for entry in entries if entry.change.kind == "rewind"]
        assert all(entry.change.unasked for entry in came_back)
        assert len(came_back) <= self.deaths
        answered = [entry for entry in entries if entry not in came_back]
        for asked, entry in zip(logged, answered, strict=True):
            assert entry.outcome is not None
            assert entry.outcome.status in outcomes_of(asked.answers[0]), (asked, entry)
        lives = [life for each in history.sessions() for life in each.lives]
        assert sum(life.entries for life in lives) == len(entries)
        assert all(life.how is not None for life in lives)

    # -- helpers -----------------------------------------------------------------------------------

    def _ask(self, what: str, status: str | None) -> Asked:
        asked = Asked(what, set() if status is None else {status})
        if self.is_closed or self.is_doomed:
            asked.may.add("died")
        asked.is_logged = not self.is_closed
        self.asked.append(asked)
        return asked

    def _open(self) -> list[Asked]:
        return [each for each in self.asked if each.is_open]

    def _doom(self) -> None:
        self.is_doomed = True
        self.deaths += 1
        self._allow_death()

    def _allow_death(self) -> None:
        for each in self._open():
            each.may.add("died")

    def _run_until(self, is_done: Any) -> None:
        driver = self.session._driver
        if driver is not None:
            driver.run_until(is_done)  # type: ignore[attr-defined]

    def _run_until_dead_or_new(self) -> None:
        """A worker that was killed is noticed: it is given up, or its last checkpoint goes on in its place."""

        def is_dead() -> bool:
            with self.session._lock:
                worker = self.session._worker
                return worker is not None and not worker.is_running()

        self._run_until(lambda: not is_dead())
        self.is_doomed = False


def outcomes_of(answer: Any) -> set[str]:
    """Return how the log may say that a request with this answer ended."""
    status = answer.status
    if answer.error is not None and answer.error.type == "WorkerDied":
        status = "died"
    return {status, "cancelled"} if status in ("died", "interrupted") else {status}


def kill(pid: int) -> None:
    """Kill the process, and wait until it is dead."""
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        os.kill(pid, signal.SIGKILL)
        select.select([handle], [], [], MAX_WAIT_S)
        os.close(handle)


SessionStates.TestCase.settings = settings(
    max_examples=settings().max_examples // 5, stateful_step_count=12
)
TestSessionStates = SessionStates.TestCase
