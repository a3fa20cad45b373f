"""Going back in a session: by checkpoints, by running again, after a crash; and what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checkpoints.conftest import SETTINGS
from checkpoints.test_hazards import ok, text
from conftest import MakeSession
from ending import ENDS_IN_SESSIONS
from relive.session.checkpoints import Checkpoints
from relive.session.events import Event, Rewound
from relive.session.requests import EvaluateRequest, RedefineRequest
from relive.session.rewinds import CannotRewindError, RewoundSession
from relive.session.session import Session

VETOES = {
    "a thread that runs on": (
        "import threading; stop = threading.Event(); t = threading.Thread(target=stop.wait); t.start()",
        "stop.set(); t.join()",
        "runs on",
    ),
    "a write transaction": (
        "import sqlite3; db = sqlite3.connect('veto.db'); c = db.execute('create table t(x)'); "
        "c = db.execute('insert into t values (1)')",
        "db.commit(); db.close()",
        "a file is locked",
    ),
    "a file that is locked": (
        "import fcntl; lf = open('locked.txt', 'w'); fcntl.flock(lf, fcntl.LOCK_EX)",
        "lf.close()",
        "a file is locked",
    ),
    "a connection": (
        "import socket; a, b = socket.socketpair()",
        "a.close(); b.close()",
        "a socket",
    ),
    "a thread that is not Python's": (
        "import ctypes\nc = ctypes.CDLL(None); thread = ctypes.c_ulong()\n"
        "c.pthread_create(ctypes.byref(thread), None, c.pause, None)",
        "c.pthread_cancel(thread); c.pthread_join(thread, None)",
        "1 threads that a library has started",
    ),
    "a pipe to a child": (
        "import subprocess; cat = subprocess.Popen(['cat'], stdin=subprocess.PIPE)",
        "cat.stdin.close(); cat.wait()",
        "a pipe",
    ),
}


@pytest.fixture
def session(make_session) -> Session:
    return make_session(settings=SETTINGS)


@pytest.mark.parametrize(("opened", "closed", "why"), VETOES.values(), ids=VETOES.keys())
def test_no_copy_is_made_of_what_it_would_break(
    live: Session, opened: str, closed: str, why: str
) -> None:
    if live.evaluate(opened).status != "ok":
        pytest.skip("this interpreter lacks a module")
    vetoed = live.evaluate("1")
    offer = live.rewind_offer(vetoed.id)
    (again,) = offer.again
    assert opened.startswith(again.removesuffix(" …"))
    assert offer.why_not is not None
    assert why in offer.why_not
    assert ok(live.evaluate(closed))
    assert live.rewind_offer(live.evaluate("2").id).again == ()


SENT = {
    "a socket": (
        "import socket; a, b = socket.socketpair()",
        "a.send(b'x')",
        "a.close(); b.close()",
    ),
    "a pipe": (
        "import subprocess; cat = subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=-3)",
        "cat.stdin.write(b'x'), cat.stdin.flush()",
        "cat.stdin.close(); cat.wait()",
    ),
}


@pytest.mark.parametrize("by", SENT)
def test_what_may_be_sent_by_what_is_open_is_told(live: Session, by: str) -> None:
    opened, sends, closed = SENT[by]
    assert ok(live.evaluate(opened))
    sent = live.evaluate(sends)
    live.evaluate("x = 1 + 1")
    told = f"{sends}: it had {by} open, by which it may have sent something, which is not undone"
    offered = [each for each in live.rewind_offer(sent.id).warnings if "may have sent" in each]
    assert offered == [told]  # and not what only computes
    rewound = live.rewind(sent.id).rewind
    assert rewound is not None
    assert told in rewound.warnings
    assert ok(live.evaluate(closed))


def test_what_ran_since_a_checkpoint_runs_again(make_session) -> None:
    heard: list[Event] = []
    session = make_session(settings=SETTINGS, listener=heard.append)
    session.evaluate("x = 0")
    session.evaluate("import threading; stop = threading.Event()")
    session.evaluate("t = threading.Thread(target=stop.wait); t.start()")
    steps = [session.evaluate("x += 1") for _ in range(4)]
    offer = session.rewind_offer(steps[3].id)
    assert offer.again == ("t = threading.Thread(target=stop.wait); t.start()", *["x += 1"] * 3)
    report = session.rewind(steps[3].id).rewind
    assert report is not None
    assert (report.by, report.replayed, report.failed) == ("checkpoint", 4, None)
    assert text(session.evaluate("x")) == "3"
    told = [event for event in heard if isinstance(event, Rewound)]
    assert [event.results for event in told] == [((None, f"{steps[3].id}:1"),)]
    again = session.rewind(steps[1].id).rewind  # what ran again goes by its former number too
    assert again is not None
    assert text(session.evaluate("x")) == "1"
    session.evaluate("stop.set()")


def test_back_once_more_before_what_ran_since_a_checkpoint_has_run(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ok(session.evaluate("x = 0"))
    ok(session.evaluate("x += 1"))
    monkeypatch.setattr(Checkpoints, "due_in", lambda *_: None)
    for _ in range(4):
        ok(session.evaluate("x += 1"))
    told: list[RewoundSession] = []
    session.submit_rewind(None, told.append)
    session.submit_rewind(None, told.append)
    assert text(session.evaluate("x")) == "3"
    assert [each.rewind and each.rewind.by for each in told] == ["checkpoint", "checkpoint"]


def test_a_copy_that_is_due_just_as_something_is_asked_for_is_of_before_it(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = [0.0]
    monkeypatch.setattr(
        Checkpoints, "due_in", lambda self, *_: due.pop() if due and self.has_run else None
    )
    session = make_session(settings=SETTINGS, log=True)
    ok(session.evaluate("x = 0"))
    ok(session.evaluate("x += 1"))
    due.append(0.0)
    ok(session.evaluate("x += 1"))
    ok(session.evaluate("x += 1"))
    session.rewind()
    assert text(session.evaluate("x")) == "2"


def test_a_copy_is_not_kept_that_may_have_been_made_before_a_redefinition_or_after_it(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch, workspace: Path
) -> None:
    monkeypatch.setattr(Checkpoints, "due_in", lambda *_: None)
    session = make_session(settings=SETTINGS)
    file = str(workspace / "a.py")
    ok(session.evaluate("def f(): return 1\n", file))
    monkeypatch.setattr(Checkpoints, "due_in", lambda self, *_: 0.0 if self.has_run else None)
    os.mkfifo(workspace / "goes")
    answers: list[Any] = []
    with session._lock:
        waits = EvaluateRequest("open('goes').read()", file, detached=True)
        step = session.submit(waits, answers.append)  # and a copy is asked for, of before it
        change = RedefineRequest(file, "def f(): return 2\n", "f")
        session.submit_redefine(change, answers.append)
    wait_for(session, lambda: len(answers) == 1)
    (workspace / "goes").write_text("")
    wait_for(session, lambda: len(answers) == 2)
    assert step not in [each.number for each in session._checkpoints.all()]
    session.rewind(step)
    assert text(session.evaluate("f()", file)) == "1"


def wait_for(session: Session, so: Callable[[], bool]) -> None:
    session._driver.run_until(so)  # type: ignore[union-attr]


def test_where_there_are_no_checkpoints_all_runs_again(make_session: MakeSession) -> None:
    fast_session = make_session(settings=ENDS_IN_SESSIONS)
    fast_session.evaluate("import os; pid = os.getpid(); x = 1")
    step = fast_session.evaluate("x += 1")
    offer = fast_session.rewind_offer(step.id)
    assert (offer.by, len(offer.again), offer.discards) == ("replay", 1, 1)
    info = fast_session.rewind(step.id)
    assert info.generation == 2
    assert text(fast_session.evaluate("x, pid == os.getpid()")) == "(1, True)"


def test_what_fails_the_second_time_stops_a_replay(
    make_session: MakeSession, workspace: Path
) -> None:
    fast_session = make_session(settings=ENDS_IN_SESSIONS)
    (workspace / "once.txt").write_text("")
    fast_session.evaluate("import os; os.remove('once.txt')")
    fast_session.evaluate("y = 1")
    step = fast_session.evaluate("z = 1")
    report = fast_session.rewind(step.id).rewind
    assert report is not None
    assert report.failed is not None
    assert report.failed.type == "FileNotFoundError"
    assert (report.replayed, report.stopped_at) == (0, "import os; os.remove('once.txt')")


CRASHES = {
    "a segfault": "import ctypes; ctypes.string_at(0)",
    "an exit": "import os; os._exit(3)",
    "a kill": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.mark.parametrize("crash", CRASHES.values(), ids=CRASHES.keys())
def test_a_crash_costs_one_evaluation(live: Session, crash: str) -> None:
    live.evaluate("survivor = [1]")
    died = live.evaluate(crash)
    assert died.status == "died"
    assert died.error is not None
    assert any("state is again as it was" in note for note in died.error.notes)
    after = live.evaluate("print('heard'); survivor.append(2); survivor")
    assert text(after) == "[1, 2]"
    assert [chunk.text for chunk in after.output] == ["heard\n"]


def test_interrupts_reach_what_was_woken(live: Session) -> None:
    step = live.evaluate("1")
    live.rewind(step.id)
    answer = live.evaluate(
        "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass"
    )
    assert answer.status == "interrupted"


def test_the_last_evaluation_is_undone_and_again_another(session: Session) -> None:
    session.evaluate("x = 0")
    for _ in range(5):
        session.evaluate("x += 1")
    session.rewind()
    assert text(session.evaluate("x")) == "4"
    session.rewind()
    session.rewind()
    assert text(session.evaluate("x")) == "3"


def test_values_shown_before_are_there_and_later_ones_are_gone(session: Session) -> None:
    before = session.evaluate("data = [1, 2]\ndata")
    step = session.evaluate("later = [3]\nlater")
    session.rewind(step.id)
    kept, gone = before.results[-1].value, step.results[-1].value
    assert kept is not None
    assert gone is not None
    assert session.value(kept).text().text == "[1, 2]"
    with pytest.raises(Exception, match="again"):
        session.value(gone).text()


def test_what_is_not_known_cannot_be_gone_back_to(session: Session) -> None:
    with pytest.raises(CannotRewindError, match="not of the process"):
        session.rewind(1)
    session.evaluate("1")
    with pytest.raises(CannotRewindError, match="not of the process"):
        session.rewind_offer(99)


def test_a_worker_that_was_woken_is_restarted_and_closed_like_any(session: Session) -> None:
    step = session.evaluate("x = 1")
    session.rewind(step.id)
    assert session.evaluate("'x' in globals()").status == "ok"
    session.restart()
    assert text(session.evaluate("'x' in globals()")) == "False"
