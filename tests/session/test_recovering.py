"""The change log from Python: what ran, and running it again."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from conftest import MakeSession
from relive.session.events import Event, Started
from relive.session.replay import Replayed
from relive.session.session import Session
from relive.session.settings import Settings

KILL = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def logged(make_session, workspace: Path) -> Session:
    (workspace / "m.py").write_text("x = 1\n\ndef f():\n    return x\n")
    return make_session(log=True)


def value(session: Session, expression: str) -> str:
    return session.inspect(expression, "m.py").text


def test_what_ran_is_told(logged: Session, workspace: Path) -> None:
    logged.evaluate("x = 1", "m.py")
    logged.evaluate("s = 2")
    redefined = logged.redefine("m.py", "x = 1\n\ndef f():\n    return -x\n", "f")
    assert redefined.status == "ok"
    last, scratch, first = logged.history()
    assert (first.file, first.text, first.status) == (str(workspace / "m.py"), "x = 1", "ok")
    assert (first.stands, first.effects, first.origin, first.current) == (
        True,
        "data",
        "python",
        True,
    )
    assert (scratch.file, scratch.range, scratch.stands) == (None, None, False)
    assert (last.name, last.stands, last.text) == ("f", False, "def f():\n    return -x")
    assert [each.id for each in logged.history("m.py")] == [last.id, first.id]
    assert [each.id for each in logged.history(limit=1)] == [last.id]
    told = first.to_json()
    assert told["uri"] == (workspace / "m.py").as_uri()
    assert told["range"] == {
        "start": {"line": 0, "character": 0},
        "end": {"line": 0, "character": 5},
    }
    assert {"textTruncated", "durationMs", "at", "life"} <= told.keys()
    assert not {"file", "of", "error", "files"} & told.keys()


@pytest.mark.no_copies("its process ends for good")
def test_recovering_runs_what_acts_outside_only_when_it_is_asked_for(
    logged: Session, workspace: Path
) -> None:
    for text in ("import os, signal", "x = 1", "open('out', 'a').write('x')", "y = x + 1"):
        assert logged.evaluate(text, "m.py").status == "ok"
    assert logged.evaluate(KILL, "m.py").status == "died"
    answer = logged.recover()
    assert answer.replay is not None
    assert (answer.replay.total, answer.replay.done, answer.replay.failed) == (2, 2, None)
    assert [each.why.split()[0] for each in answer.replay.skipped] == ["may", "may", "was"]
    assert answer.to_json()["replay"]["left"] == []
    assert (workspace / "out").read_text() == "x"
    with pytest.raises(LookupError, match="nothing to recover"):
        logged.recover()
    first_life = {"session": logged.history()[0].session, "life": 1}
    again = logged.recover(omit_last=0, **first_life)
    assert again.replay is not None
    assert again.replay.done == 4
    assert (value(logged, "y"), (workspace / "out").read_text()) == ("2", "xx")
    with pytest.raises(ValueError, match="no entry"):
        logged.recover(entries=["s:1"], **first_life)


@pytest.mark.no_copies("its process ends for good")
def test_only_definitions_are_run_for_what_a_recovered_form_needs(
    make_session, workspace: Path
) -> None:
    """Also where the settings let everything run: nobody has looked."""
    (workspace / "m.py").write_text("n = open('out', 'a').write('x')\n\ny = n\n")
    session = make_session(log=True, settings=Settings(dependencies="all"))
    session.evaluate("y = n", "m.py")
    session.evaluate(f"import os, signal\n{KILL}")
    assert (workspace / "out").read_text() == "x"
    answer = session.recover()
    assert answer.replay is not None
    assert answer.replay.failed is not None
    assert answer.replay.failed.error.type == "NameError"
    assert (workspace / "out").read_text() == "x"


def test_restarting_with_all_but_the_last(logged: Session) -> None:
    for text in ("a = 1", "a += 1", "a += 10"):
        logged.evaluate(text, "m.py")
    answer = logged.restart(replay=True, omit_last=1)
    assert answer.replay is not None
    assert answer.replay.done == 2
    assert value(logged, "a") == "2"
    running = logged.history()[0]
    with pytest.raises(ValueError, match="still runs"):
        logged.recover(session=running.session, life=running.life)
    assert logged.restart().replay is None
    nothing = logged.restart(replay=True)
    assert nothing.replay is not None
    assert nothing.replay.done == 2  # of the last process that ran anything


def test_a_replay_is_interrupted_from_another_thread(make_session, workspace: Path) -> None:
    begun = threading.Event()

    def hear(event: Event) -> None:
        if isinstance(event, Started) and session.replaying is not None:
            session.interrupt()
            begun.set()

    session = make_session(log=True, listener=hear)
    for text in ("a = 1", "b = 2", "c = 3"):
        session.evaluate(text)
    answer = session.restart(replay=True)
    assert begun.is_set()
    assert answer.replay is not None
    assert (answer.replay.failed, len(answer.replay.left)) == (None, 3 - answer.replay.done)
    assert answer.replay.left


def test_what_is_damaged_in_the_log_is_left_out_and_counted(make_session, workspace: Path) -> None:
    session = make_session(log=True)
    for text in ("a = 1", "b = 2", "c = 3"):
        session.evaluate(text)
    assert session.restart(replay=True).replay == Replayed(3, 3, None, (), ())
    for log in (workspace / ".relive" / "changes").rglob("*.log"):
        log.write_bytes(log.read_bytes().replace(b"b = 2", b"b = 5"))
    replay = session.restart(replay=True).replay
    assert replay is not None
    assert (replay.done, replay.damaged) == (2, 1)
    assert session.evaluate("b").status == "error"


def test_without_a_log_there_is_no_past(make_session) -> None:
    session = make_session()
    for ask in (session.history, session.recover, lambda: session.restart(replay=True)):
        with pytest.raises(ValueError, match="log=True"):
            ask()
    assert session.restart().replay is None


def went_back(session: Session) -> None:
    report = session.rewind().rewind
    assert report is not None
    assert report.failed is None, (report.stopped_at, report.failed)


@pytest.mark.parametrize("checkpoints", ["off", "auto"])
def test_what_was_gone_back_over_is_left_out_of_recovery(
    checkpoints: str, make_session: MakeSession
) -> None:
    session = make_session(settings=Settings(checkpoints=checkpoints), log=True)
    session.evaluate("import os, signal\nx = 0")
    session.evaluate("x += 100\ngone = x")
    went_back(session)
    session.evaluate("x += 1")
    replayed = session.restart(replay=True).replay
    assert replayed is not None
    assert (replayed.failed, replayed.left) == (None, ())
    assert session.inspect("(x, 'gone' in globals())").text == "(1, False)"
    session.evaluate("x += 100")
    went_back(session)
    session.settings = Settings(checkpoints="off")
    assert session.evaluate("os.kill(os.getpid(), signal.SIGKILL)").status == "died"
    recovered = session.recover(omit_last=0).replay
    assert recovered is not None
    assert (recovered.failed, recovered.left) == (None, ())
    assert session.inspect("(x, 'gone' in globals())").text == "(1, False)"
