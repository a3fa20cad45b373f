"""However a worker or its daemon ends: it is told, what follows works, and nothing is left behind.

L1, L2 and L4 with their places in the code are in `test_final_status.py`; the end of the daemon by
its client's will (L11) is in `tests/lsp/test_lifetime.py`, L20 in `tests/session/test_spare.py`, and L19 in
`tests/fuzz/test_session_states.py`.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from conftest import MAX_WAIT_S
from faults.sessions import Watched, goes_on, printed, value
from lsp.conftest import StartClient
from lsp.driver import Client, wait_for_end_of
from relive.session.events import Event, StateChanged
from relive.session.session import Session

SLEEPER = "[sys.executable, '-S', '-c', 'import time; time.sleep(600)']"

CHILDREN = {
    "L12 in its group": f"print(subprocess.Popen({SLEEPER}).pid)",
    "L13 in a session of its own": f"print(subprocess.Popen({SLEEPER}, start_new_session=True).pid)",
    "L13 of a parent that is gone": (
        "reading, writing = os.pipe()\n"
        "if (child := os.fork()) == 0:\n"
        "    os.setsid()\n"
        "    if (grandchild := os.fork()) == 0:\n"
        "        signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "        while True: time.sleep(600)\n"
        "    os.write(writing, str(grandchild).encode())\n"
        "    os._exit(0)\n"
        "_ = os.waitpid(child, 0)\n"
        "print(os.read(reading, 20).decode())"
    ),
    "L15 forked from the worker": (
        "if (child := os.fork()) == 0:\n    time.sleep(600)\n    os._exit(0)\nprint(child)"
    ),
    "that was stopped": (
        f"child = subprocess.Popen({SLEEPER})\nos.kill(child.pid, signal.SIGSTOP)\nprint(child.pid)"
    ),
}
IMPORTS = "import os, signal, subprocess, sys, threading, time\n"
SAY_READY = """
def say_ready():
    sys.stdout.flush()
    os.write(1, b'ready %d\\n' % os.getpid())  # in one piece
"""


def die(session: Session) -> None:
    assert session.evaluate("os._exit(3)").status == "died"


def be_killed(session: Session) -> None:
    assert session.evaluate("os.kill(os.getpid(), 9)").status == "died"


def lose_the_warden(session: Session) -> None:
    """The end of the process that sees to the others: what is in the worker's group still ends."""
    given = session.evaluate("os.kill(os.getppid(), 9)\nwhile True: pass")
    assert given.status == "died"
    assert given.error is not None
    assert "lost its parent process" in given.error.message


def restart(session: Session) -> None:
    session.restart()


def close(session: Session) -> None:
    session.close()


@pytest.mark.no_copies("what had been started before the copy that goes on would run on")
@pytest.mark.parametrize("end", [die, be_killed, restart, close])
@pytest.mark.parametrize("code", CHILDREN.values(), ids=CHILDREN)
def test_what_the_code_has_started_ends_with_the_worker(
    fast_session: Session, code: str, end: Callable[[Session], None]
) -> None:
    child = int(printed(fast_session.evaluate(IMPORTS + code)))
    end(fast_session)
    wait_for_end_of(child)


@pytest.mark.no_copies("the test's process would have to wait for the end of the copies")
def test_the_warden_can_be_killed_too(fast_session: Session) -> None:
    pid = int(value(fast_session.evaluate(IMPORTS + "os.getpid()")))
    lose_the_warden(fast_session)
    assert goes_on(fast_session, generation=2)
    wait_for_end_of(pid)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)  # ours by adoption


def test_L13_what_is_ended_with_the_worker_is_named(fast_session: Session) -> None:
    code = "import os, subprocess\np = subprocess.Popen(['sleep', '600'], start_new_session=True)"
    fast_session.evaluate(code)
    reason = fast_session.evaluate("os._exit(3)").error
    assert reason is not None
    assert re.search(r"ended with it, .*: sleep \(\d+\)", reason.message)


# -- the end of the worker ------------------------------------------------------------------------


def test_L3_a_kill_is_told_with_the_memory_it_had(fast_session: Session) -> None:
    code = "import os\nheld = bytearray(os.urandom(1)) * 200_000_000\nos.kill(os.getpid(), 9)"
    error = fast_session.evaluate(code).error
    assert error is not None
    found = re.search(r"signal 9 \(SIGKILL\).*memory may have run out.* (\d+) MB", error.message)
    assert found
    assert 200_000_000 / 2**20 <= int(found[1]) <= 1000
    assert goes_on(fast_session, generation=2)


