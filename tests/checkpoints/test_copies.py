"""The parked copies themselves: what becomes of them, whatever becomes of others."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from checkpoints.conftest import SETTINGS, copies_of
from checkpoints.test_hazards import text
from conftest import MAX_WAIT_S, MakeSession
from lsp.driver import wait_for_end_of
from relive.session.checkpoints import Checkpoints
from relive.session.session import Session


def wait_until(session: Session, condition) -> None:  # type: ignore[no-untyped-def]
    session._driver.run_until(condition)  # type: ignore[union-attr]


def pid(session: Session) -> int:
    found = session.info().pid
    assert found is not None
    return found


def no_more_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the last copy be the one before what is evaluated next, or what has been asked for."""
    monkeypatch.setattr(Checkpoints, "due_in", lambda *_: None)


def test_a_copy_that_is_killed_is_no_checkpoint_any_more(make_session: MakeSession) -> None:
    session = make_session(settings=SETTINGS)
    for count in range(3):
        step = session.evaluate(f"x = {count}")
    before = session.info().checkpoints
    latest = session._checkpoints.before(step.id)
    assert latest is not None
    os.kill(latest.pid, signal.SIGKILL)
    wait_until(session, lambda: len(session.info().checkpoints) == len(before) - 1)
    offer = session.rewind_offer(step.id)
    assert (offer.by, len(offer.again)) == ("checkpoint", 1)
    session.rewind(step.id)
    assert text(session.evaluate("x")) == "1"


def test_a_copy_that_is_killed_before_one_hears_of_it_is_no_checkpoint(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    parked, ended = noted(monkeypatch, "weighed"), noted(monkeypatch, "lost")
    session = make_session(settings=SETTINGS)
    session.evaluate("x = 1")
    assert parked.wait(MAX_WAIT_S)
    assert session._worker is not None  # asked for its pid the session would hear the rest, too
    (copy,) = copies_of(session._worker.pid or 0)
    os.kill(copy, signal.SIGKILL)
    assert ended.wait(MAX_WAIT_S)
    step = session.evaluate("x = 2")
    assert session.rewind_offer(step.id).by == "replay"
    session.rewind(step.id)
    assert text(session.evaluate("x")) == "1"


def noted(monkeypatch: pytest.MonkeyPatch, name: str) -> threading.Event:
    """Return what is set once that method of checkpoints has been called."""
    called, method = threading.Event(), getattr(Checkpoints, name)

    def call(self: Checkpoints, *args: object) -> None:
        method(self, *args)
        called.set()

    monkeypatch.setattr(Checkpoints, name, call)
    return called


def test_when_all_copies_are_killed_what_ran_runs_again(make_session: MakeSession) -> None:
    session = make_session(settings=SETTINGS)
    session.evaluate("x = 1")
    step = session.evaluate("x += 1")
    for each in copies_of(pid(session)):
        os.kill(each, signal.SIGKILL)
    wait_until(session, lambda: not session.info().checkpoints)
    assert session.rewind_offer(step.id).by == "replay"
    session.rewind(step.id)
    assert text(session.evaluate("x")) == "1"


def test_copies_hold_no_more_than_they_may(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(settings=replace(SETTINGS, checkpoint_megabytes=0))
    for count in range(3):
        session.evaluate(f"x = {count}")
    no_more_copies(monkeypatch)
    session.evaluate("x = 3")  # before its answer comes that of the last copy
    wait_until(session, lambda: not session.info().checkpoints)
    for each in copies_of(pid(session)):  # told to end, which takes a moment
        wait_for_end_of(each)
    assert session.rewind_offer().by == "replay"


def test_what_a_copy_shares_with_the_process_does_not_count(make_session: MakeSession) -> None:
    session = make_session(settings=SETTINGS)
    large = 100 * 1024
    session.evaluate(f"heap = bytearray(b'x') * {large * 1024}")
    wait_until(session, lambda: len(session._checkpoints._weights) == 1)
    assert sum(session._checkpoints._weights.values()) < large // 2
    session.evaluate("heap[:] = bytes(len(heap))")  # what the copy has is its alone now
    wait_until(session, lambda: len(session._checkpoints._weights) == 2)
    assert sum(session._checkpoints._weights.values()) > large // 2


def test_what_a_child_writes_where_it_finds_something_open_is_not_taken_for_a_copy(
    make_session: MakeSession,
) -> None:
    session = make_session(settings=SETTINGS)
    session.evaluate("import os")
    session.evaluate(
        "if not (pid := os.fork()):\n"
        "    for fd in range(3, 100):\n"
        "        try: os.write(fd, b'12')\n"
        "        except OSError: pass\n"
        "    os._exit(0)\n"
        "os.waitpid(pid, 0)[1]"
    )
    step = session.evaluate("x = 1")
    assert session.rewind_offer(step.id).by == "checkpoint"


def test_a_process_that_is_killed_while_idle_comes_back(
    make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(settings=SETTINGS)
    session.evaluate("x = 1")
    no_more_copies(monkeypatch)
    session.evaluate("x = 2")
    os.kill(pid(session), signal.SIGKILL)
    wait_until(session, lambda: session.info().generation == 2 and session.info().state == "idle")
    assert text(session.evaluate("x")) == "1"


def test_nothing_is_left_of_a_session_that_ends(make_session: MakeSession) -> None:
    session = make_session(settings=SETTINGS)
    for count in range(6):
        session.evaluate(f"x = {count}")
    session.rewind()
    there = copies_of(pid(session))
    assert there
    session.close()
    assert not [each for each in there if Path(f"/proc/{each}").exists()]
