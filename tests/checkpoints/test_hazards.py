"""What a copy of a process could get wrong, one case each: woken, it is as it was, or it is told.

Each case evaluates `before`, then `undone`, goes back to before that, and evaluates `after`. All run
in one process for each version, which goes back again and again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent

import pytest

from relive.session.answers import Evaluation
from relive.session.session import Session


@dataclass(frozen=True)
class Case:
    """A hazard."""

    name: str
    before: str
    undone: str
    after: str
    expected: str
    warns: list[str] = field(default_factory=list)
    """What is told before and after, in part."""
    needs: str | None = None
    """A module that not every interpreter has."""


CASES = [
    Case("a name", "x = 1", "x += 1", "x", "1"),
    Case("five times", "x = 0", "for _ in range(5): x += 1", "x", "0"),
    Case("a new name", "pass", "fresh = 1", "'fresh' in globals()", "False"),
    Case(
        "a list changed in place",
        "xs = [1]; ys = xs",
        "xs.append(2)",
        "ys is xs, ys",
        "(True, [1])",
    ),
    Case("a deleted name", "x = 1", "del x", "x", "1"),
    Case("an iterator", "it = iter('abc'); next(it)", "next(it)", "next(it)", "'b'"),
    Case(
        "a generator",
        "def count():\n    n = 0\n    while True:\n        n += 1\n        yield n\n\ng = count(); next(g)",
        "[next(g) for _ in range(9)]",
        "next(g)",
        "2",
    ),
    Case(
        "an open context manager",
        "import contextlib\nlog = []\nclass C:\n    def __enter__(self): log.append('in')\n"
        "    def __exit__(self, *e): log.append('out')\nst = contextlib.ExitStack(); st.enter_context(C())",
        "st.close()",
        "log.append(1), st.close(), log",
        "(None, None, ['in', 1, 'out'])",
    ),
    Case("a function", "def f(): return 1", "def f(): return 2", "f()", "1"),
    Case(
        "a function that others hold",
        "def held(): return 1\nalias = held",
        "def held(): return 2",
        "alias(), alias is held",
        "(1, True)",
    ),
    Case(
        "redefined after waking",
        "def mended(): return 1\nalso = mended",
        "def mended(): return 2",
        "def mended(): return 3\nalso()",
        "3",
    ),
    Case("a class attribute", "class K: n = 1\nk = K()", "K.n = 5", "k.n", "1"),
    Case(
        "an import",
        "import sys; sys.modules.pop('colorsys', None)",
        "import colorsys",
        "'colorsys' in sys.modules",
        "False",
    ),
    Case(
        "the environment",
        "import os; os.environ['RELIVE_X'] = 'a'",
        "os.environ['RELIVE_X'] = 'b'",
        "os.environ['RELIVE_X'], os.getenv('RELIVE_X')",
        "('a', 'a')",
    ),
    Case(
        "the working folder",
        "import os; here = os.getcwd()",
        "os.chdir('/')",
        "os.getcwd() == here",
        "True",
    ),
    Case(
        "the recursion limit",
        "import sys; sys.setrecursionlimit(3000)",
        "sys.setrecursionlimit(500)",
        "sys.getrecursionlimit()",
        "3000",
    ),
    Case(
        "a context variable",
        "import contextvars; cv = contextvars.ContextVar('cv', default=0)",
        "ignored = cv.set(9)",
        "cv.get()",
        "0",
    ),
    Case(
        "the decimal context",
        "import decimal; decimal.getcontext().prec = 12",
        "decimal.getcontext().prec = 3",
        "decimal.getcontext().prec",
        "12",
    ),
    Case(
        "random numbers",
        "import random; random.seed(7); random.random()",
        "first = random.random()",
        "random.random() == random.Random(7).random()",
        "False",
    ),
    Case(
        "random numbers go on where they were",
        "import random; random.seed(7); r = random.Random(7); r.random(), random.random()",
        "random.random(), random.random()",
        "random.random() == r.random()",
        "True",
    ),
    Case(
        "a file's position",
        "p = 'position.txt'; open(p, 'w').write('abcdef'); f = open(p); f.read(2)",
        "f.read(2)",
        "f.read(2), f.close()",
        "('cd', None)",
    ),
    Case(
        "a file's buffer",
        "out = open('buffer.txt', 'w'); n = out.write('one ')",
        "n = out.write('two '); out.flush()",
        "n = out.write('three'); out.close(); open('buffer.txt').read()",
        "'one three'",
        warns=["buffer.txt was written to"],
    ),
    Case(
        "a file written",
        "import pathlib; w = pathlib.Path('written.txt')",
        "n = w.write_text('kept')",
        "w.read_text()",
        "'kept'",
        warns=["it wrote", "written.txt", "not undone"],
    ),
    Case(
        "a file removed",
        "import pathlib; gone = pathlib.Path('gone.txt'); n = gone.write_text('')",
        "gone.unlink()",
        "gone.exists()",
        "False",
        warns=["it changed files"],
    ),
    Case(
        "rows in a database",
        "import sqlite3; db = sqlite3.connect('rows.db'); ignored = db.execute('create table if not exists t(x)');"
        "ignored = db.execute('delete from t'); db.commit()",
        "ignored = db.execute('insert into t values (1)'); db.commit()",
        "db.execute('insert into t values (2)').rowcount, db.commit(), "
        "db.execute('select count(*) from t').fetchone(), db.execute('pragma integrity_check').fetchone()",
        "(1, None, (2,), ('ok',))",
        warns=["rows.db was written to"],
        needs="sqlite3",
    ),
    Case(
        "rows in a log ahead of a database",
        "import sqlite3; db = sqlite3.connect('wal.db'); ignored = db.execute('pragma journal_mode=wal').fetchall();"
        "ignored = db.execute('create table if not exists t(x)'); db.commit()",
        "ignored = db.execute('insert into t values (1)'); db.commit()",
        "db.close()",
        "None",
        warns=["wal.db-wal was written to"],
        needs="sqlite3",
    ),
    Case(
        "rows in a log that is not open yet",
        "import sqlite3; db = sqlite3.connect('late.db'); ignored = db.execute('pragma journal_mode=wal').fetchall();"
        "ignored = db.execute('create table if not exists t(x)'); db.close(); db = sqlite3.connect('late.db')",
        "ignored = db.execute('insert into t values (1)'); db.commit()",
        "db.close()",
        "None",
        warns=["late.db-wal was written to"],
        needs="sqlite3",
    ),
    Case(
        "bytes sent",
        "import socket; lasting = None",
        "s = socket.socket(type=socket.SOCK_DGRAM); s.connect(('127.0.0.1', 9)); n = s.send(b'sent'); s.close()",
        "lasting",
        "None",
        warns=["it used the network, which is not undone"],
    ),
    Case(
        "a thread started since",
        "import threading; stop = threading.Event(); t = None",
        "t = threading.Thread(target=stop.wait); t.start()",
        "t, threading.active_count()",
        "(None, 1)",
    ),
    Case(
        "a process started since",
        "import subprocess, sys; child = None",
        "child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)",
        "child",
        "None",
        warns=["it started another program"],
    ),
    Case(
        "a process from before",
        "import os, subprocess; child = subprocess.Popen(['sleep', '1000'])",
        "1",
        "os.kill(child.pid, 0), child.poll(), os.kill(child.pid, 9)",
        "(None, 0, None)",
        warns=["sleep", "how it ends will not be known"],
    ),
    Case(
        "a process that has ended",
        "import subprocess, sys; ended = subprocess.Popen([sys.executable, '-c', 'exit(3)']); ended.wait()",
        "1",
        "ended.wait(), ended.poll()",
        "(3, 3)",
    ),
    Case(
        "a file that is locked for reading",
        "import fcntl; read = open('read.txt', 'a+'); fcntl.lockf(read, fcntl.LOCK_SH)",
        "1",
        "fcntl.lockf(read, fcntl.LOCK_UN), read.close()",
        "(None, None)",
        warns=["locked for reading is not locked"],
    ),
    Case(
        "shared memory",
        "import mmap; shared = mmap.mmap(-1, 4096); shared[:3] = b'one'",
        "shared[:3] = b'two'",
        "shared[:3], shared.close()",
        "(b'two', None)",
        warns=["shared memory"],
    ),
    Case(
        "OpenMP's threads",
        "import ctypes, os; c = ctypes.CDLL(None); omp = ctypes.CDLL('libgomp.so.1')\n"
        "def regions(): omp.GOMP_parallel(c.getpid, None, 3, 0); return len(os.listdir('/proc/self/task'))\n"
        "before = regions()",
        "ignored = regions()",
        "regions() == before, omp.omp_get_max_threads() >= 1",
        "(True, True)",
        needs="ctypes; ctypes.CDLL('libgomp.so.1')",
    ),
    Case(
        "a pool of native threads",
        "import numpy; ones = numpy.ones((400, 400)); product = ones @ ones",
        "ones[:] = 2; product = ones @ ones",
        "float((ones @ ones)[0, 0]), float(product[0, 0])",
        "(400.0, 400.0)",
        needs="numpy",
    ),
    Case(
        "waiting for children",
        "import os",
        "1",
        "try:\n    _seen = os.waitpid(-1, 0)\nexcept ChildProcessError:\n    _seen = 'none'\n_seen",
        "'none'",
    ),
    Case(
        "a handler of SIGCHLD",
        "import signal; ends = []; ignored = signal.signal(signal.SIGCHLD, "
        "lambda *a: ends.append(a))",
        "1",
        "ends, signal.signal(signal.SIGCHLD, signal.SIG_DFL) and None",
        "([], None)",
    ),
    Case(
        "signals that are blocked",
        "import signal; mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])",
        "1",
        "signal.pthread_sigmask(signal.SIG_BLOCK, []) == mask",
        "True",
    ),
    Case(
        "a timer",
        "import signal; ignored = signal.setitimer(signal.ITIMER_REAL, 1000, 5)",
        "ignored = signal.setitimer(signal.ITIMER_REAL, 0)",
        "left = signal.setitimer(signal.ITIMER_REAL, 0); 900 < left[0] <= 1000, left[1]",
        "(True, 5.0)",
    ),
    Case(
        "the name of the process",
        "comm = open('/proc/self/comm').read()",
        "1",
        "open('/proc/self/comm').read() == comm",
        "True",
    ),
    Case("the recent values", "40 + 1", "40 + 2", "_", "41"),
    Case(
        "logging",
        "import logging; lg = logging.getLogger('relive-x'); lg.setLevel(10)",
        "lg.setLevel(50)",
        "lg.level",
        "10",
    ),
    Case(
        "a lock that is held",
        "import threading; lk = threading.Lock(); ignored = lk.acquire()",
        "lk.release()",
        "lk.locked(), lk.release()",
        "(True, None)",
    ),
    Case(
        "warnings that were given",
        "import warnings; warnings.filterwarnings('default'); n = len(warnings.filters)",
        "1",
        "len(warnings.filters) == n, warnings.filters[0][0]",
        "(True, 'default')",
    ),
    Case(
        "an awaited loop",
        "import asyncio\nawait asyncio.sleep(0)\nloop = asyncio.get_event_loop()",
        "await asyncio.sleep(0.001)",
        "await asyncio.sleep(0.001, 'woke')",
        "'woke'",
    ),
    Case(
        "the current loop",
        "import asyncio\nawait asyncio.sleep(0)\nloop = asyncio.get_event_loop()",
        "1",
        "asyncio.get_event_loop() is loop",
        "True",
    ),
    Case(
        "a signal that the loop handles",
        "import asyncio, os, signal\nasync def listen():\n"
        "    global fired\n    loop = asyncio.get_running_loop()\n"
        "    fired = asyncio.Event()  # outside it would be of a loop of its own before 3.10\n"
        "    loop.add_signal_handler(signal.SIGUSR2, fired.set)\n    return loop\n"
        "loop = await listen()",
        "1",
        "import asyncio, os, signal\nos.kill(os.getpid(), signal.SIGUSR2)\n"
        "got = await asyncio.wait_for(fired.wait(), 30)\n"
        "loop.remove_signal_handler(signal.SIGUSR2), got",
        "(True, True)",
    ),
    Case(
        "a task between evaluations",
        "import asyncio\nawait asyncio.sleep(0)\nseen = []\n"
        "async def work():\n    while True:\n        seen.append(1)\n"
        "        await asyncio.sleep(0.001)\ntask = asyncio.ensure_future(work())\nawait asyncio.sleep(0.01)",
        "await asyncio.sleep(0.01)\ntask.cancel()",
        "n = len(seen)\nawait asyncio.sleep(0.01)\ngoes_on = len(seen) > n\ntask.cancel()\ngoes_on",
        "True",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_copy_is_as_it_was(live: Session, case: Case) -> None:
    if case.needs is not None and live.evaluate(f"import {case.needs}").status != "ok":
        pytest.skip(f"this interpreter has no {case.needs}")
    assert ok(live.evaluate(dedent(case.before)))
    undone = live.evaluate(case.undone)
    assert ok(undone)
    offer = live.rewind_offer(undone.id)
    assert (offer.by, offer.again) == ("checkpoint", ()), offer.why_not
    rewound = live.rewind(undone.id).rewind
    assert rewound is not None
    answer = live.evaluate(case.after)
    assert ok(answer)
    assert text(answer) == case.expected
    for each in case.warns:
        assert any(each in warning for warning in offer.warnings), offer.warnings
        assert any(each in warning for warning in rewound.warnings), rewound.warnings
    if not case.warns:
        assert offer.warnings == rewound.warnings == ()


def ok(evaluation: Evaluation) -> bool:
    assert evaluation.status == "ok", evaluation.error
    return True


def text(evaluation: Evaluation) -> str:
    last = evaluation.results[-1].value
    assert last is not None
    return last.text
