"""Interrupts: whatever runs stops and the state stays; what does not stop is named, and can be ended."""

from __future__ import annotations

import os
import random
import signal
import threading
from pathlib import Path

import pytest

from conftest import MAX_WAIT_S
from faults.sessions import Watched, goes_on, printed, value
from relive.session.answers import Evaluation, Unresponsive
from relive.session.events import NotObeyed
from relive.session.requests import EvaluateRequest
from relive.session.session import Session
from relive.session.settings import Settings
from relive.session.supervisor import Worker


@pytest.fixture
def watched(make_session) -> Watched:
    return Watched(make_session)


# -- what runs stops -------------------------------------------------------------------------------

BLOCKING = {
    "python loop": "while True: pass",
    "I9 input": "input('go? ')",
    "I9 stdin": "import sys; sys.stdin.read()",
    "I10 sleep": "import time; time.sleep(600)",
    "I10 lock": "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "I10 subprocess": "import subprocess; subprocess.run(['sleep', '600'])",
    "I11 asyncio": "import asyncio; asyncio.run(asyncio.sleep(600))",
    "I11 await": "import asyncio; await asyncio.sleep(600)",
}


@pytest.mark.parametrize("code", BLOCKING.values(), ids=BLOCKING.keys())
def test_what_blocks_ends_and_the_state_stays(make_session, python: str, code: str) -> None:
    watched = Watched(make_session, python, ask=lambda request, reply: None)  # nobody answers
    watched.session.evaluate("kept = 1")
    given = watched.evaluate_and_interrupt(f"print('here', flush=True)\n{code}")
    assert given.status == "interrupted"
    assert value(watched.session.evaluate("kept")) == "1"


WAITS = {
    "join": "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start(); "
    "threading.enumerate()[-1].join()",
    "event": "import threading; threading.Event().wait()",
    "condition": "import threading\nc = threading.Condition()\nwith c: c.wait()",
    "queue": "import queue; queue.Queue().get()",
    "select": "import os, select; select.select([os.pipe()[0]], [], [])",
    "socket": "import socket; pair = socket.socketpair(); pair[0].recv(1)",
    "pipe": "import os; os.read(os.pipe()[0], 1)",
    "wait": "import os, subprocess; subprocess.Popen(['sleep', '600']).wait()",
    "future": "import concurrent.futures as f; f.Future().result()",
    "sigwait": "import signal; signal.sigtimedwait({signal.SIGUSR2}, 600)",
    "regex": "import re; re.match('(a*)*b', 'a' * 60)",
    "comprehension": "[0 for _ in iter(int, 1) if False]",
}


@pytest.mark.parametrize("code", WAITS.values(), ids=[f"I10 {name}" for name in WAITS])
def test_any_wait_ends(make_session, code: str) -> None:
    watched = Watched(make_session)
    assert watched.evaluate_and_interrupt(f"print('here')\n{code}").status == "interrupted"
    assert goes_on(watched.session)


def test_I11_an_interrupt_cancels_the_task_and_the_loop_goes_on(watched: Watched) -> None:
    code = (
        "import asyncio\nasync def wait():\n    try:\n        print('here')\n        await asyncio.sleep(600)\n"
        "    finally: print('cleaned up')\nawait wait()"
    )
    given = watched.evaluate_and_interrupt(code)
    assert given.status == "interrupted"
    assert "cleaned up" in printed(given)
    assert value(watched.session.evaluate("await asyncio.sleep(0, 1)")) == "1"


def test_I8_one_interrupt_is_raised_once_and_a_second_again(watched: Watched) -> None:
    code = "import time\ndef count():\n    raised = 0\n    for turn in range(2):\n        try:\n"
    code += "            print('here' if turn == 0 else '')\n            time.sleep(1.5)\n"
    code += "        except BaseException:\n            raised += 1\n    return raised\ncount()"
    assert value(watched.evaluate_and_interrupt(code)) == "1"
    watched.when_printed("again", watched.session.interrupt)
    code = "def stubborn():\n    try:\n        print('here')\n        while True: pass\n"
    code += "    except KeyboardInterrupt:\n        print('again')\n        while True: pass\nstubborn()"
    assert watched.evaluate_and_interrupt(code).status == "interrupted"


