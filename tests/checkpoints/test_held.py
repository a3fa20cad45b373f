"""Going back while an error is held, and to where one was: try a mend, look, go back, try another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from checkpoints.conftest import SETTINGS
from checkpoints.test_hazards import text
from conftest import lasting
from held_errors import HOLDING, define, let_go
from held_errors import held as held_of
from relive.session.answers import Evaluation
from relive.session.events import Event, Rewound
from relive.session.rewinds import RewindReport
from relive.session.session import Session

JOB = """def scale(item):
    seen.append(item)
    return item["n"] * 10

def run(items):
    return [scale(item) for item in iter(items)]
"""
CALL = "1 + 1\nx = run([{'n': 1}, {'m': 2}, {'n': 3}])\nx"


@pytest.fixture(scope="module", params=HOLDING)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, heard: list[Event]
) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("held")
    settings = replace(SETTINGS, hold_errors="workspace", staleness=True)
    with lasting(request.param, folder, settings, heard) as session:
        yield session


@pytest.fixture
def session(shared: Session, heard: list[Event]) -> Iterator[Session]:
    """The process with nothing held, before and after, and without what other tests have bound."""
    mend(shared, 'item["n"]')
    assert shared.evaluate("seen = []; globals().pop('x', None)", file="job.py").status == "ok"
    heard.clear()
    yield shared
    let_go(shared)
    assert shared.evaluate("1").status == "ok"


def mend(session: Session, expression: str) -> None:
    define(session, JOB.replace('item["n"]', expression))


def held(session: Session, code: str = CALL) -> Evaluation:
    return held_of(session, code)


def back(session: Session, evaluation: int | None = None) -> RewindReport:
    offer = session.rewind_offer(evaluation)
    assert (offer.by, offer.again) == ("checkpoint", ()), offer
    report = session.rewind(evaluation).rewind
    assert report is not None
    assert report.failed is None
    return report


def last(answer: Evaluation) -> str:
    assert answer.status == "ok", answer
    return text(answer)


def test_one_mend_is_tried_then_another_from_where_it_failed(
    session: Session, heard: list[Event]
) -> None:
    first = held(session)
    mend(session, 'item.get("n", 0)')
    tried = session.resume("retryStatement")
    assert (tried.id, last(tried)) == (first.id, "[10, 0, 30]")
    assert session.rewind_offer().label == "retry from the failing statement"
    back(session)
    assert (session.info().state, session.info().holds) == ("held", (first.hold,))
    told = [event.results for event in heard if isinstance(event, Rewound)][-1]
    assert {name for _, name in told} == {
        f"{first.id}:2",
        f"{first.id}:3",
    }  # and not what came before it was held
    scale, _ = session.frames()[:2]
    assert next(each.text for each in scale.locals if each.name == "item") == "{'m': 2}"
    assert last(session.evaluate("len(seen)", file="job.py")) == "2"
    mend(session, 'item.get("n", 7)')
    assert last(session.resume("retryStatement")) == "[10, 70, 30]"
    back(session)
    assert last(session.resume("return", value="0.5")) == "[10, 0.5, 30]"
    assert session.rewind(first.id).rewind.failed is None  # type: ignore[union-attr]
    assert session.info().holds == ()
    assert last(session.evaluate("len(seen), 'x' in globals()", file="job.py")) == "(0, False)"


def test_what_is_held_lower_stays_held(session: Session) -> None:
    first = held(session)
    assert last(session.evaluate("y = 1\ny", file="job.py")) == "1"
    second = held(session, "z = run([{'k': 1}])")
    assert session.info().holds == (first.hold, second.hold)
    assert last(session.resume("return", value="8")) == "[8]"
    back(session, second.id)
    assert session.info().holds == (first.hold,)
    assert last(session.evaluate("y, 'z' in globals()", file="job.py")) == "(1, False)"
    assert last(session.resume("return", value="9")) == "[10, 9, 30]"


def test_a_frames_variables_are_as_they_were(session: Session) -> None:
    held(session)
    changed = session.evaluate("item['n'] = 5", file="job.py", frame=0)
    assert last(session.evaluate("item", file="job.py", frame=0)) == "{'m': 2, 'n': 5}"
    back(session, changed.id)
    assert last(session.evaluate("item", file="job.py", frame=0)) == "{'m': 2}"
    assert last(session.resume("return", value="item['m']")) == "[10, 2, 30]"


def test_a_crash_comes_back_to_what_is_held(session: Session) -> None:
    first = held(session)
    died = session.evaluate("import os; os._exit(3)", file="job.py", frame=0)
    assert died.status == "died"
    assert session.info().holds == (first.hold,)
    assert last(session.resume("return", value="4")) == "[10, 4, 30]"


def test_a_thread_that_is_held_has_no_part_in_a_copy(session: Session) -> None:
    code = "import threading\nt = threading.Thread(target=scale, args=({},)); t.start()\n1"
    assert last(session.evaluate(code, file="job.py")) == "1"
    session._driver.run_until(lambda: bool(session.info().holds))  # type: ignore[union-attr]
    session.evaluate("2", file="job.py")
    offer = session.rewind_offer()
    assert "runs on" in (offer.why_not or "")
    session.resume("abandon")
    session.evaluate("t.join()", file="job.py")


def test_what_goes_on_may_send_by_what_is_open(session: Session) -> None:
    held(session)
    session.evaluate("import socket; a, b = socket.socketpair()", file="job.py")
    session.resume("return", value="1")
    told = "return a value: it had a socket open, by which it may have sent something"
    assert any(each.startswith(told) for each in session.rewind_offer().warnings)
    session.evaluate("a.close(); b.close()", file="job.py")
