"""What a spare worker loads ahead: what a first of each would load while somebody waits, no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import INTERPRETERS, VERSIONS, MakeSession
from held_errors import HOLDING
from relive.session.session import Session
from relive.session.settings import Settings
from relive.worker import ahead

TEXT = "def share(of):\n    each = 1\n    return each / of\n"
LOADED = "print(*__import__('sys').modules)"
AHEAD = "__import__('sys').modules['relive.worker.own'].own('relive.worker.ahead').load(holds={})"


@pytest.fixture(params=VERSIONS)
def editors(request: pytest.FixtureRequest, make_session: MakeSession) -> tuple[Session, bool]:
    """A session as an editor has it, on each Python, and whether that one holds errors."""
    holds = request.param in HOLDING
    holding = "workspace" if holds else "off"
    # What copies need is loaded while nobody waits.
    settings = Settings(staleness=True, hold_errors=holding, checkpoints="off")
    return make_session(INTERPRETERS[request.param], settings=settings), holds


def loaded(session: Session) -> set[str]:
    return set("".join(each.text for each in session.evaluate(LOADED).output).split())


def a_first_of_each(session: Session, *, holds: bool) -> None:
    """Evaluate, have an error held, redefine, and ask what an editor does after each."""
    job = Path(session.home, "job.py")
    job.write_text(TEXT)
    assert session.evaluate(TEXT, "job.py").status == "ok"
    failed = session.evaluate("share(0)", "job.py")
    assert failed.status == ("held" if holds else "error")
    assert session.redefine("job.py", TEXT.replace("each = 1", "each = 2")).status == "ok"
    session._wait(lambda done: session.submit_definitions([str(job)], {}, done))
    session.patches()


def test_nothing_that_somebody_waits_for_is_left_to_load(editors: tuple[Session, bool]) -> None:
    session, holds = editors
    session.evaluate(AHEAD.format(holds))
    before = loaded(session)
    a_first_of_each(session, holds=holds)
    assert loaded(session) - before == {"job"}


def test_nothing_is_loaded_ahead_in_vain(editors: tuple[Session, bool]) -> None:
    session, holds = editors
    a_first_of_each(session, holds=holds)
    listed = {*ahead._LATE, *ahead._LIBRARY, *(ahead._HOLDING if holds else ())}
    assert listed - loaded(session) == set()