@pytest.mark.parametrize("piece", [2**20, 2**12], ids=["large pieces", "small pieces"])
def test_L3_a_limit_of_memory_is_an_error_of_the_code(session: Session, piece: int) -> None:
    """Small pieces leave nothing at all: what the worker itself needs then was kept back."""
    code = (
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (400 * 2**20,) * 2)\n"
        f"held = []\nwhile True: held.append(bytearray({piece}))"
    )
    given = session.evaluate(code)
    assert given.status == "error"
    assert given.error is not None
    assert given.error.type == "MemoryError"
    session.evaluate("held.clear()")
    assert goes_on(session)


def test_L4_an_exit_behind_our_back(session: Session) -> None:
    given = session.evaluate("import os\nos._exit(3)")
    assert given.status == "died"
    assert "exited with status 3" in (session.info().reason or "")
    assert goes_on(session, generation=2)


@pytest.mark.parametrize(
    "code", ["import sys; sys.exit(3)", "exit()", "quit()", "raise SystemExit"]
)
def test_L5_asking_to_exit_is_an_outcome(session: Session, code: str) -> None:
    given = session.evaluate(code)
    assert given.status == "error"
    assert given.error is not None
    assert given.error.type == "SystemExit"
    assert goes_on(session)


EXITS = {
    "a thread": "t = threading.Thread(target=sys.exit); t.start(); t.join()",
    "a signal handler": "_ = signal.signal(signal.SIGUSR1, lambda *_: sys.exit(3))\ntry: os.kill(os.getpid(), signal.SIGUSR1); time.sleep(600)\nexcept SystemExit: pass",
    "a finalizer": "class E:\n    def __del__(self): sys.exit(3)\n_ = E()\ndel _",
    "a callback of the loop": "import asyncio\nasync def f(): asyncio.get_running_loop().call_soon(sys.exit)\nasync def g():\n    await f()\n    await asyncio.sleep(0.01)\ntry: await g()\nexcept SystemExit: pass",
}


@pytest.mark.parametrize("code", EXITS.values(), ids=EXITS)
def test_L6_an_exit_elsewhere_ends_nothing(fast_session: Session, code: str) -> None:
    fast_session.evaluate(IMPORTS + code)
    assert goes_on(fast_session)


def test_L14_the_thread_that_started_the_worker_may_end(fast_session: Session) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(fast_session.evaluate, "kept = 1").result()
    assert value(fast_session.evaluate("kept")) == "1"
    assert goes_on(fast_session)


@pytest.fixture
def heard_session(make_session: Any) -> Session:
    """A session that tells its state, as it does to who listens."""
    return Watched(make_session).session


def kill_and_hear(session: Session) -> None:
    """Kill the worker from outside and wait until the session says that it is dead."""
    died, hear = threading.Event(), session._listener

    def listen(event: Event) -> None:
        hear(event)
        if isinstance(event, StateChanged) and event.info.state == "dead":
            died.set()

    session._listener = listen
    os.kill(session.info().pid or 0, signal.SIGKILL)
    assert died.wait(MAX_WAIT_S)


def test_L15_a_forked_child_does_not_hold_up_the_news(heard_session: Session) -> None:
    heard_session.evaluate("import os, time\nif os.fork() == 0: time.sleep(600)")
    kill_and_hear(heard_session)
    assert goes_on(heard_session, generation=2)


def test_L17_a_signal_never_goes_to_who_has_the_number_now(heard_session: Session) -> None:
    """A worker's number is never used by the daemon: the warden signals, while it is the worker's."""
    heard_session.evaluate("1")
    worker = heard_session._worker
    assert worker is not None
    kill_and_hear(heard_session)
    worker.signal(signal.SIGKILL)  # nobody is there to get it
    assert not heard_session.interrupt()
    assert goes_on(heard_session, generation=2)


def defunct_and_descriptors() -> tuple[int, int]:
    listed = subprocess.run(
        ["ps", "-e", "-o", "ppid=,stat="], capture_output=True, text=True, check=True
    )
    mine = [line.split() for line in listed.stdout.splitlines()]
    defunct = [stat for ppid, stat in mine if int(ppid) == os.getpid() and stat.startswith("Z")]
    return len(defunct), len(os.listdir("/proc/self/fd"))


