"""Loops, threads and processes of user code: they work as in a script, and what goes on is told."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from conftest import MAX_WAIT_S
from faults.sessions import Watched, goes_on, printed, value
from relive.session.session import Session


@pytest.fixture
def watched(make_session) -> Watched:
    return Watched(make_session)


# -- asyncio ---------------------------------------------------------------------------------------


def test_A1_asyncio_run_works_each_time(session: Session) -> None:
    code = (
        "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 5\nasyncio.run(f())"
    )
    for _ in range(2):
        assert value(session.evaluate(code)) == "5"
    assert value(session.evaluate("await f()")) == "5"
    assert value(session.evaluate("asyncio.run(f())")) == "5"


def test_A2_tasks_go_on_between_evaluations_and_are_listed(watched: Watched) -> None:
    session, seen = watched.session, threading.Event()
    watched.when_printed("third", seen.set)
    session.evaluate(
        "import asyncio\nasync def poll():\n    for word in ('first', 'second', 'third'):\n"
        "        await asyncio.sleep(0.01)\n        print(word)\n    await asyncio.Event().wait()\n"
        "async def begin(): return asyncio.create_task(poll(), name='poll')\ntask = await begin()"
    )
    assert "the task 'poll' runs on" in session.info().notes
    assert seen.wait(MAX_WAIT_S)
    assert (
        value(session.evaluate("task.cancel(), await asyncio.wait({task})\ntask.cancelled()"))
        == "True"
    )
    assert not session.info().notes


def test_A3_a_policy_of_the_users_makes_the_loop(fast_session: Session) -> None:
    code = (
        "import asyncio, warnings\nwarnings.simplefilter('ignore')\nmade = []\n"
        "class Policy(asyncio.DefaultEventLoopPolicy):\n"
        "    def new_event_loop(self):\n        made.append(1)\n        return super().new_event_loop()\n"
        "asyncio.set_event_loop_policy(Policy())\nawait asyncio.sleep(0, 'done')"
    )
    assert value(fast_session.evaluate(code)) == "'done'"
    assert value(fast_session.evaluate("made")) == "[1]"


def test_A3_a_policy_that_fails_is_an_error_of_the_code(fast_session: Session) -> None:
    code = (
        "import asyncio, warnings\nwarnings.simplefilter('ignore')\n"
        "class Policy(asyncio.DefaultEventLoopPolicy):\n    def new_event_loop(self): raise OSError('no loop')\n"
        "asyncio.set_event_loop_policy(Policy())\nawait asyncio.sleep(0)"
    )
    given = fast_session.evaluate(code)
    assert given.error is not None
    assert given.error.message == "no loop"
    assert goes_on(fast_session)


def test_A10_a_window_lives_between_evaluations_as_a_task(watched: Watched) -> None:
    """A toolkit's `update` called by a task is the hook: evaluations still run."""
    session, seen = watched.session, threading.Event()
    watched.when_printed("drawn 5", seen.set)
    session.evaluate(
        "import asyncio\nclass Window:\n    drawn = 0\n    def update(self):\n"
        "        self.drawn += 1\n        if self.drawn == 5: print('drawn 5')\n"
        "window = Window()\nasync def show():\n    while True:\n        window.update()\n"
        "        await asyncio.sleep(0.001)\n"
        "async def begin(): return asyncio.create_task(show())\ntask = await begin()"
    )
    assert seen.wait(MAX_WAIT_S)
    assert value(session.evaluate("window.drawn >= 5")) == "True"
    session.evaluate("_ = task.cancel()")


# -- threads ---------------------------------------------------------------------------------------


def test_I12_threads_that_go_on_are_told(watched: Watched) -> None:
    code = (
        "import threading, time\nstop = threading.Event()\n"
        "worker = threading.Thread(target=stop.wait, name='poller')\nworker.start()\n"
        "print('here')\nwhile True: pass"
    )
    given = watched.evaluate_and_interrupt(code)
    assert given.status == "interrupted"
    assert given.error is not None
    assert "the thread 'poller' runs on" in given.error.notes
    assert "the thread 'poller' runs on" in watched.session.info().notes
    watched.session.evaluate("stop.set()\nworker.join()")
    assert not watched.session.info().notes


