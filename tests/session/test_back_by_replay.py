"""Going back where there are no checkpoints: what led there runs again, and what cannot be known is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import INTERPRETERS, MakeSession
from held_errors import HOLDING
from relive.session.answers import Evaluation, SessionInfo
from relive.session.events import Event, OutputReady
from relive.session.going_on import NotResumedError
from relive.session.requests import EvaluateRequest
from relive.session.rewinds import CannotRewindError, RewindReport, RewoundSession
from relive.session.session import Session
from relive.session.settings import Settings

pytestmark = pytest.mark.no_copies("it is about what runs again, from a new process")

HOLDS = Settings(hold_errors="workspace")
AT = "def at(key):\n    return {'a': 1}[key]\n"
MENDED = "def at(key):\n    return {'a': 1}.get(key, 0)\n"


@pytest.fixture
def holding(make_session: MakeSession, workspace: Path) -> Session:
    """A session in which a function is defined that fails, and whose errors are held."""
    (workspace / "job.py").write_text(AT)
    session = make_session(INTERPRETERS[HOLDING[-1]], settings=HOLDS, log=True)
    assert session.evaluate(AT, "job.py").status == "ok"
    return session


def text(answer: Evaluation) -> str:
    value = answer.results[-1].value
    assert value is not None
    return value.text


def back(session: Session, evaluation: int | None = None) -> RewindReport:
    report = session.rewind(evaluation).rewind
    assert report is not None
    assert report.failed is None, (report.stopped_at, report.failed)
    return report


def test_what_nothing_watched_is_said_before_and_after(fast_session: Session) -> None:
    fast_session.evaluate("from pathlib import Path")
    fast_session.evaluate("x = 1")
    wrote = fast_session.evaluate("Path('note.txt').write_text('kept')")
    fast_session.evaluate("x += 1\nprint(x)")
    offer = fast_session.rewind_offer(wrote.id)
    label = "Path('note.txt').write_text('kept')"
    assert (offer.by, offer.warnings) == ("replay", ())
    assert offer.unwatched == (label,)  # not what only computes
    assert back(fast_session, wrote.id).unwatched == (label,)


def test_what_runs_again_may_act_again(fast_session: Session) -> None:
    fast_session.evaluate("n = open('log.txt', 'a').write('x')")
    last = fast_session.evaluate("x = 1")
    (warning,) = fast_session.rewind_offer(last.id).warnings
    assert "runs again: it may act outside" in warning


def test_a_step_that_fails_is_the_last_that_runs_again(
    fast_session: Session, workspace: Path
) -> None:
    (workspace / "once.txt").write_text("")
    fast_session.evaluate("import os; os.remove('once.txt')")
    fast_session.evaluate("n = open('log.txt', 'a').write('x')")
    fast_session.evaluate("1")
    report = fast_session.rewind().rewind
    assert report is not None
    assert report.failed is not None
    assert text(fast_session.evaluate("open('log.txt').read()")) == "'x'"


def test_what_never_ran_is_not_undone(fast_session: Session, workspace: Path) -> None:
    """Neither what was interrupted while it waited, nor what was left as what comes before failed."""
    fast_session.evaluate("import os; n = int(os.path.exists('gone.txt')); done = 1 // (1 - n)")
    answers: list[Evaluation] = []
    with fast_session._lock:
        fast_session.submit(EvaluateRequest("while True: pass"), answers.append)
        fast_session.submit(EvaluateRequest("m = 1"), answers.append)
    fast_session.interrupt()
    fast_session._driver.run_until(lambda: len(answers) == 2)  # type: ignore[union-attr]
    assert [each.status for each in answers] == ["interrupted", "interrupted"]
    assert fast_session.rewind_offer().label == "while True: pass"
    fast_session.evaluate("k = 1")
    last = fast_session.evaluate("k += 1")
    (workspace / "gone.txt").touch()
    assert fast_session.rewind(last.id).rewind.failed is not None  # type: ignore[union-attr]
    assert [each.status for each in fast_session.steps()] == ["error"]


def test_what_is_held_is_held_again_and_goes_on(holding: Session, workspace: Path) -> None:
    assert holding.evaluate("y = at('b')\nz = y + 1", "job.py").status == "held"
    (workspace / "job.py").write_text(MENDED)
    holding.redefine("job.py")
    assert holding.resume("retryStatement").status == "ok"
    last = holding.evaluate("y, z = 8, 9", "job.py")
    assert len(holding.rewind_offer(last.id).again) == 4
    back(holding, last.id)
    assert holding.info().state == "idle"
    assert text(holding.evaluate("(y, z)", "job.py")) == "(0, 1)"


def test_going_on_is_undone_and_another_way_is_tried(make_session: MakeSession) -> None:
    heard: list[Event] = []
    python = INTERPRETERS[HOLDING[-1]]
    session = make_session(python, settings=HOLDS, listener=heard.append)
    session.evaluate(AT)
    failed = session.evaluate("y = at('b')\nprint('y is', y)")
    for value in ("5", "6"):
        heard.clear()
        assert session.resume("return", value=value).status == "ok"
        told = "".join(each.chunk.text for each in heard if isinstance(each, OutputReady))
        assert told == f"y is {value}\n"
        back(session)
        assert session.info().state == "held"
    assert failed.id in session.rewind_offer().known_as
    back(session)
    assert (session.info().state, session.frames()) == ("idle", ())
    with pytest.raises(NotResumedError, match="Nothing is held"):
        session.resume("abandon")


def test_what_ran_while_an_error_was_held_runs_again(holding: Session) -> None:
    assert holding.evaluate("y = at('b')", "job.py").status == "held"
    holding.evaluate("key = 'a'", frame=0)
    holding.evaluate("beside = 1", "job.py")
    last = holding.evaluate("beside = 2", "job.py")
    back(holding, last.id)
    assert text(holding.evaluate("key", frame=0)) == "'a'"
    assert holding.resume("restartFrame").status == "ok"
    assert text(holding.evaluate("(y, beside)", "job.py")) == "(1, 1)"
    back(holding)
    assert text(holding.evaluate("y, beside", "job.py")) == "(1, 1)"


def test_what_was_evaluated_anew_while_it_was_held_is_so_again(holding: Session) -> None:
    for _ in range(2):
        assert holding.evaluate("y = at('b')", "job.py").status == "held"
    last = holding.evaluate("beside = 1", "job.py")
    back(holding, last.id)
    assert len(holding.info().holds) == 1
    assert holding.resume("return", value="5").status == "ok"
    assert text(holding.evaluate("y", "job.py")) == "5"
    second = [each.number for each in holding.steps() if each.change.text == "y = at('b')"][1]
    back(holding, second)  # before the first error is abandoned for it
    assert holding.resume("return", value="6").status == "ok"
    assert text(holding.evaluate("y", "job.py")) == "6"


def test_what_is_not_held_this_time_has_come_to_its_end(holding: Session, workspace: Path) -> None:
    reads = "def read():\n    return open('given.txt').read()\n"
    (workspace / "job.py").write_text(reads)
    holding.evaluate(reads, "job.py")
    assert holding.evaluate("given = read()", "job.py").status == "held"
    assert holding.resume("abandon").status == "error"
    last = holding.evaluate("1")
    (workspace / "given.txt").write_text("there")
    back(holding, last.id)
    assert text(holding.evaluate("given", "job.py")) == "'there'"


def test_what_cannot_go_on_again_by_itself_is_refused(holding: Session) -> None:
    holding.evaluate("import threading", "job.py")
    holding.evaluate("t = threading.Thread(target=at, args=['b']); t.start()", "job.py")
    holding._driver.run_until(lambda: bool(holding.holds))  # type: ignore[union-attr]
    holding.resume("return", value="1")
    last = holding.evaluate("t.join()", "job.py")
    with pytest.raises(CannotRewindError, match="on a thread"):
        holding.rewind_offer(last.id)


@pytest.mark.parametrize("steps", [2, 4])
def test_back_once_more_before_what_led_there_has_run(fast_session: Session, steps: int) -> None:
    for each in ("x = 0", "x += 1", "x += 1", "x += 1")[:steps]:
        fast_session.evaluate(each)
    told: list[RewoundSession] = []
    fast_session.submit_rewind(None, told.append)
    fast_session.submit_rewind(None, told.append)  # the key is pressed twice
    fast_session.evaluate("known = globals().get('x', 'gone')")
    assert text(fast_session.evaluate("known")) == ("'gone'" if steps == 2 else "1")
    reports = [each.rewind for each in told if each.rewind is not None]
    assert [(each.failed is None, each.replayed) for each in reports] == [
        (False, 0),
        (True, steps - 2),
    ]


def test_a_restart_while_what_led_there_runs_again(fast_session: Session) -> None:
    fast_session.evaluate("x = 0")
    fast_session.evaluate("x += 1")
    told: list[RewoundSession] = []
    fast_session.submit_rewind(None, told.append)
    fast_session.restart()
    (rewound,) = told
    assert rewound.rewind is not None
    assert rewound.rewind.failed is not None


def test_two_restarts_at_once_are_both_answered(fast_session: Session) -> None:
    told: list[SessionInfo] = []
    fast_session.evaluate("1")
    fast_session.begin_restart(told.append)
    fast_session.begin_restart(told.append)
    assert text(fast_session.evaluate("2")) == "2"
    assert len(told) == 2