def test_L18_restarts_leave_nothing(fast_session: Session) -> None:
    fast_session.evaluate("1")
    before = defunct_and_descriptors()
    for turn in range(40):
        if turn % 2:
            fast_session.restart()
        else:
            fast_session.evaluate("import os; os._exit(0)")
    fast_session.restart()
    fast_session._workers.wait_for_ends()
    assert defunct_and_descriptors() == before


def test_L21_a_worker_that_was_stopped_goes_on(make_session: Any) -> None:
    watched = Watched(make_session)
    session = watched.session
    pid = int(value(session.evaluate("import os; os.getpid()")))
    watched.when_printed("here", lambda: os.kill(pid, signal.SIGSTOP))
    given: list[Any] = []
    caller = threading.Thread(target=lambda: given.append(session.evaluate("print('here')\n7")))
    caller.start()
    while "T" not in Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1]:
        caller.join(0.001)
        if given:
            break  # it was faster than the signal
    assert session.info().generation == 1
    os.kill(pid, signal.SIGCONT)
    caller.join(MAX_WAIT_S)
    assert value(given[0]) == "7"
    assert goes_on(session)


@pytest.mark.parametrize("jump_s", [-1e9, 1e9])
def test_L22_the_clock_on_the_wall_may_jump(
    make_session: Any, monkeypatch: pytest.MonkeyPatch, jump_s: float
) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump_s)
    watched = Watched(make_session)
    session = watched.session
    session.evaluate(f"import time\nreal = time.time\ntime.time = lambda: real() + {jump_s}")
    assert watched.evaluate_and_interrupt("print('here')\nwhile True: pass").status == "interrupted"
    session.restart()
    given = session.evaluate("class S:\n    def __repr__(self): return 'fine'\nS()")
    assert value(given) == "fine"
    assert 0 <= given.duration_ms < 1e6


# -- the end of the daemon ------------------------------------------------------------------------

BUSY = {
    "idle": "say_ready()",
    "a loop": "say_ready()\nwhile True: pass",
    "C code that keeps the lock": ("say_ready()\nsum(range(10**12))"),
    "threads": (
        "def forever():\n    while True:\n        try: time.sleep(600)\n        except BaseException: pass\n"
        "for _ in range(3): threading.Thread(target=forever).start()\n"
        "say_ready()"
    ),
    "handlers that refuse": (
        "import atexit\natexit.register(time.sleep, 600)\n"
        "for number in (1, 2, 3, 15): signal.signal(number, signal.SIG_IGN)\n"
        "say_ready()\nwhile True:\n    try: time.sleep(600)\n    except BaseException: pass"
    ),
    "channels closed": "say_ready()\nos.closerange(3, 4096)\nwhile True: pass",
    "stopped": "say_ready()\nos.kill(os.getpid(), signal.SIGSTOP)",
}


def kill_the_daemon(client: Client, editor: subprocess.Popen[bytes]) -> None:
    client.process.kill()


def kill_the_editor(client: Client, editor: subprocess.Popen[bytes]) -> None:
    editor.kill()
    editor.wait()


@pytest.mark.parametrize("kill", [kill_the_daemon, kill_the_editor])
@pytest.mark.parametrize("code", BUSY.values(), ids=BUSY)
def test_nothing_outlives_the_daemon_or_the_editor(
    start_client: StartClient, tmp_path: Path, code: str, kill: Any
) -> None:
    editor = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    try:
        client = start_client()
        client.initialize(tmp_path, process_id=editor.pid)
        child = CHILDREN["L13 of a parent that is gone"]
        client.command("relive.evaluateText", {"text": f"{IMPORTS}{SAY_READY}{child}\n{code}"})
        ready = client.wait_for_notification("relive/output", lambda p: "ready" in p["text"])
        told = client.seen("relive/output")
        written = "".join(each["text"] for each in told if each["stream"] == "stdout")
        pids = [int(number) for number in re.findall(r"\d+", written)]
        assert len(pids) == 2, ready
        kill(client, editor)
        for pid in [*pids, client.process.pid]:
            wait_for_end_of(pid)
    finally:
        editor.communicate()
