"""What a trivial evaluation takes of a Python program and of its worker, in calls of our functions;
and what a worker has loaded when it says hello.

Of several evaluations that with the fewest calls counts: on a busy machine what is told comes in
more pieces, each of which is read. Who has made something cheaper lowers the figures; who has to
raise them says why.
"""

from __future__ import annotations

import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile, pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import relive
from relive import Session
from relive.session.process import WorkerProcess
from relive.session.settings import Settings

pytestmark = pytest.mark.no_copies("it counts calls, some of which would be of making copies")

TIMES = 20
CALLS_HERE, CALLS_THERE = 170, 129
CALLS_TRACED = 306
"""In a worker whose statements are traced and whose errors are held, as in an editor."""
MODULES = 74
"""Loaded by a worker when it says hello, ours and what they import."""
OURS = str(Path(relive.__file__).parent)
DEADLINE_S = 60
SLACK = 1.1
"""Versions of Python differ in what they call: some have comprehensions as functions."""

COUNT = f"""
import functools, sys
calls = 0
def count(frame, event, arg):
    global calls
    code = frame.f_code
    is_ours = code.co_filename.startswith({OURS!r}) and code.co_name[0] != "<"
    calls += event == "call" and is_ours
sys.setprofile(functools.partial(count))
"""
"""Called from C: a function in Python would be put away while our own code runs."""


class Counter:
    """Counts calls of our functions on one thread."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        code = frame.f_code
        is_ours = code.co_filename.startswith(OURS) and code.co_name[0] != "<"
        self.calls += event == "call" and is_ours


@contextmanager
def counted() -> Iterator[Counter]:
    before, counter = sys.getprofile(), Counter()
    sys.setprofile(counter)
    try:
        yield counter
    finally:
        sys.setprofile(before)


def evaluate(session: Session, code: str = "1+1") -> str:
    answer = session.evaluate(code)
    assert answer.status == "ok", answer
    value = answer.results[-1].value
    return "" if value is None else value.text


def calls_here(session: Session) -> int:
    """Return how many calls a trivial evaluation takes in this program, with none of its first."""
    evaluate(session)
    return min(_calls_of_one(session) for _ in range(TIMES))


def _calls_of_one(session: Session) -> int:
    with counted() as counter:
        evaluate(session)
    return counter.calls


def calls_in_worker(session: Session) -> int:
    """Return how many calls a trivial evaluation takes in the worker, with none of its first."""
    evaluate(session)
    evaluate(session, COUNT)
    counts = [int(evaluate(session, "calls")) for _ in range(TIMES)]
    return min(after - before for before, after in pairwise(counts))


def test_calls_of_who_asks() -> None:
    """In a process of its own: what other tests have loaded is called as well."""
    program = [sys.executable, __file__]
    counted = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    assert int(counted) <= CALLS_HERE * SLACK


def test_calls_of_the_worker() -> None:
    with Session() as session:
        assert calls_in_worker(session) <= CALLS_THERE * SLACK


def test_calls_of_a_worker_as_in_an_editor() -> None:
    with Session(settings=Settings(staleness=True, hold_errors="workspace")) as session:
        assert calls_in_worker(session) <= CALLS_TRACED * SLACK


def test_modules_of_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only of the first of ours on: what the interpreter loads for itself is the machine's."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    process = WorkerProcess(sys.executable, str(tmp_path))
    wait_for_hello(process)
    told = "".join(text for _, text in process.pipes.outputs["stderr"].read())
    process.stop(grace_s=1).join()
    names = [line.rpartition("|")[2].strip() for line in told.splitlines()]
    loaded = list(dropwhile(lambda name: not name.startswith("relive"), names))
    assert 0 < len(loaded) <= MODULES * SLACK


def wait_for_hello(process: WorkerProcess) -> None:
    said: list[str] = []
    while "hello" not in said:
        assert select.select([process.main], [], [], DEADLINE_S)[0]
        messages, more = process.main.receive()
        said += [each["op"] for each in messages]
        assert messages or more


if __name__ == "__main__":
    with Session(settings=Settings(checkpoints="off")) as asking:  # they come when time has gone
        sys.stdout.write(str(calls_here(asking)))
