"""A spare worker: ready before it is needed, the session's next, and gone with the session."""

from __future__ import annotations

import asyncio
import os
import select
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import INTERPRETERS, MAX_WAIT_S
from relive.session import workers
from relive.session.events import Event
from relive.session.requests import EvaluateRequest
from relive.session.session import Session


class Looped:
    """A session on an event loop, as the daemon has it."""

    def __init__(self, cwd: Path, interpreter: str | None = None) -> None:
        self.loop = asyncio.new_event_loop()
        self.events: list[Event] = []
        self.session = Session(interpreter, cwd, listener=self.events.append)
        self.session.attach(self.loop)

    def wait_for(self, begin: Callable[[Callable[[Any], None]], Any]) -> Any:
        async def ask() -> Any:
            answered = self.loop.create_future()
            begin(answered.set_result)
            return await asyncio.wait_for(answered, MAX_WAIT_S)

        return self.loop.run_until_complete(ask())

    def evaluate(self, code: str) -> Any:
        return self.wait_for(lambda done: self.session.submit(EvaluateRequest(code), done))

    def value(self, code: str) -> str:
        answer = self.evaluate(code)
        assert answer.status == "ok", answer.error
        return str(answer.results[-1].value.text)

    def restart(self) -> Any:
        return self.wait_for(self.session.begin_restart)

    def spare_pid(self) -> int | None:
        """Return the spare worker's process id once it is up; None: there is none coming."""
        spare = self.session._workers._spare

        async def up() -> int | None:
            while spare is not None and spare._worker is not None:
                worker = spare._worker
                if worker._greeted and worker.pid is not None:
                    return worker.pid
                await asyncio.sleep(0.001)  # its messages come through this loop
            return None

        self.loop.run_until_complete(asyncio.sleep(0))  # a timer that is due
        return self.loop.run_until_complete(asyncio.wait_for(up(), MAX_WAIT_S))

    def close(self) -> None:
        self.session.close()
        self.loop.close()


@pytest.fixture
def make(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Looped]]:
    monkeypatch.setattr(workers, "_SPARE_AFTER_S", 0)
    made: list[Looped] = []

    def make(interpreter: str | None = None) -> Looped:
        made.append(Looped(workspace, interpreter))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def looped(make: Callable[..., Looped]) -> Looped:
    return make()


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def test_there_is_none_before_the_first_worker(looped: Looped) -> None:
    assert looped.spare_pid() is None


def test_a_restart_takes_it_and_another_is_made_ready(looped: Looped) -> None:
    looped.value("kept = 1; kept")
    spare = looped.spare_pid()
    assert spare is not None
    assert looped.restart().pid == spare
    assert looped.value("import os; os.getpid()") == str(spare)
    assert looped.value("'kept' in globals()") == "False"
    assert looped.spare_pid() not in (None, spare)
    assert looped.session.info().generation == 2


def test_it_has_loaded_ahead_what_the_first_worker_loaded_late(looped: Looped) -> None:
    is_loaded = "import sys; 'relive.worker.tracing.tracer' in sys.modules"
    assert looped.value(is_loaded) == "False"
    assert looped.spare_pid() is not None
    looped.restart()
    assert looped.value(is_loaded) == "True"


@pytest.mark.no_copies("its process ends for good")
def test_a_death_leads_to_it(looped: Looped) -> None:
    looped.value("1")
    spare = looped.spare_pid()
    died = looped.evaluate("import os; os._exit(3)")
    assert died.status == "died"
    assert "exited with status 3" in died.error.message
    assert looped.session.info().state == "dead"
    assert "exited with status 3" in (looped.session.info().reason or "")
    assert looped.value("import os; os.getpid()") == str(spare)


def test_it_ends_with_the_session(looped: Looped) -> None:
    looped.value("1")
    spare = looped.spare_pid()
    assert spare is not None
    looped.session.close()
    assert not is_alive(spare)


def test_one_that_dies_is_not_needed(looped: Looped) -> None:
    looped.value("1")
    spare = looped.spare_pid()
    assert spare is not None
    handle = os.pidfd_open(spare)
    os.kill(spare, signal.SIGKILL)
    assert select.select([handle], [], [], MAX_WAIT_S)[0]
    os.close(handle)
    assert looped.restart().pid != spare
    assert looped.value("1 + 1") == "2"


def test_it_runs_nothing_of_the_users(looped: Looped, workspace: Path) -> None:
    for name in ("sitecustomize", "usercustomize", "json", "random", "relive", "a"):
        (workspace / f"{name}.py").write_text("open('ran', 'w').close()\n")
    looped.value("1")
    assert looped.spare_pid() is not None
    assert not (workspace / "ran").exists()


def test_L20_a_link_that_leads_to_another_interpreter_is_told_and_taken_at_a_restart(
    make: Callable[..., Looped], workspace: Path
) -> None:
    one, other = sorted(INTERPRETERS)[-2:]
    link = workspace / "venv"
    link.symlink_to(Path(INTERPRETERS[one]).resolve().parents[1])
    looped = make(str(link / "bin" / "python"))
    looped.value("1")
    spare = looped.spare_pid()
    assert not looped.session.info().python_changed
    link.unlink()
    link.symlink_to(Path(INTERPRETERS[other]).resolve().parents[1])
    assert looped.value("1 + 1") == "2"
    assert looped.session.info().python_changed
    assert looped.restart().pid != spare
    assert looped.value("import sys; '%d.%d' % sys.version_info[:2]") == repr(other)
    assert not looped.session.info().python_changed


def test_a_folder_that_was_made_anew_makes_it_useless(looped: Looped, workspace: Path) -> None:
    looped.value("1")
    spare = looped.spare_pid()
    workspace.rename(workspace.with_name("moved"))
    workspace.mkdir()
    assert looped.restart().pid != spare
    assert looped.value("import os; os.stat('.').st_ino") == str(workspace.stat().st_ino)


def test_python_callers_pay_for_none(fast_session: Session) -> None:
    fast_session.evaluate("1")
    assert fast_session._workers._spare is None
