"""A process that ends goes on as it was at its last checkpoint, and what that has not is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from checkpoints.conftest import SETTINGS, copies_of
from conftest import MakeSession
from relive.session import checkpoints
from relive.session.answers import SessionInfo
from relive.session.session import Session
from relive.session.settings import Settings
from relive.session.supervisor import Worker


def until(session: Session, so: Callable[[], Any]) -> None:
    session._driver.run_until(lambda: bool(so()))  # type: ignore[union-attr]


def value(session: Session, expression: str) -> str | None:
    shown = session.evaluate(expression).results[-1].value
    return None if shown is None else shown.text


def kept_all(session: Session, copies: int) -> None:
    """Wait until there is a copy of the process as it is now."""
    until(session, lambda: len(session._checkpoints.all()) == copies)
    assert not session._checkpoints.has_run
    assert len(copies_of(session.info().pid or 0)) == copies


def killed(session: Session) -> SessionInfo:
    """Kill the idle process; return what is told once another goes on in its place."""
    former = session.info().pid
    assert former is not None
    os.kill(former, signal.SIGKILL)
    until(session, lambda: session.info().pid != former and session.info().state == "idle")
    return session.info()


def test_an_idle_process_has_lost_nothing(make_session: MakeSession) -> None:
    session = make_session(settings=SETTINGS)
    for code in ("x = [1]", "x.append(2)"):
        assert session.evaluate(code).status == "ok"
    kept_all(session, 2)
    told = killed(session)
    assert (told.state, told.generation, told.rewinds) == ("idle", 2, 1)
    assert told.came_back is not None
    assert "SIGKILL" in told.came_back.reason
    assert told.came_back.lost == ()
    assert value(session, "x") == "[1, 2]"
    kept_all(session, 3)  # a copy was made of what goes on, too, and one after that was looked at
    assert killed(session).came_back is not None
    assert value(session, "x") == "[1, 2]"
    session.restart()
    assert session.info().came_back is None


def test_it_comes_back_from_a_copy_of_which_the_warden_has_not_told_yet(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = Worker._hear_warden

    def without_copies(worker: Worker) -> tuple[list[dict[str, Any]], bool]:
        told, more = hear(worker)
        return [each for each in told if each["op"] != "parked"], more

    monkeypatch.setattr(Worker, "_hear_warden", without_copies)
    session = make_session(settings=SETTINGS)
    session.evaluate("x = 1")
    assert session.evaluate("import os; os._exit(3)").status == "died"
    assert value(session, "x") == "1"


def test_a_copy_that_is_made_when_none_is_wanted_any_more_is_not_kept(
    make_session: MakeSession,
) -> None:
    session = make_session(settings=SETTINGS)
    session.evaluate("x = 1")  # and a copy is asked for
    session.settings = Settings(checkpoints="off")
    assert session.evaluate("import os; os._exit(3)").status == "died"
    assert session.info().state == "dead"


def test_what_ran_since_is_told_with_its_entries(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "_INTERVAL_S", 1e9)
    monkeypatch.setattr(checkpoints, "_WORTH", 1e9)
    session = make_session(settings=SETTINGS, log=True)
    for code in ("w = 0", "x = [1]", "x.append(2)"):  # after the first there is a copy
        assert session.evaluate(code).status == "ok"
    crash = session.evaluate("import os; os._exit(3)")
    assert crash.status == "died"
    assert crash.error is not None
    assert crash.error.notes[-1] == "the state is again as it was before: x = [1], and 1 more"
    came_back = session.info().came_back
    assert came_back is not None
    assert [each.label for each in came_back.lost] == ["x = [1]", "x.append(2)"]
    newest = {each.text: each.id for each in session.history()}
    assert [each.entry for each in came_back.lost] == [
        newest[each.label] for each in came_back.lost
    ]
    assert value(session, "'x' in globals()") == "False"
    session.recovered([came_back.lost[0].entry or ""])
    left = session.info().came_back
    assert left is not None
    assert [each.label for each in left.lost] == ["x.append(2)"]


def test_what_ran_on_is_not_said_of_what_came_back(make_session: MakeSession) -> None:
    session = make_session(settings=SETTINGS)
    assert session.evaluate("import threading; done = threading.Event()").status == "ok"
    kept_all(session, 1)
    session.evaluate("threading.Thread(target=done.wait, daemon=True).start()")
    assert "runs on" in session.info().notes[0]
    assert killed(session).notes == ()


def test_what_may_act_has_a_copy_after_it_and_is_not_to_run_again(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value_ in (("_INTERVAL_S", 1e9), ("_ACTING_INTERVAL_S", 0.0), ("_WORTH", 0.0)):
        monkeypatch.setattr(checkpoints, name, value_)
    session = make_session(settings=Settings(checkpoints="auto"))
    for code in ("def act(): return 1", "x = 1", "act()", "x = 2"):
        assert session.evaluate(code).status == "ok"
    assert session.rewind_offer().again == ()
    session.evaluate("x += 2")
    assert session.rewind_offer().again == ("x = 2",)
