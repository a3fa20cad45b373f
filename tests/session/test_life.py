"""A session's life: interrupts, deaths, restarts, floods. Real workers throughout."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conftest import MAX_WAIT_S
from relive.session.answers import Evaluation
from relive.session.events import Event, OutputReady, StateChanged
from relive.session.requests import EvaluateRequest
from relive.session.session import Session
from relive.session.variables import ModulesView


def value(evaluation: Evaluation) -> str:
    assert evaluation.status == "ok", evaluation.error
    last = evaluation.results[-1].value
    assert last is not None
    return last.text


class Watched:
    """A session whose listener lets a test wait for what the program prints."""

    def __init__(self, make_session, interpreter: str | None = None) -> None:
        self.events: list[Event] = []
        self._on_text: dict[str, list] = {}
        self.session: Session = make_session(interpreter, listener=self._hear)

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, OutputReady):
            for text, actions in list(self._on_text.items()):
                if text in event.chunk.text:
                    del self._on_text[text]
                    for action in actions:
                        action()

    def when_printed(self, text: str, action) -> None:
        self._on_text.setdefault(text, []).append(action)


@pytest.fixture
def watched(make_session) -> Watched:
    return Watched(make_session)


DEATHS = {
    "segfault": ("import ctypes; ctypes.string_at(0)", "signal 11 (SIGSEGV)"),
    "abort": ("import os; os.abort()", "signal 6 (SIGABRT)"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal 9 (SIGKILL)"),
    "exit": ("import os; os._exit(3)", "exited with status 3"),
    "descriptors closed": ("import os; os.closerange(3, 256)", "connection"),
}


@pytest.mark.parametrize(("code", "reason"), DEATHS.values(), ids=DEATHS.keys())
@pytest.mark.no_copies("its process ends for good")
def test_death_is_told_and_the_next_evaluation_has_a_new_worker(
    make_session, python: str, code: str, reason: str
) -> None:
    session = make_session(python)
    session.evaluate("lost = 1")
    given = session.evaluate(f"print('before')\n{code}\n'not reached'")
    assert given.status == "died"
    assert given.error is not None
    assert reason in given.error.message
    assert given.output[0].text.startswith("before")
    assert session.info().state == "dead"
    assert reason in (session.info().reason or "")
    assert value(session.evaluate("'lost' in globals()")) == "False"
    assert session.info().generation == 2


@pytest.mark.no_copies("its process ends for good")
def test_death_while_idle_is_noticed(watched: Watched) -> None:
    watched.session.evaluate("import os, signal")
    died = threading.Event()
    listener = watched.session._listener

    def hear(event: Event) -> None:
        listener(event)
        if isinstance(event, StateChanged) and event.info.state == "dead":
            died.set()

    watched.session._listener = hear
    os.kill(watched.session.info().pid or 0, signal.SIGKILL)
    assert died.wait(60)


def test_a_question_that_is_not_told_of_hides_no_state(watched: Watched) -> None:
    """It waits while code runs, and has its turn at the moment at which that has ended."""
    session, answers = watched.session, []

    def both(done) -> None:
        session.submit(EvaluateRequest("[1, 2]"), answers.append)
        session.submit_view(ModulesView(), done)

    session._wait(both)
    assert len(answers) == 1
    states = [each.info.state for each in watched.events if isinstance(each, StateChanged)]
    assert states[-2:] == ["busy", "idle"]


def test_a_forked_child_does_not_hold_or_speak_for_the_session(fast_session: Session) -> None:
    code = "import os, time\nchild = os.fork()\nif child == 0:\n    time.sleep(600)\n"
    fast_session.evaluate(code)
    assert fast_session.evaluate("os._exit(0)").status == "died"
    assert value(fast_session.evaluate("1")) == "1"


def test_user_code_may_close_its_streams(fast_session: Session) -> None:
    fast_session.evaluate("import os, sys; os.close(0); os.close(1); os.close(2)")
    fast_session.evaluate("sys.stdout = None; sys.stderr = open('/dev/null', 'w')")
    assert value(fast_session.evaluate("1 + 1")) == "2"


def test_user_code_may_patch_what_the_worker_uses(fast_session: Session) -> None:
    code = (
        "import json, os, socket, struct, builtins, sys, time\n"
        "def no(*a, **k): raise RuntimeError('patched')\n"
        "json.dumps = json.loads = os.write = time.perf_counter = socket.socket.sendall = no\n"
        "builtins.repr = builtins.len = builtins.isinstance = no\n"
    )
    fast_session.evaluate(code)
    assert value(fast_session.evaluate("1 + 1")) == "2"
    assert value(fast_session.evaluate("2 + 2")) == "4"


def test_restart_gives_a_fresh_worker(fast_session: Session) -> None:
    fast_session.evaluate("x = 1")
    before = fast_session.info()
    after = fast_session.restart()
    assert (after.state, after.generation) == ("idle", before.generation + 1)
    assert after.pid != before.pid
    assert fast_session.evaluate("x").status == "error"


def test_restart_ends_what_runs(watched: Watched) -> None:
    session, answers, infos = watched.session, [], []
    session.evaluate("1")
    with session._lock:
        session.submit(EvaluateRequest("print('here')\nwhile True: pass"), answers.append)
    watched.when_printed("here", lambda: session.begin_restart(infos.append))
    session._driver.run_until(lambda: bool(answers and infos))
    assert answers[0].status == "died"
    assert infos[0].state == "idle"


def test_atexit_handlers_run_on_close(make_session, workspace: Path) -> None:
    session = make_session()
    session.evaluate("import atexit, pathlib\natexit.register(pathlib.Path('bye').write_text, 'x')")
    session.close()
    assert (workspace / "bye").read_text() == "x"


def test_close_ends_children_and_stubborn_workers(make_session) -> None:
    session = make_session()
    code = (
        "import atexit, signal, subprocess, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    )
    code += "atexit.register(time.sleep, 600)\nsubprocess.Popen(['sleep', '600']).pid"
    child = os.pidfd_open(int(value(session.evaluate(code))))
    session.close()
    ended, _, _ = select.select([child], [], [], MAX_WAIT_S)
    os.close(child)
    assert ended


def test_interpreter_that_cannot_start_is_explained(make_session, workspace: Path) -> None:
    missing = make_session("/nowhere/python").evaluate("1")
    assert missing.status == "died"
    assert "/nowhere/python" in (missing.error.message if missing.error else "")
    fake = workspace / "python"
    fake.write_text("#!/bin/sh\necho 'too old' >&2; exit 4\n")
    fake.chmod(0o755)
    broken = make_session(str(fake)).evaluate("1")
    assert broken.error is not None
    assert "exited with status 4" in broken.error.message
    assert "too old" in broken.error.message


AS_OLDER = (
    "import runpy, sys; sys.version_info, sys.version = (3, 8, 18), '3.8.18 (main)'; "
    "del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
)
TOO_OLD = {
    "reads our files": (f'exec {sys.executable} -c "{AS_OLDER}" "$@"', "Python 3.8.18 is too old"),
    "cannot read them": (
        "echo \"  File '$1', line 1\" >&2; echo 'SyntaxError: invalid syntax' >&2; exit 1",
        "its Python is too old",
    ),
}


@pytest.mark.parametrize(("command", "told"), TOO_OLD.values(), ids=TOO_OLD.keys())
def test_a_python_that_is_too_old_is_refused(
    make_session, workspace: Path, command: str, told: str
) -> None:
    fake = workspace / "python"
    fake.write_text(f"#!/bin/sh\n{command}\n")
    fake.chmod(0o755)
    answer = make_session(str(fake)).evaluate("1")
    assert answer.status == "died"
    assert answer.error is not None
    assert answer.error.message.endswith(
        f"{told}: code runs in CPython 3.9 or newer; choose another in relive.session.pythonPath"
    )


def test_garbage_from_a_worker_ends_only_that_worker(make_session, workspace: Path) -> None:
    liar = workspace / "liar"
    liar.write_text('#!/bin/sh\nhead -c 100000 /dev/urandom >&"$2"\nexec sleep 600\n')
    liar.chmod(0o755)
    session = make_session(str(liar))
    assert session.evaluate("1").status == "died"


def test_no_descriptor_of_ours_reaches_the_users_children(fast_session: Session) -> None:
    code = "import os, subprocess\nsubprocess.run(['ls', '-l', '/proc/self/fd'], capture_output=True, text=True).stdout"
    assert "socket" not in value(fast_session.evaluate(code))


def test_user_code_does_not_see_our_arguments(fast_session: Session) -> None:
    assert value(fast_session.evaluate("import sys\nsys.argv")) == "['']"


def test_the_command_line_names_nothing_secret(fast_session: Session) -> None:
    fast_session.evaluate("1")
    pid = fast_session.info().pid
    # -ww: whole, however narrow the terminal that the environment speaks of.
    told = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    assert told.stdout.split()[1].endswith("worker/__main__.py")
    assert all(part.isdigit() for part in told.stdout.split()[2:])


@pytest.mark.parametrize(
    "code",
    [
        "e = ValueError(); e.__notes__ = 5; raise e",
        "class E(Exception):\n    __class__ = property(lambda self: 1 / 0)\nraise E",
        "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
        "raise SyntaxError('mine', ('m.py', 'x', 'y', 'z'))",
        "import resource as r\nr.setrlimit(r.RLIMIT_NOFILE, (30, 30))\nfs = []\n"
        "while True: fs.append(open('/dev/null'))",
        "import sys\nsys.addaudithook(lambda *a: 1 / 0)\n1",
        "import sys\nsys.modules.clear()\n1 / 0",
    ],
)
def test_no_exception_is_too_odd_to_be_told(fast_session: Session, code: str) -> None:
    given = fast_session.evaluate(code)
    assert given.status == "error"
    assert given.error is not None
    assert fast_session.info().generation == 1


def test_a_forked_child_runs_on_unheard(fast_session: Session) -> None:
    code = (
        "import os\npid = os.fork()\nif pid == 0:\n    print('child', flush=True)\n    os._exit(7)\n"
        "os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"
    )
    given = fast_session.evaluate(code)
    assert value(given) == "7"
    assert [chunk.text for chunk in given.output] == ["child\n"]
    value(fast_session.evaluate("import os\npid = os.fork()\npid"))
    assert value(fast_session.evaluate("os.waitpid(pid, 0)[1]")) == "0"


@pytest.mark.parametrize("failure", ["SystemExit(2)", "KeyboardInterrupt"])
def test_a_task_between_evaluations_does_not_end_the_worker(watched: Watched, failure: str) -> None:
    printed = threading.Event()
    watched.when_printed("about to fail", printed.set)
    watched.session.evaluate(
        "import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n"
        f"    print('about to fail')\n    raise {failure}\n"
        "async def begin():\n    return asyncio.create_task(f())\ntask = await begin()"
    )
    assert printed.wait(MAX_WAIT_S)
    assert value(watched.session.evaluate("1")) == "1"
    assert watched.session.info().generation == 1


def test_asyncio_run_leaves_the_session_its_loop(fast_session: Session) -> None:
    fast_session.evaluate("import asyncio\nawait asyncio.sleep(0)\nasyncio.run(asyncio.sleep(0))")
    assert value(fast_session.evaluate("asyncio.get_event_loop().is_closed()")) == "False"
