"""What a redefinition takes as its file grows: calls are counted in the worker, no time is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from relive.session.session import Session

COUNTING = """
import sys
calls, compiled = [0], [0]
def count(frame, event, arg):
    calls[0] += event in ("call", "c_call")
    compiled[0] += event == "c_call" and arg is compile
sys.setprofile(count)
"""


def module(count: int, body: str) -> str:
    """Return a module of `count` functions and statements, of which one in the middle changes."""
    parts = [f"def f{n}(x, y=1):\n    return x * {n} + y\nc{n} = f{n}\n\n" for n in range(count)]
    parts[count // 2] = f"def target():\n    return {body}\n\n"
    return "".join(parts)


def calls(session: Session, workspace: Path, count: int, name: str | None) -> int:
    """Return how many functions the worker's main thread calls for one redefinition."""
    file = workspace / f"m{count}.py"
    file.write_text(module(count, "0"))
    session.evaluate(f"sys.setprofile(None)\nimport m{count}")
    for body in ("1", "2", "3"):  # what is read or imported only once has been by the third
        session.evaluate(f"sys.setprofile(None)\n{COUNTING}")
        assert session.redefine(file, module(count, body), name).status == "ok"
    return int(session.evaluate("calls[0]").results[-1].value.text)  # type: ignore[union-attr]


Counted = Callable[[int, "str | None"], int]


@pytest.fixture
def counted(session: Session, workspace: Path) -> Counted:
    session.evaluate("import sys")
    return lambda count, name: calls(session, workspace, count, name)


def test_one_function_takes_the_same_in_a_longer_file(counted: Counted) -> None:
    assert counted(1_000, "target") <= counted(100, "target") * 1.02


def test_a_whole_file_takes_at_most_as_much_more_as_it_is_longer(counted: Counted) -> None:
    assert counted(1_000, None) <= 10 * counted(100, None)


def test_what_only_moved_in_the_file_is_not_compiled_again(
    session: Session, workspace: Path
) -> None:
    file, text = workspace / "m.py", module(200, "0")
    file.write_text(text)
    session.evaluate("import sys, m\nbefore = m.f1.__code__.co_firstlineno")
    session.evaluate(COUNTING)
    answer = session.redefine(file, f"# another line\n{text}")
    assert {each.outcome for each in answer.definitions} == {"unchanged"}
    told = session.evaluate("sys.setprofile(None)\ncompiled[0]").results[-1].value
    assert told is not None
    assert int(told.text) < 50
    moved = session.evaluate("m.f1.__code__.co_firstlineno - before").results[-1].value
    assert moved is not None
    assert moved.text == "1"