@pytest.mark.parametrize(
    "handler", ["signal.SIG_IGN", "lambda number, frame: None", "signal.SIG_DFL"]
)
def test_I6_SIGINT_that_user_code_has_taken_for_good(watched: Watched, handler: str) -> None:
    code = f"import signal\n_ = signal.signal(signal.SIGINT, {handler})\nprint('here')\n"
    watched.when_printed("here", watched.session.interrupt)
    watched.when_printed("here", watched.session.interrupt)
    assert watched.session.evaluate(code + "while True: pass").status == "interrupted"
    assert watched.evaluate_and_interrupt("print('here')\nwhile True: pass").status == "interrupted"
    assert goes_on(watched.session)


def test_I7_a_handler_of_the_users_is_asked_first(watched: Watched) -> None:
    code = (
        "import signal, time\nstop = []\n"
        "_ = signal.signal(signal.SIGINT, lambda *args: stop.append(1))\n"
        "print('here')\nwhile not stop: time.sleep(0.01)\n'in order'"
    )
    assert value(watched.evaluate_and_interrupt(code)) == "'in order'"
    code = (
        "import asyncio, signal\nasync def serve():\n    stopped = asyncio.Event()\n"
        "    loop = asyncio.get_running_loop()\n    loop.add_signal_handler(signal.SIGINT, stopped.set)\n"
        "    print('here')\n    await stopped.wait()\n    return 'stopped'\nasyncio.run(serve())"
    )
    assert value(watched.evaluate_and_interrupt(code)) == "'stopped'"
    assert watched.evaluate_and_interrupt("print('here')\nwhile True: pass").status == "interrupted"


def test_SIGINT_that_user_code_sends_itself_is_raised(fast_session: Session) -> None:
    given = fast_session.evaluate("import signal\nsignal.raise_signal(signal.SIGINT)")
    assert given.status == "interrupted"
    assert goes_on(fast_session)


def test_I14_an_interrupt_in_a_finaliser_ends_the_evaluation_too(watched: Watched) -> None:
    code = (
        "import time\nclass Slow:\n    def __del__(self):\n        print('here')\n"
        "        time.sleep(600)\nobject_ = Slow()\ndel object_\nwhile True: pass"
    )
    assert watched.evaluate_and_interrupt(code).status == "interrupted"
    assert goes_on(watched.session)


def test_I14_an_import_that_was_interrupted_is_run_anew(watched: Watched, workspace: Path) -> None:
    slow = (
        "import os, time\nprint('here')\nif not os.path.exists('fast'): time.sleep(600)\ndone = 1\n"
    )
    (workspace / "slow.py").write_text(slow)
    assert watched.evaluate_and_interrupt("import slow").status == "interrupted"
    (workspace / "fast").touch()
    assert value(watched.session.evaluate("import slow\nslow.done")) == "1"


def test_I15_while_a_value_is_shown_it_keeps_the_evaluation(watched: Watched) -> None:
    session = watched.session
    session.settings = Settings(repr_budget_ms=600_000)
    code = "import time\nclass S:\n    def __repr__(self):\n        print('here')\n        time.sleep(600)\nS()"
    assert value(watched.evaluate_and_interrupt(code)) == "<scratch.S: showing it was interrupted>"
    assert watched.evaluate_and_interrupt("S()\nnever = 1").status == "interrupted"


def test_an_interrupt_ends_a_callback_that_keeps_an_evaluation_waiting(watched: Watched) -> None:
    begun = threading.Event()
    watched.when_printed("hogging", begun.set)
    watched.session.evaluate(
        "import asyncio\ndef hog():\n    print('hogging')\n    while True: pass\n"
        "async def begin():\n    asyncio.get_running_loop().call_later(0.01, hog)\nawait begin()"
    )
    assert begun.wait(MAX_WAIT_S)
    given: list[Evaluation] = []
    caller = threading.Thread(target=lambda: given.append(watched.session.evaluate("1")))
    caller.start()
    while watched.session.info().state != "busy":
        caller.join(0.01)
    while caller.is_alive():
        watched.session.interrupt()
        caller.join(0.2)
    assert given[0].status in ("ok", "interrupted")
    assert watched.session.info().generation == 1


# -- only what is meant ----------------------------------------------------------------------------


def test_an_interrupt_when_nothing_runs_is_false_and_harmless(fast_session: Session) -> None:
    assert not fast_session.interrupt()
    fast_session.evaluate("1")
    assert not fast_session.interrupt()
    os.kill(fast_session.info().pid or 0, signal.SIGINT)
    assert goes_on(fast_session)


