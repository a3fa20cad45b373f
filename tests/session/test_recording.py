"""Each request is in the change log before it runs, and has exactly one outcome there."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from disks import HeldDisk

from conftest import MAX_WAIT_S
from relive.changelog import syncing
from relive.changelog.entries import Entry
from relive.changelog.history import History
from relive.changelog.log import ChangeLog
from relive.changelog.policy import Policy, Sync
from relive.session.answers import Evaluation
from relive.session.events import Event, Started
from relive.session.requests import EvaluateRequest
from relive.session.session import Session

KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


def entries(workspace: Path) -> list[Entry]:
    """All entries, oldest first."""
    return History(workspace).newest()[::-1]


def statuses(workspace: Path) -> list[str | None]:
    return [each.outcome and each.outcome.status for each in entries(workspace)]


@pytest.fixture
def logged(make_session, workspace: Path) -> Session:
    return make_session(log=True)


def test_what_is_asked_for_is_recorded_with_what_came_of_it(
    logged: Session, workspace: Path
) -> None:
    file = workspace / "m.py"
    file.write_text("x = 1\ndef f():\n    return x\n")
    logged.evaluate("x = 1", "m.py")
    logged.evaluate("f()", "m.py")
    logged.evaluate("1 / 0")
    logged.redefine("m.py", "x = 1\ndef f():\n    return -x\n", "f")
    logged.redefine("m.py", "x = 1\ndef f(:\n")
    found = entries(workspace)
    assert [each.number for each in found] == [1, 2, 3, 4, 5]
    assert {each.life for each in found} == {1}
    assert [each.change.kind for each in found] == ["evaluate"] * 3 + ["redefine"] * 2
    assert {each.change.origin for each in found} == {"python"}
    assert statuses(workspace) == ["ok", "ok", "error", "ok", "error"]
    first, _, failed, changed, broken = found
    assert (first.change.file, first.change.text, first.change.line) == (str(file), "x = 1", 0)
    assert first.change.document == file.read_text()
    assert first.outcome is not None
    assert first.outcome.module == "m"
    assert failed.outcome is not None
    assert failed.outcome.error == "ZeroDivisionError: division by zero"
    assert changed.change.name == "f"
    assert changed.outcome is not None
    assert [(each.name, each.outcome) for each in changed.outcome.definitions] == [
        ("f", "redefined")
    ]
    assert broken.outcome is not None
    assert (broken.outcome.error or "").startswith("SyntaxError: ")


def test_without_a_log_nothing_is_written(make_session, workspace: Path) -> None:
    session = make_session()
    assert session.evaluate("1").not_logged is None
    assert session.info().log is None
    assert os.listdir(workspace) == []


def test_asking_and_looking_is_not_recorded(logged: Session, workspace: Path) -> None:
    logged.patches()
    logged.restart()
    logged.inspect("1 + 1")
    logged.interrupt()
    assert os.listdir(workspace) == []


def test_the_state_says_where_the_log_is(logged: Session, workspace: Path) -> None:
    told = logged.info().to_json()["log"]
    assert told == {"folder": str(workspace / ".relive")}


class Ends:
    """How a life can end, and what the log then says."""

    @staticmethod
    def died(session: Session) -> None:
        session.evaluate(KILL)

    @staticmethod
    def restarted(session: Session) -> None:
        session.restart()

    @staticmethod
    def closed(session: Session) -> None:
        session.close()

    @staticmethod
    def stopped(session: Session) -> None:
        answers: list[Evaluation] = []
        session.submit(EvaluateRequest("while True: pass"), answers.append)
        session.terminate()
        assert answers[0].status == "died"


@pytest.mark.parametrize("how", ["died", "restarted", "closed", "stopped"])
@pytest.mark.no_copies("its process ends for good")
def test_a_life_ends_with_its_worker(logged: Session, workspace: Path, how: str) -> None:
    logged.evaluate("1")
    getattr(Ends, how)(logged)
    (recorded,) = History(workspace).sessions()
    (life,) = recorded.lives
    assert life.how == how
    assert life.reason
    assert recorded.closed == (how == "closed")
    assert (History(workspace).recoverable(recorded.id) is not None) == (how == "died")


@pytest.mark.no_copies("its process ends for good")
def test_each_worker_has_a_life_of_its_own(logged: Session, workspace: Path) -> None:
    logged.evaluate("1")
    logged.evaluate(KILL)
    logged.evaluate("2")
    logged.restart()
    logged.restart()
    logged.evaluate("3")
    assert [each.life for each in entries(workspace)] == [1, 1, 2, 3]
    (recorded,) = History(workspace).sessions()
    assert [life.how for life in recorded.lives] == ["died", "restarted", None]


def test_a_worker_that_cannot_start_leaves_no_life_to_recover(
    make_session, workspace: Path
) -> None:
    session = make_session("/no/such/python", log=True)
    assert session.evaluate("1").status == "died"
    assert statuses(workspace) == ["cancelled"]
    (recorded,) = History(workspace).sessions()
    assert History(workspace).recoverable(recorded.id) is None


@pytest.mark.no_copies("its process ends for good")
def test_what_waited_when_the_worker_died_never_ran(logged: Session, workspace: Path) -> None:
    answers: list[Evaluation] = []
    logged.evaluate("1")
    for text in (KILL, "2"):
        logged.submit(EvaluateRequest(text), answers.append)
    answers.append(logged.evaluate("3"))
    assert [each.status for each in answers] == ["died"] * 3
    assert statuses(workspace) == ["ok", "died", "cancelled", "cancelled"]


def test_what_was_dropped_while_it_waited_never_ran(make_session, workspace: Path) -> None:
    session = make_session(log=True, ask=lambda request, reply: session.interrupt())
    answers: list[Evaluation] = []
    for text in ("input()", "2"):
        session.submit(EvaluateRequest(text), answers.append)
    answers.append(session.evaluate("3"))
    assert session.evaluate("4").status == "ok"
    assert [each.status for each in answers] == ["interrupted"] * 3
    assert statuses(workspace) == ["interrupted", "cancelled", "cancelled", "ok"]


# -- what is not safe yet ---------------------------------------------------------------------


class Controlled:
    """A session on a log whose disk the test holds."""

    def __init__(self, make_session, workspace: Path, sync: Sync) -> None:
        self.disk = HeldDisk(workspace)
        self.marker = workspace / "ran"
        self.log = ChangeLog(workspace, Policy(sync), disk=self.disk)
        self.begun = threading.Event()
        self.session: Session = make_session(log=self.log, listener=self._hear)
        assert self.session.evaluate("import pathlib").status == "ok"
        self.begun.clear()
        self.disk.hold()

    def _hear(self, event: Event) -> None:
        if isinstance(event, Started):
            self.begun.set()

    def begin(self) -> list[Evaluation]:
        """Ask for an evaluation that leaves a mark, and wait until the disk has to sync it."""
        answers: list[Evaluation] = []
        text = f"pathlib.Path({str(self.marker)!r}).touch()"
        self.session.submit(EvaluateRequest(text), answers.append)
        assert self.disk.asked.wait(MAX_WAIT_S)
        return answers

    def has_begun(self) -> bool:
        """Whether the worker was given anything; it has answered a question since."""
        self.session.patches()
        return self.begun.is_set()


@pytest.fixture
def controlled(make_session, workspace: Path) -> Iterator[Callable[[Sync], Controlled]]:
    made: list[Controlled] = []

    def make(sync: Sync) -> Controlled:
        made.append(Controlled(make_session, workspace, sync))
        return made[-1]

    yield make
    for each in made:
        each.disk.lets.set()


def test_nothing_runs_before_the_disk_has_it_if_that_is_wanted(controlled) -> None:
    held = controlled("before")
    answers = held.begin()
    assert not held.has_begun()
    assert held.session.info().state == "busy"
    held.disk.lets.set()
    assert held.session.evaluate("2").not_logged is None
    assert [(each.status, each.not_logged) for each in answers] == [("ok", None)]
    assert held.marker.exists()


def test_usually_nothing_waits_for_the_disk(controlled, workspace: Path) -> None:
    held = controlled("soon")
    answers = held.begin()
    assert held.session.evaluate("2").not_logged is None
    assert [each.status for each in answers] == ["ok"]
    assert held.marker.exists()
    assert not held.disk.lets.is_set()
    assert statuses(workspace) == ["ok"] * 3


def test_what_waits_for_the_disk_can_be_interrupted(controlled, workspace: Path) -> None:
    held = controlled("before")
    answers = held.begin()
    assert held.session.interrupt()
    assert [each.status for each in answers] == ["interrupted"]
    held.disk.lets.set()
    assert held.session.evaluate("2").status == "ok"
    assert not held.marker.exists()
    assert statuses(workspace) == ["ok", "cancelled", "ok"]


def test_changes_that_wait_for_the_disk_keep_their_order(controlled, workspace: Path) -> None:
    held = controlled("before")
    file = workspace / "m.py"
    file.write_text("def f():\n    return 1\n")
    held.disk.lets.set()
    session = held.session
    session.evaluate("f()", "m.py")
    held.begun.clear()
    answers: list[Evaluation] = []
    waiting = "import threading\nthreading.Event().wait()"
    session.submit(EvaluateRequest(waiting), answers.append)
    assert held.begun.wait(MAX_WAIT_S)
    held.disk.hold()
    changed = threading.Thread(
        target=session.redefine, args=("m.py", "def f():\n    return 2\n", "f")
    )
    changed.start()
    assert held.disk.asked.wait(MAX_WAIT_S)
    held.disk.lets.set()
    changed.join(MAX_WAIT_S)
    assert not answers
    session.interrupt()
    assert session.evaluate("f()", "m.py").results[-1].value.text == "2"
    assert [each.status for each in answers] == ["interrupted"]


def test_a_slow_disk_holds_nobody_up_for_long(
    controlled, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "SLOW_S", 0.01)
    held = controlled("before")
    answer = held.session.evaluate("1")
    assert not held.disk.lets.is_set()
    assert answer.status == "ok"
    assert "takes long" in (answer.not_logged or "")


@pytest.mark.parametrize("sync", ["before", "soon"])
def test_a_disk_that_fails_is_told_and_stops_nothing(controlled, sync: Sync) -> None:
    held = controlled(sync)
    held.disk.breaks = True
    held.disk.lets.set()
    answers = [held.session.evaluate("1")]
    while answers[-1].not_logged is None:  # `soon` knows it a moment later
        answers.append(held.session.evaluate("1"))
    assert {each.status for each in answers} == {"ok"}
    assert "disk" in (answers[-1].not_logged or "")
    assert held.session.info().to_json()["log"]["problem"] == answers[-1].not_logged


def test_a_full_disk_is_told_until_there_is_room_again(controlled, workspace: Path) -> None:
    held = controlled("soon")
    held.disk.is_full = True
    answer = held.session.evaluate("1")
    assert answer.status == "ok"
    assert "No space left" in (answer.not_logged or "")
    held.disk.is_full = False
    assert held.session.evaluate("2").not_logged is None
    assert [each.change.text for each in entries(workspace)][1:] == ["2"]


def test_a_folder_that_cannot_be_written_to_is_told(make_session, workspace: Path) -> None:
    (workspace / ".relive").write_text("in the way")
    session = make_session(log=True)
    answer = session.evaluate("1 + 1")
    assert answer.status == "ok"
    assert "link or no folder" in (answer.not_logged or "")
    file = workspace / "m.py"
    file.write_text("def f(): pass\n")
    assert session.redefine("m.py").not_logged == answer.not_logged


def test_two_sessions_on_one_folder_write_logs_of_their_own(make_session, workspace: Path) -> None:
    one, other = make_session(log=True), make_session(log=True)
    for each in (one, other, one):
        assert each.evaluate("1").not_logged is None
    found = History(workspace).sessions()
    assert sorted(life.entries for each in found for life in each.lives) == [1, 2]
    assert all(each.alive for each in found)


def test_an_undo_says_what_it_undoes_and_what_ran_until_then(
    logged: Session, workspace: Path
) -> None:
    file = workspace / "m.py"
    file.write_text("def f():\n    return 1\n")
    logged.evaluate("import m")
    logged.redefine("m.py", "def f():\n    return 2\n", "f")
    logged.evaluate("def f():\n    return 3", "m.py")
    logged.evaluate("1")
    for _ in range(3):
        logged.undo()
    *_, evaluated, plain, first, second, none = entries(workspace)
    redefined = entries(workspace)[1]
    assert [each.change.kind for each in (first, second, none)] == ["undo"] * 3
    assert [each.change.of for each in (first, second, none)] == [evaluated.id, redefined.id, None]
    assert statuses(workspace)[-3:] == ["ok", "ok", "refused"]
    assert first.outcome is not None
    assert [each.before for each in first.outcome.definitions] == ["def f():\n    return 3"]
    assert plain.change.text == "1"
