"""Output belongs to the evaluation that started what writes it, whatever runs by then."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import MAX_WAIT_S
from relive.session.answers import Evaluation
from relive.session.events import Event, OutputReady, ResultReady
from relive.session.session import Session

HELPERS = """
import asyncio, functools, logging, os, subprocess, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
gates, done = [threading.Event() for _ in range(20)], threading.Semaphore(0)
def later(gate, say):
    gates[gate].wait()
    say()
    done.release()
def go(gate, times=1):
    gates[gate].set()
    for _ in range(times): done.acquire()
pool = ThreadPoolExecutor(1)
_ = pool.submit(print, 'warm').result()
async def task(gate, say):
    while not gates[gate].is_set(): await asyncio.sleep(0.001)
    say()
    done.release()
async def until(gate):
    gates[gate].set()
    while not done.acquire(blocking=False): await asyncio.sleep(0.001)
def half():
    print('ha', end=''); done.release(); gates[19].wait(); print('lf')
"""

CASES: dict[str, tuple[str, str, str, str]] = {
    # What starts it; what runs as it writes; what belongs to the first, and what to the second.
    "a thread": (
        "threading.Thread(target=later, args=(0, lambda: print('first'))).start()",
        "print('before'); go(0); print('after')",
        "first\n",
        "before\nafter\n",
    ),
    "a raw thread": (
        "import _thread; _ = _thread.start_new_thread(later, (1, lambda: print('first')))",
        "go(1)",
        "first\n",
        "",
    ),
    "a thread of a thread": (
        "inner = lambda: threading.Thread(target=print, args=('inner',)).start()\n"
        "threading.Thread(target=later, args=(2, inner)).start()",
        "go(2); [t.join() for t in threading.enumerate() if 'print' in t.name]",
        "inner\n",
        "",
    ),
    "standard error and logging": (
        "logging.basicConfig()\n"
        "threading.Thread(target=later, args=(3, lambda: logging.warning('w'))).start()",
        "go(3)",
        "WARNING:root:w\n",
        "",
    ),
    "a task": (
        "async def begin(): return asyncio.ensure_future(task(4, lambda: print('first')))\n"
        "kept = await begin()",
        "print('before'); await until(4); print('after')",
        "first\n",
        "before\nafter\n",
    ),
    "work for a pool that an earlier evaluation began": (
        "slow = pool.submit(later, 5, lambda: print('first'))",
        "go(5); pool.submit(print, 'second').result()",
        "first\n",
        "second\n",
    ),
    "work for asyncio's threads": (
        "async def begin():\n"
        "    loop = asyncio.get_running_loop()\n"
        "    await loop.run_in_executor(None, print, 'first')\n"
        "await begin()",
        "async def begin():\n"
        "    loop = asyncio.get_running_loop()\n"
        "    await loop.run_in_executor(None, print, 'second')\n"
        "await begin()",
        "first\n",
        "second\n",
    ),
    "a long text, in pieces": (
        "threading.Thread(target=later, args=(6, lambda: print('é€😀' * 20_000))).start()",
        "go(6)",
        "é€😀" * 20_000 + "\n",
        "",
    ),
    "what C code and children write is of what runs": (
        "def child(): subprocess.run(['echo', 'child']); os.write(1, b'c code\\n')\n"
        "threading.Thread(target=later, args=(7, child)).start()",
        "go(7)",
        "",
        "child\nc code\n",
    ),
    "half a line stays with its other half": (
        "thread = threading.Thread(target=half); thread.start(); _ = done.acquire()",
        "print('mine'); gates[19].set(); thread.join(); print('too')",
        "half\n",
        "mine\ntoo\n",
    ),
}


class Heard:
    """A session, and what was heard of each evaluation's output."""

    def __init__(self, make_session: Callable[..., Session], python: str | None = None) -> None:
        self._events: list[OutputReady] = []
        self._awaited: list[tuple[str, threading.Event]] = []
        self.session = make_session(python, listener=self._hear)

    def ok(self, code: str) -> Evaluation:
        given = self.session.evaluate(code)
        assert given.status == "ok", given.error
        return given

    def of(self, evaluation: int | None) -> str:
        """Return what was heard as this evaluation's output, at any time."""
        return "".join(e.chunk.text for e in self._events if e.evaluation == evaluation)

    def when(self, text: str) -> threading.Event:
        self._awaited.append((text, threading.Event()))
        return self._awaited[-1][1]

    def _hear(self, event: Event) -> None:
        if isinstance(event, OutputReady):
            self._events.append(event)
            for text, seen in self._awaited:
                if text in event.chunk.text:
                    seen.set()


def test_output_is_of_the_evaluation_that_started_what_writes(make_session, python: str) -> None:
    heard = Heard(make_session, python)
    heard.ok(HELPERS)
    wrong = {}
    for name, (starts, runs, of_first, of_second) in CASES.items():
        first, second = heard.ok(starts), heard.ok(runs)
        heard.ok("sys.stdout.flush()")
        told = heard.of(first.id), heard.of(second.id)
        if told != (of_first, of_second):
            wrong[name] = told
        answered = "".join(chunk.text for chunk in second.output)
        assert answered == told[1], name
    assert not wrong


