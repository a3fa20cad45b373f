"""Redefining while other threads call, while an evaluation runs, and while somebody traces."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import INTERPRETERS, VERSIONS
from relive.session import callers
from relive.session.answers import Evaluation
from relive.session.session import Session

SWAPS = 1_000
FEWER_SWAPS = 200
NEWEST = INTERPRETERS[VERSIONS[-1]]
"""The oldest and the newest: what a thread can see torn changed from one to the other, and the others lie between."""

CALLERS = """
import sys, threading
import m

sys.setswitchinterval(1e-4)  # threads take turns often: more places to be torn at, less waiting
torn, counts, stop = [], [0] * 8, threading.Event()

def call(number, target, thing):
    while not stop.wait(0.002):  # all eight at full speed would leave no time for anything else
        for _ in range(30):
            code, default = target()
            own, its = thing.m()
            if code != default or own != its:
                torn.append((code, default, own, its))
            counts[number] += 1

threads = [
    threading.Thread(target=call, args=(number, m.f, m.C()), daemon=True) for number in range(8)
]
for thread in threads:
    thread.start()
"""


def text(number: int) -> str:
    """Return functions whose code and defaults tell one and the same number."""
    return (
        f"def f(default={number}):\n    return {number}, default\n"
        f"class C:\n    def m(self, *, default={number}):\n        return {number}, default\n"
    )


def shown(session: Session, expression: str) -> str:
    """Return the value of an expression as text."""
    answer = session.evaluate(expression)
    assert answer.status == "ok", answer.error
    value = answer.results[-1].value
    assert value is not None
    return value.text


def test_threads_that_call_see_all_of_a_change_or_nothing(
    session: Session, python: str, workspace: Path
) -> None:
    swaps = SWAPS if python == NEWEST else FEWER_SWAPS
    (workspace / "m.py").write_text(text(0))
    assert session.evaluate(CALLERS).status == "ok"
    for number in range(1, swaps + 1):
        answer = session.redefine("m.py", text(number))
        assert answer.status == "ok", answer
    assert (
        shown(session, f"m.f(), m.C().m() == ({swaps}, {swaps})") == f"(({swaps}, {swaps}), True)"
    )
    shown(session, "stop.set(), [thread.join() for thread in threads]")
    assert shown(session, "torn[:3]") == "[]"
    assert shown(session, "all(counts)") == "True"


def test_an_evaluation_under_way_is_changed(fast_session: Session, workspace: Path) -> None:
    """The control thread redefines beside it: the loop ends because its helper changed."""
    import threading

    session = fast_session
    (workspace / "m.py").write_text("def done(): return False\ndef other(): return 1\n")
    assert session.evaluate("import m, threading\nbegun = threading.Event()").status == "ok"
    loop = "begun.set()\nwhile not m.done(): pass\nm.other()"
    answers: list[object] = []
    runner = threading.Thread(target=lambda: answers.append(session.evaluate(loop)))
    runner.start()
    new = "def done(): return True\ndef other(): return 2\n"
    while session.info().state != "busy":
        pass
    receipt = session.redefine("m.py", new)
    runner.join()
    assert receipt.status == "ok", receipt
    assert answers[0].status == "ok"  # type: ignore[attr-defined]
    assert answers[0].results[-1].value.text == "2"  # type: ignore[attr-defined]


TRACED = """
import sys, threading
lines = set()
def trace(frame, event, argument):
    if frame.f_code.co_filename.endswith("/m.py"):
        if event == "line": lines.add(frame.f_lineno)
        return trace
    return None
sys.settrace(trace)
threading.settrace(trace)
"""


def test_with_a_tracer_attached(session: Session, workspace: Path) -> None:
    """What a debugger or a coverage tool built on it sees are the lines of the new text."""
    (workspace / "m.py").write_text("def f():\n    return 1\n")
    session.evaluate("import m")
    session.evaluate(TRACED)
    session.evaluate("m.f()")
    new = "# moved\n\n\ndef f():\n    x = 2\n    return x\n"
    assert session.redefine("m.py", new).status == "ok"
    assert session.evaluate("lines.clear()\nm.f()").results[-1].value.text == "2"  # type: ignore[union-attr]
    assert shown(session, "sorted(lines)") == "[5, 6]"
    shown(session, "sys.settrace(None)")


MONITORED = """
import sys
lines = set()
tool = sys.monitoring.COVERAGE_ID
sys.monitoring.use_tool_id(tool, "test")
def line(code, number):
    if code.co_filename.endswith("/m.py"): lines.add(number)
    return sys.monitoring.DISABLE
sys.monitoring.register_callback(tool, sys.monitoring.events.LINE, line)
sys.monitoring.set_events(tool, sys.monitoring.events.LINE)
"""


def test_with_monitoring_attached(session: Session, workspace: Path) -> None:
    """Coverage by `sys.monitoring` (3.12 and up) sees the new lines, once each."""
    info = session.evaluate("import sys; sys.version_info >= (3, 12)").results[-1].value
    if info is None or info.text != "True":
        return
    (workspace / "m.py").write_text("def f():\n    return 1\n")
    session.evaluate("import m")
    session.evaluate(MONITORED)
    session.evaluate("m.f()")
    assert session.redefine("m.py", "\ndef f():\n    x = 2\n    return x\n").status == "ok"
    session.evaluate("lines.clear()\nm.f()\nm.f()")
    assert shown(session, "sorted(lines)") == "[3, 4]"


def test_free_threaded_builds_are_told_of(session: Session, workspace: Path) -> None:
    """Without the interpreter's lock a change cannot be atomic: the receipt says so."""
    (workspace / "m.py").write_text("def f(): return 1\n")
    session.evaluate("import m")
    session.evaluate("import sys\nsys._is_gil_enabled = lambda: False")
    refused = session.redefine("m.py", "def f(): return 2\n")
    assert refused.status == "ok"
    session.evaluate(
        "import threading\nstop = threading.Event()\nthreading.Thread(target=stop.wait).start()"
    )
    refused = session.redefine("m.py", "def f(): return 3\n")
    assert refused.status == "refused"
    reasons = [each.reason or "" for each in refused.definitions]
    assert any(re.search("free-threaded.*other threads", reason) for reason in reasons)
    assert shown(session, "stop.set(), m.f()") == "(None, 2)"


FORKING = """
import os, signal, threading
reached, is_forking = threading.Event(), threading.Event()
os.register_at_fork(before=is_forking.set)

def f(default=None):
    return 1

def forked():
    reached.wait()
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        import slow
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""
SLOW = """
import forking
forking.reached.set()
forking.is_forking.wait()
"""


def test_a_copy_of_the_process_is_not_made_in_the_midst_of_a_redefinition(
    session: Session, workspace: Path
) -> None:
    """A module that was being imported would be locked in it for ever."""
    file, answers = workspace / "forking.py", list[Evaluation]()
    file.write_text(FORKING)
    (workspace / "slow.py").write_text(SLOW)
    assert session.evaluate("import forking").status == "ok"
    with session._lock:
        session.submit(callers.in_file("forked()", file, "."), answers.append)
    changed = FORKING.replace("default=None", "default=__import__('slow')")
    assert session.redefine(file, changed, "f").status == "ok"
    session._driver.run_until(lambda: bool(answers))
    value = answers[0].results[-1].value
    assert value is not None
    assert value.text == "0"
