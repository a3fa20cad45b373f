"""What a redefinition takes as its file grows, counted in the worker: no time is taken.

Calls are counted, and the bytes that are taken meanwhile: what copies names calls nothing for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from conftest import MakeSession
from relive.session.session import Session
from relive.session.settings import Settings

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
    return number(session, "calls[0]")


def with_names(count: int, body: str) -> str:
    """Return a short module that has so many names."""
    names = f"(f'name{{each}}', each) for each in range({count})"
    return f"def target():\n    return {body}\n\n\nglobals().update({names})\n"


def with_comments(count: int, body: str) -> str:
    """Return a module of one function, and so many lines that make nothing."""
    return "# nothing\n" * count + f"def target():\n    return {body}\n"


def bytes_taken(
    session: Session, file: Path, text: Callable[[str], str], name: str | None = "target"
) -> int:
    """Return how much memory a redefinition takes while it runs; `text`: with another body."""
    file.write_text(text("0"))
    session.evaluate(f"import tracemalloc, {file.stem}\ntracemalloc.start()")
    taken = []
    for body in ("1", "2", "3", "4"):
        session.evaluate("tracemalloc.clear_traces()")  # nor does it count what is let go of
        assert session.redefine(file, text(body), name).status == "ok"
        taken.append(number(session, "tracemalloc.get_traced_memory()[1]"))
    session.evaluate("tracemalloc.stop()")
    return min(taken)


def number(session: Session, text: str) -> int:
    """Return what an expression is in the worker."""
    value = session.evaluate(text).results[-1].value
    assert value is not None
    return int(value.text)


Counted = Callable[[int, "str | None"], int]


@pytest.fixture
def counted(session: Session, workspace: Path) -> Counted:
    session.evaluate("import sys")
    return lambda count, name: calls(session, workspace, count, name)


def test_one_function_takes_the_same_in_a_longer_file(counted: Counted) -> None:
    assert counted(1_000, "target") <= counted(100, "target") * 1.02


@pytest.mark.parametrize(("name", "copies"), [("target", 0.4), (None, 1.8)])
def test_names_are_copied_once_at_most(
    name: str | None, copies: float, session: Session, workspace: Path
) -> None:
    """By a function's name not at all; where a whole file is gone through, anything may run."""
    few, many = (
        bytes_taken(session, workspace / f"m{count}.py", partial(with_names, count), name)
        for count in (100, 10_000)
    )
    copy = number(session, "sys = __import__('sys'); sys.getsizeof(dict(vars(m10000)))")
    assert many - few < copies * copy


def test_a_long_text_is_not_put_together_for_one_function(
    session: Session, workspace: Path
) -> None:
    short, long = (
        bytes_taken(session, workspace / f"m{count}.py", partial(with_comments, count))
        for count in (10, 50_000)
    )
    assert long - short < len(with_comments(50_000, "")) / 2


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
    assert number(session, "sys.setprofile(None)\ncompiled[0]") < 50
    assert number(session, "m.f1.__code__.co_firstlineno - before") == 1


EVALUATED = {
    "plain": "def plain{n}(x):\n    return x + {body}\n\n\n",
    "defaults": "def defaults{n}(x, y=1, *, z: int = {n}) -> int:\n    return x + {body}\n\n\n",
    "generator": "def generator{n}(x):\n    yield x + {body}\n\n\n",
    "lambdas": "def lambdas{n}(x, key=lambda v: v + {n}):\n    return key(x) + {body}\n\n\n",
    "wrapped": "@wrapping\ndef wrapped{n}(x):\n    return x + {body}\n\n\n",
    "class": "class Class{n}:\n    def method(self, x):\n        return x + {body}\n\n\n",
}
"""Definitions by kind, of which a file that is evaluated again has many."""
WRAPPING = """
import functools

def wrapping(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper

"""
COUNTING_SEARCHES = """
import functools, gc, sys
searches, copies = [0], [0]
def count(frame, event, arg):
    searches[0] += event == "c_call" and arg in (gc.get_referrers, gc.get_objects)
    code = frame.f_code
    is_copy = event == "call" and code.co_filename.endswith("snapshot.py")
    copies[0] += is_copy and code.co_name == "_now"
sys.setprofile(functools.partial(count))
"""
"""Called from C: a function in Python would be put away while our own code runs."""


EDITED = (("", "1"), ("# moved\n", "1"), ("# moved\n", "2"), ("", "3"))
"""What stands above definitions, and what in them, each time that they are evaluated again."""


def searches_and_copies(
    session: Session, file: Path, kind: str, edits: Sequence[tuple[str, str]]
) -> tuple[int, int]:
    """Return how often all objects, or all names, are gone through while a file runs again."""

    def evaluate(above: str, body: str) -> None:
        many = "".join(EVALUATED[kind].format(n=n, body=body) for n in range(20))
        file.write_text(text := WRAPPING + above + many)
        assert session.evaluate(text, file).status == "ok"

    evaluate("", "1")
    evaluate("", "1")  # what is read or imported only once has been by then
    session.evaluate(COUNTING_SEARCHES)
    for above, body in edits:
        evaluate(above, body)
    session.evaluate("sys.setprofile(None)")
    return number(session, "searches[0]"), number(session, "copies[0]")


@pytest.mark.parametrize("kind", EVALUATED)
def test_what_is_evaluated_again_is_not_searched_for_one_by_one(
    kind: str, session: Session, workspace: Path
) -> None:
    """Neither all objects nor all names are gone through for each definition that is live.

    But all names for a class, and for defaults that are made anew: whatever they say may run.
    """
    searches, copies = searches_and_copies(session, workspace / "m.py", kind, EDITED)
    assert searches < 20  # of 80: a code object may be where one was that is gone, and is asked for
    assert kind in ("class", "lambdas") or copies < 10


@pytest.mark.parametrize("kind", EVALUATED)
def test_nor_is_it_in_an_editor(
    kind: str, make_session: MakeSession, python: str, workspace: Path
) -> None:
    """Where errors are held and statements traced, which looks for who holds what has changed."""
    session = make_session(python, settings=Settings(staleness=True, hold_errors="workspace"))
    searches, _ = searches_and_copies(session, workspace / "m.py", kind, EDITED[:2])
    assert searches < 10