def test_between_evaluations_too(make_session, workspace: Path) -> None:
    heard = Heard(make_session)
    idle, seen = workspace / "idle", heard.when("said")
    os.mkfifo(idle)
    first = heard.ok(
        f"import threading\ndef speak():\n    open({str(idle)!r}).read()\n    print('said')\n"
        "threading.Thread(target=speak).start()"
    )
    idle.write_text("nothing runs now")
    assert seen.wait(MAX_WAIT_S)
    assert heard.of(first.id) == "said\n"
    assert not heard.of(None)


def test_the_order_of_all_that_writes_stays(fast_session: Session) -> None:
    """A thread's own evaluation still runs: marked or not, pieces come as they were written."""
    code = (
        "import os, subprocess, threading\n"
        "def speak():\n"
        "    for n in range(50):\n"
        "        print('thread', n); os.write(1, b'c %d\\n' % n)\n"
        "    subprocess.run(['echo', 'child']); print('end')\n"
        "thread = threading.Thread(target=speak); thread.start(); thread.join()\nprint('main')"
    )
    given = fast_session.evaluate(code)
    wanted = "".join(f"thread {n}\nc {n}\n" for n in range(50)) + "child\nend\nmain\n"
    assert "".join(chunk.text for chunk in given.output) == wanted


def test_what_was_written_before_a_crash_arrives(make_session) -> None:
    heard = Heard(make_session)
    first = heard.ok(
        "import os, threading\ngo = threading.Event()\n"
        "def die(): go.wait(); print('last words'); os._exit(3)\n"
        "threading.Thread(target=die).start()"
    )
    assert heard.session.evaluate("go.set()\nthreading.Event().wait()").status == "died"
    assert heard.of(first.id) == "last words\n"


def test_marks_are_for_the_daemon_alone(fast_session: Session, workspace: Path) -> None:
    """Where user code leads the descriptor elsewhere, only its own text goes there."""
    code = (
        "import os, threading\nkept = os.dup(1)\n"
        "os.dup2(os.open('log', os.O_CREAT | os.O_WRONLY), 1)\n"
        "thread = threading.Thread(target=print, args=('logged',)); thread.start(); thread.join()\n"
        "_ = os.dup2(kept, 1)"
    )
    assert fast_session.evaluate(code).status == "ok"
    assert (workspace / "log").read_text() == "logged\n"


@pytest.mark.parametrize(
    "write",
    ["print({})", "print({}, file=sys.stderr)", "_ = os.write(1, b'{}\\n')", "echo('{}')"],
)
def test_what_a_statement_writes_comes_before_its_result_and_after_earlier_ones(
    make_session, write: str
) -> None:
    """The worker is ahead of what it has told, all the more while its messages are handled."""
    heard: list[Event] = []
    session = make_session(listener=heard.append)
    prepare = "import os, subprocess, sys\ndef echo(text):\n    subprocess.run(['echo', text])"
    session.evaluate(prepare)
    heard.clear()
    numbers = range(10 if "echo" in write else 100)
    session.evaluate("\n".join(write.format(n) for n in numbers))
    told, before_each = "", []
    for event in heard:
        if isinstance(event, OutputReady):
            told += event.chunk.text
        elif isinstance(event, ResultReady):
            before_each.append(told)
            told = ""
    assert before_each == [f"{n}\n" for n in numbers]


FORGED = [
    "\x1b_relive;0;0\x1b\\abc",
    "\x1b_relive;999;3\x1b\\abc",
    "\x1b_relive;1;99999\x1b\\abc",
    "\x1b_relive;1",
    "\x1b",
]


@pytest.mark.parametrize("text", FORGED)
def test_a_mark_that_user_code_makes_up_loses_nothing(make_session, text: str) -> None:
    heard = Heard(make_session)
    given = heard.ok(f"print({text!r}, end='')\nprint(1)")
    told = heard.of(given.id) + heard.of(None)
    assert "1\n" in told
    assert ("abc" in told) == ("abc" in text)


def test_streams_are_as_ever_while_nobody_writes_beside(fast_session: Session) -> None:
    code = (
        "import sys, threading\ngo = threading.Event()\n"
        "thread = threading.Thread(target=go.wait); thread.start()\n'write' in vars(sys.stdout)"
    )
    assert fast_session.evaluate(code).results[-1].value.text == "True"
    fast_session.evaluate("go.set(); thread.join()")
    assert fast_session.evaluate("'write' in vars(sys.stdout)").results[0].value.text == "False"


def test_a_write_that_user_code_has_replaced_stays(fast_session: Session) -> None:
    code = (
        "import sys, threading\nheld = []\nsys.stdout.write = held.append\n"
        "thread = threading.Thread(target=print, args=('x',)); thread.start(); thread.join()\nheld"
    )
    assert fast_session.evaluate(code).results[-1].value.text == "['x', '\\n']"


def test_a_forked_child_goes_on_writing(fast_session: Session) -> None:
    code = (
        "import os, threading\ngo = threading.Event()\n"
        "def speak(): print('half', end=''); go.wait()\n"
        "thread = threading.Thread(target=speak); thread.start()\n"
        "def fork():\n    pid = os.fork()\n    if pid: os.waitpid(pid, 0); return\n"
        "    print('child', flush=True); os._exit(0)\n"
        "other = threading.Thread(target=fork); other.start(); other.join()\n"
        "go.set(); thread.join()"
    )
    given = fast_session.evaluate(code)
    told = "".join(chunk.text for chunk in given.output)
    assert "child\n" in told
    assert told.replace("child\n", "") == "half"
