"""What evaluations do outside is watched where that is wanted, and no hook is there where it is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checkpoints.conftest import SETTINGS
from conftest import MakeSession
from relive.session.session import Session

UNWATCHED = replace(SETTINGS, watch_acts=False)
WRITES = "open('note.txt', 'a').write('x')"
SEEN = f"{WRITES}: it wrote note.txt, which is not undone"


def told(session: Session, evaluation: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is known to be left of it, and what may be."""
    offer = session.rewind_offer(evaluation)
    assert offer.by == "checkpoint"
    return offer.warnings, offer.unwatched


def has_hook(session: Session) -> bool:
    """Tell whether what has one in this process has been loaded."""
    text = "[each for each in __import__('sys').modules if each.endswith('.acts')]"
    value = session.evaluate(text).results[-1].value
    assert value is not None
    return value.text != "[]"


def test_unwatched_it_may_have_acted_and_there_is_no_hook(make_session: MakeSession) -> None:
    session = make_session(settings=UNWATCHED)
    session.evaluate("x = 1")
    wrote = session.evaluate(WRITES)
    assert told(session, wrote.id) == ((), (WRITES,))
    assert not has_hook(session)


def test_files_that_were_open_are_told_of_without_watching(make_session: MakeSession) -> None:
    session = make_session(settings=UNWATCHED)
    session.evaluate("file = open('note.txt', 'a')")
    wrote = session.evaluate("_ = file.write('x'), file.flush()")
    warnings, unwatched = told(session, wrote.id)
    assert any("note.txt" in each for each in warnings)
    assert unwatched == ("_ = file.write('x'), file.flush()",)


def test_it_is_switched_on_and_off_while_the_process_lives(make_session: MakeSession) -> None:
    session = make_session(settings=UNWATCHED)
    session.evaluate("x = 1")
    session.settings = SETTINGS
    seen = session.evaluate(WRITES)
    assert told(session, seen.id) == ((SEEN,), ())
    assert has_hook(session)
    session.settings = UNWATCHED
    unseen = session.evaluate(WRITES)
    assert told(session, unseen.id) == ((), (WRITES,))


def test_a_copy_from_before_it_was_wanted_watches_too(make_session: MakeSession) -> None:
    session = make_session(settings=UNWATCHED)
    session.evaluate("x = 1")
    step = session.evaluate("x = 2")
    session.settings = SETTINGS
    session.evaluate(WRITES)
    session.rewind(step.id)
    assert told(session, session.evaluate(WRITES).id) == ((SEEN,), ())


def test_a_copy_from_when_it_was_wanted_watches_no_more(
    make_session: MakeSession, workspace: Path
) -> None:
    session = make_session(settings=SETTINGS)
    session.evaluate("x = 1")
    step = session.evaluate("x = 2")
    session.settings = UNWATCHED
    session.rewind(step.id)
    wrote = session.evaluate(WRITES)
    assert told(session, wrote.id) == ((), (WRITES,))
    assert (workspace / "note.txt").read_text() == "x"


@pytest.mark.parametrize("checkpoints", ["auto", "off"])
def test_a_replay_tells_what_was_seen_too(make_session: MakeSession, checkpoints: str) -> None:
    session = make_session(settings=replace(SETTINGS, checkpoints=checkpoints))
    wrote = session.evaluate(WRITES)  # of an empty process there is no copy
    offer = session.rewind_offer(wrote.id)
    assert (offer.by, offer.warnings, offer.unwatched) == ("replay", (SEEN,), ())


def test_what_a_redefinition_runs_itself_is_told_of_it(
    make_session: MakeSession, workspace: Path
) -> None:
    (workspace / "a.py").write_text("def f():\n    return 1\n")
    for settings in (SETTINGS, UNWATCHED):
        session = make_session(settings=settings)
        session.evaluate("from a import f")
        before = session.evaluate("f()")
        assert session.redefine("a.py", f"def f(n={WRITES}):\n    return n\n").status == "ok"
        known, unwatched = told(session, before.id)
        is_seen = any(each.startswith("redefine: it wrote note.txt") for each in known)
        assert (is_seen, "redefine" in unwatched) == (settings.watch_acts, not settings.watch_acts)