def test_what_waits_is_dropped(watched: Watched) -> None:
    session, answers = watched.session, []
    session.evaluate("1")
    watched.when_printed("here", session.interrupt)
    with session._lock:
        for code in ("print('here')\nwhile True: pass", "never = 1"):
            session.submit(EvaluateRequest(code), answers.append)
    session._driver.run_until(lambda: len(answers) == 2)
    assert [answer.status for answer in answers] == ["interrupted", "interrupted"]
    assert value(session.evaluate("'never' in globals()")) == "False"


def test_I3_an_interrupt_names_its_evaluation(fast_session: Session) -> None:
    """Of two in the queue the first is interrupted as it ends: never the second instead."""
    fast_session.evaluate("1")
    for turn in range(50):
        answers: list[Evaluation] = []
        with fast_session._lock:
            first = fast_session.submit(
                EvaluateRequest(f"sum(range({turn} * 200))"), answers.append
            )
            fast_session.submit(EvaluateRequest("sum(range(20_000))"), answers.append)
        fast_session.interrupt(first)
        fast_session._driver.run_until(lambda found=answers: len(found) == 2)
        assert answers[0].status in ("ok", "interrupted")
        assert answers[1].status == "ok"
        assert not fast_session.interrupt(first)


def test_an_interrupt_right_after_the_request_is_not_lost(fast_session: Session) -> None:
    fast_session.evaluate("1")
    for _ in range(30):
        answers: list[Evaluation] = []
        with fast_session._lock:
            fast_session.submit(EvaluateRequest("while True: pass"), answers.append)
            assert fast_session.interrupt()
        fast_session._driver.run_until(lambda found=answers: bool(found))
        assert answers[0].status == "interrupted"


MOMENTS = {
    "short": "1",
    "prints": "n = 0\nprint(n)\nsum(range(1000))",
    "imports": "import sys\nsys.modules.pop('colorsys', None)\nimport colorsys",
    "C code": "sorted(range(20_000), key=lambda n: -n)",
    "errors": "try:\n    1 / 0\nexcept ZeroDivisionError: pass",
    "shows": "[str(n) for n in range(200)]",
}


def test_a_thousand_interrupts_at_random_moments_lose_nothing(fast_session: Session) -> None:
    """Half of them as requests, half as plain signals; in evaluations, between, and while idle."""
    fast_session.evaluate("1")
    pid, generation = fast_session.info().pid or 0, fast_session.info().generation
    moments, sent = random.Random(7), 0
    answers: list[Evaluation] = []
    while sent < 1000:
        codes = [moments.choice(list(MOMENTS.values())) for _ in range(2)]
        with fast_session._lock:
            for code in codes:
                fast_session.submit(EvaluateRequest(code), answers.append)
        for _ in range(5):
            threading.Event().wait(moments.random() / 1000)
            if moments.random() < 0.5:
                fast_session.interrupt()
            else:
                os.kill(pid, signal.SIGINT)
            sent += 1
        fast_session._driver.run_until(lambda: fast_session.info().state == "idle")
    assert {answer.status for answer in answers} <= {"ok", "interrupted"}
    assert len(answers) == 2 * 1000 // 5
    assert fast_session.info().generation == generation
    assert value(fast_session.evaluate("1 + 1")) == "2"


def test_I13_a_redefinition_is_whole_or_not_at_all(fast_session: Session, tmp_path: Path) -> None:
    """Whenever an interrupt comes, both functions are of one version, and redefining goes on."""
    file = tmp_path / "pair.py"
    text = "def one(): return {0}\n\n\ndef two(): return {0}\n"
    file.write_text(text.format(0))
    fast_session.evaluate("import pair", str(file))
    pid, stop = fast_session.info().pid or 0, threading.Event()

    def pester() -> None:
        while not stop.wait(0.0005):
            os.kill(pid, signal.SIGINT)

    thread = threading.Thread(target=pester)
    thread.start()
    try:
        for version in range(1, 40):
            receipt = fast_session.redefine(str(file), source=text.format(version))
            assert receipt.status == "ok", receipt
    finally:
        stop.set()
        thread.join()
    assert value(fast_session.evaluate("one(), two()", str(file))) == "(39, 39)"


