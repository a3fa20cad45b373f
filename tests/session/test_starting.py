"""Start-up code of a session: first in each process, no step to go back to, no entry to replay."""

from __future__ import annotations

from pathlib import Path

import pytest

from relive.changelog.log import ChangeLog
from relive.session.answers import Evaluation
from relive.session.requests import EvaluateRequest
from relive.session.session import Session
from relive.session.settings import Settings
from relive.session.starting import Decide, whole_file
from startup_code import write_startup

STARTUP = "import sys\nsys.marks = getattr(sys, 'marks', []) + ['started']\nprint('hello')\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_startup(tmp_path, STARTUP)


def marks(session: Session) -> str:
    answer = session.evaluate("__import__('sys').marks")
    value = answer.results[-1].value
    assert value is not None, answer.error
    return value.text


def test_it_runs_first_in_every_process_and_is_never_gone_back_over(
    path: Path, tmp_path: Path
) -> None:
    log = ChangeLog(tmp_path)
    settings = Settings(checkpoints="auto")
    with Session(cwd=tmp_path, log=log, startup=path, settings=settings) as session:
        assert marks(session) == "['started']"
        session.evaluate("__import__('sys').marks.append('asked for')")
        assert marks(session) == "['started', 'asked for']"
        origins = [entry.origin for entry in session.history()]
        assert origins.count("startup") == 1

        session.rewind()
        session.rewind()
        assert marks(session) == "['started']"
        assert not any("marks = getattr" in step.label for step in session.steps())

        session.restart()
        assert marks(session) == "['started']"


@pytest.mark.no_copies("its process ends for good")
def test_what_runs_again_in_another_process_has_it_run_once(path: Path, tmp_path: Path) -> None:
    with Session(cwd=tmp_path, log=True, startup=path) as session:
        session.evaluate("a = 1")
        session.evaluate("import os; os._exit(3)")
        recovered = session.recover(omit_last=0)
        assert recovered.replay is not None
        assert [each.why for each in recovered.replay.skipped] == [
            "was running when its process ended"
        ]
        assert marks(session) == "['started']"
        session.restart(replay=True)
        assert marks(session) == "['started']"


def test_that_it_fails_is_a_warning_and_what_was_asked_for_runs(path: Path, tmp_path: Path) -> None:
    path.write_text("early = 1\nraise KeyError('no such set-up')\n")
    with Session(cwd=tmp_path, startup=path, settings=Settings(hold_errors="workspace")) as session:
        with pytest.warns(UserWarning, match=r"KeyError: 'no such set-up' \(.*startup\.py\)"):
            assert session.evaluate("1 + 1").status == "ok"
        assert session.info().state == "idle"
        path.unlink()
        with pytest.warns(UserWarning, match="cannot be read"):
            session.restart()
        assert session.evaluate("2 + 2").status == "ok"


class Undecided:
    """Start-up code that somebody is asked about."""

    def __init__(self) -> None:
        self.asked: list[Decide] = []
        self.answers: list[Evaluation] = []

    def wanted(self, decide: Decide) -> None:
        self.asked.append(decide)

    def begins(self, evaluation: int, request: EvaluateRequest) -> None:
        pass

    def ended(self, answer: Evaluation) -> None:
        self.answers.append(answer)


def test_what_was_asked_for_waits_until_somebody_has_decided(tmp_path: Path) -> None:
    code, done = Undecided(), []
    with Session(cwd=tmp_path, startup=code) as session:
        session.submit(EvaluateRequest("__import__('sys').marks"), done.append)
        session.begin_stop()  # and nobody is asked any more
        [first] = code.asked
        first(whole_file(str(tmp_path / "other.py"), "1 / 0"))
        assert session.info().pid is None
        assert [each.status for each in done] == ["died"]

        session.submit(EvaluateRequest("__import__('sys').marks"), done.append)
        code.asked[1](whole_file(str(tmp_path / "startup.py"), STARTUP))
        code.asked[1](None)  # it was decided
        assert marks(session) == "['started']"
        assert [each.status for each in code.answers] == ["ok"]
        assert [each.text for each in code.answers[0].output] == ["hello\n"]
        assert done[1].status == "ok"


def test_it_is_the_first_also_in_a_process_that_was_ready_long_before(tmp_path: Path) -> None:
    code, done = Undecided(), []
    with Session(cwd=tmp_path, log=True, startup=code) as session:
        session.restart()
        session.submit(EvaluateRequest("__import__('sys').marks"), done.append)
        assert done == []
        code.asked[0](whole_file(str(tmp_path / "startup.py"), STARTUP))
        assert marks(session) == "['started']"
        assert [each.status for each in done] == ["ok"]