def test_L6_an_exit_in_a_thread_ends_only_the_thread(fast_session: Session) -> None:
    code = "import sys, threading\nt = threading.Thread(target=sys.exit)\nt.start(); t.join()"
    assert fast_session.evaluate(code).status == "ok"
    code = "def fail(): 1 / 0\nt = threading.Thread(target=fail)\nt.start(); t.join()"
    assert "ZeroDivisionError" in printed(fast_session.evaluate(code), "stderr")
    assert goes_on(fast_session)


def test_A11_no_thread_of_ours_is_a_debuggers_concern(fast_session: Session) -> None:
    """Debuggers find threads by `threading`: the worker's own are not there to be stopped."""
    code = "import threading\n[thread.name for thread in threading.enumerate()]"
    assert value(fast_session.evaluate(code)) == "['MainThread']"


# -- processes -------------------------------------------------------------------------------------

POOL = """import multiprocessing
def double(n):
    print('child', n, flush=True)
    return 2 * n
"""


def test_A4_children_that_are_forked_print_and_answer_nobody_else(
    session: Session, workspace: Path
) -> None:
    given = session.evaluate(
        POOL
        + "with multiprocessing.get_context('fork').Pool(2) as pool: got = pool.map(double, [1, 2])\ngot"
    )
    assert value(given) == "[2, 4]"
    assert printed(given).count("child") == 2
    assert goes_on(session)


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_A5_children_that_are_spawned_find_what_stands_in_a_file(
    fast_session: Session, workspace: Path, method: str
) -> None:
    (workspace / "jobs.py").write_text(POOL)
    code = f"with multiprocessing.get_context('{method}').Pool(1) as pool: got = pool.map(double, [1])\ngot"
    fast_session.evaluate(POOL, "jobs.py")
    assert value(fast_session.evaluate(code, "jobs.py")) == "[2]"
    assert goes_on(fast_session)


UNFOUND = {
    "in no file": (None, None, "only in text that is in no file"),
    "not saved": ("jobs.py", "", "only in the text of jobs.py"),
    "saved otherwise": (
        "jobs.py",
        POOL.replace("2 *", "3 *"),
        "otherwise than on disk in the text of jobs.py",
    ),
}
SENDERS = {
    "pool": "with multiprocessing.get_context({method!r}).Pool(1) as p: p.map(double, [1])",
    "process": "multiprocessing.get_context({method!r}).Process(target=double, args=[1]).start()",
    "executor": (
        "import concurrent.futures\n"
        "with concurrent.futures.ProcessPoolExecutor(\n"
        "    1, mp_context=multiprocessing.get_context({method!r})\n) as p: _ = p.submit(double, 1).result()"
    ),
}


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("kind", UNFOUND)
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_A5_what_a_spawned_child_would_not_find_is_refused_in_words(
    fast_session: Session, workspace: Path, method: str, kind: str, sender: str
) -> None:
    """Without it a pool starts one child after another, each of which fails, for ever."""
    file, saved, where = UNFOUND[kind]
    if saved is not None:
        (workspace / "jobs.py").write_text(saved)
    fast_session.evaluate(POOL, file)
    given = fast_session.evaluate(SENDERS[sender].format(method=method), file)
    assert given.error is not None
    assert where in given.error.message
    assert "'double' stands" in given.error.message
    assert value(fast_session.evaluate("[double(2), 1]", file)) == "[4, 1]"


def test_A5_forked_children_have_it_all_beside_spawned_ones_that_have_ended(
    fast_session: Session,
) -> None:
    fast_session.evaluate(POOL)
    fast_session.evaluate(
        "spawned = multiprocessing.get_context('spawn').Process(target=print)\n"
        "spawned.start(); spawned.join()"
    )
    code = (
        "with multiprocessing.get_context('fork').Pool(1) as pool: got = pool.map(double, [1])\ngot"
    )
    assert value(fast_session.evaluate(code)) == "[2]"