# -- what does not stop ----------------------------------------------------------------------------


def not_obeyed(
    watched: Watched, code: str, file: str | None = None
) -> tuple[Unresponsive, Evaluation]:
    """Interrupt `code` at `here`, end its process when it is said to go on; return both answers."""
    session, told = watched.session, []
    hear = session._listener

    def end(event: object) -> None:
        hear(event)
        if isinstance(event, NotObeyed):
            told.append((event.about, session.info()))
            assert session.terminate(event.about.evaluation)

    session._listener = end
    given = watched.evaluate_and_interrupt(code, file)
    session._listener = hear
    (about, info), *more = told
    assert not more
    assert info.state == "busy"
    assert info.unresponsive == about.message
    assert given.status == "died"
    assert session.info().unresponsive is None
    assert goes_on(session, generation=2)
    return about, given


LOST_IN_C = r"sum(itertools.chain(map(os.write, [1], [b'here\n']), range(10**12)))"
"""Says that it is in C code, and from there on nothing looks for interrupts."""


def test_I5_I16_C_code_is_named_with_its_stack_and_can_be_ended(
    make_session, workspace: Path, python: str
) -> None:
    text = f"import itertools, os\ndef total():\n    return {LOST_IN_C}\n\n\ntotal()\n"
    (workspace / "shop.py").write_text(text)
    about, given = not_obeyed(Watched(make_session, python), text, "shop.py")
    assert about.message.startswith("still running in shop.py line 3 (total): C code")
    assert [(frame.name, frame.line) for frame in about.frames] == [("<module>", 5), ("total", 2)]
    assert about.frames[-1].text == f"return {LOST_IN_C}"
    assert "in total" in about.traceback
    assert given.error is not None
    assert "ended on request" in given.error.message


def test_I6_an_interrupt_that_user_code_takes_while_a_value_is_shown_ends_nothing(
    watched: Watched,
) -> None:
    code = (
        "import signal, threading\ntaken = threading.Event()\n"
        "_ = signal.signal(signal.SIGINT, lambda *a: taken.set())\n"
        "class Shown:\n    def __repr__(self):\n"
        "        print('here'); taken.wait(); return 'shown'\n"
        "Shown()\n'went on'"
    )
    given = watched.evaluate_and_interrupt(code)
    assert value(given) == "'went on'"
    assert value(watched.session.evaluate("taken.is_set()")) == "True"


STUBBORN = {
    "I8 swallows": (
        "while True:\n    try:\n        print('here')\n        while True: pass\n    except BaseException: pass",
        "it was interrupted and goes on",
    ),
    "I6 handles": (
        "import signal, time\n_ = signal.signal(signal.SIGINT, lambda *a: None)\nprint('here')\nwhile True: time.sleep(9)",
        "it handles SIGINT itself, and goes on",
    ),
    "A8 threads": (
        "import threading\ndef wait():\n    while True:\n"
        "        try:\n            print('here')\n            threading.Event().wait()\n"
        "        except KeyboardInterrupt: pass\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\nwait()",
        "(wait)",
    ),
}


@pytest.mark.parametrize(("code", "reason"), STUBBORN.values(), ids=STUBBORN.keys())
def test_code_that_goes_on_is_told_of_and_can_be_ended(
    watched: Watched, code: str, reason: str
) -> None:
    about, _ = not_obeyed(watched, code)
    assert reason in about.message
    assert about.traceback.count("most recent call last") == (2 if "threading" in code else 1)


def test_who_can_tell_its_stacks_is_not_asked_by_a_signal_which_may_crash_it(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Worker, "signal_for_stacks")
    about, _ = not_obeyed(watched, STUBBORN["A8 threads"][0])
    assert about.traceback.count("most recent call last") == 2


def test_what_stops_in_time_is_not_told_of(watched: Watched) -> None:
    code = (
        "import time\ntry:\n    print('here')\n    time.sleep(600)\nfinally:\n    time.sleep(1.2)"
    )
    assert watched.evaluate_and_interrupt(code).status == "interrupted"
    assert goes_on(watched.session)
    assert not [event for event in watched.events if isinstance(event, NotObeyed)]


def test_terminate_when_nothing_runs_is_false(fast_session: Session) -> None:
    assert not fast_session.terminate()
    fast_session.evaluate("1")
    assert not fast_session.terminate()
    assert goes_on(fast_session)
