"""Examples tried in a live process: what they give, and that they leave nothing behind."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from relive.session.events import Displayed, Event, OutputReady, StateChanged, Touched
from relive.session.session import Session
from relive.session.trying import NO_PROCESS, NOT_LOADED, Tried, TryRequest

FILE = """\
import os, sys
from dataclasses import dataclass

calls = []

@dataclass
class Order:
    lines: set

def area(width, height):
    calls.append(width)
    return width * height

def report(n):
    print("n is", n)
    sys.stderr.write("aside\\n")
    os.write(1, b"from C\\n")
    return n

def forever():
    while True:
        pass

class NoSharesError(Exception):
    pass

def shares(n):
    if n == 0:
        raise NoSharesError("no shares")
    return 100 / n
"""


@pytest.fixture(scope="module")
def file(lasting_session: Session, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("tried") / "shapes.py"
    path.write_text(FILE)
    assert lasting_session.evaluate(FILE, path).status == "ok"
    return str(path)


def tried(session: Session, file: str, *sources: str, seconds: float = 30) -> Tried:
    request = TryRequest(file, tuple(f"{each}\n" for each in sources), seconds)
    answer: Tried = session._wait(partial(session.submit_try, request))
    return answer


GIVES = [
    (["area(2, 3)"], ["6\n"]),
    (["report(4)"], ["n is 4\n4\n"]),
    (["print('x')"], ["x\n"]),
    (["None"], [""]),
    (["w = 5", "area(w, 2)", "_ + 1"], ["", "10\n", "11\n"]),
    (["for n in (1, 2): n * 2"], ["2\n4\n"]),
    (["{'pear', 'apple', 'fig'}"], ["{'apple', 'fig', 'pear'}\n"]),
    (["[{2, 1}, (frozenset({3}),)]"], ["[{1, 2}, (frozenset({3}),)]\n"]),
    (["{'k': {1, 'a'}}"], ["{'k': {'a', 1}}\n"]),
    (["a = []; a.append(a); a"], ["[[...]]\n"]),
    (["def double(n):\n    return 2 * n\n", "double(4)"], ["", "8\n"]),
]


@pytest.mark.parametrize(("sources", "got"), GIVES, ids=[str(each[0]) for each in GIVES])
def test_what_examples_give(
    lasting_session: Session, file: str, sources: list[str], got: list[str]
) -> None:
    answer = tried(lasting_session, file, *sources)
    assert [each.got for each in answer.outcomes] == got
    assert [each.raised for each in answer.outcomes] == [None] * len(got)


RAISES = [
    ("shares(0)", "shapes.NoSharesError: no shares"),
    ("1 / 0", "ZeroDivisionError: division by zero"),
    ("area(2", "SyntaxError: "),
    ("raise KeyError", "KeyError"),
    ("sys.exit(3)", "SystemExit: 3"),
    ("input('? ')", "EOFError: "),
]


@pytest.mark.parametrize(("source", "raised"), RAISES)
def test_what_examples_raise(lasting_session: Session, file: str, source: str, raised: str) -> None:
    (outcome,) = tried(lasting_session, file, source).outcomes
    assert outcome.raised is not None
    assert outcome.raised.startswith(raised)
    assert outcome.error is not None
    assert outcome.error.type in raised
    assert outcome.cut is None


def test_a_value_is_told_apart_from_what_is_printed(lasting_session: Session, file: str) -> None:
    sources = ("area(2, 3)", "print(6)", "report(6)", "None")
    values = [each.value for each in tried(lasting_session, file, *sources).outcomes]
    assert values == ["6", None, None, None]


def test_nothing_is_left_behind(lasting_session: Session, heard: list[Event], file: str) -> None:
    lasting_session.evaluate("calls.clear()\n41 + 1", file)
    heard.clear()
    tried(lasting_session, file, "calls = 'theirs'", "area(7, 7)", "report(1)", "print(_)")
    told = [each for each in heard if isinstance(each, (OutputReady, StateChanged, Displayed))]
    assert told == []
    results = lasting_session.evaluate("(_, calls)", file).results
    assert results[-1].value is not None
    assert results[-1].value.text == "(42, [7])"  # area is the module's own, and so is its list


def test_one_that_does_not_end_is_ended(lasting_session: Session, file: str) -> None:
    answer = tried(lasting_session, file, "forever()", "area(1, 1)", seconds=0.05)
    assert [each.cut for each in answer.outcomes] == ["It took too long."]
    assert [each.got for each in tried(lasting_session, file, "area(1, 1)").outcomes] == ["1\n"]


def test_which_functions_were_entered(lasting_session: Session, file: str) -> None:
    told = tried(lasting_session, file, "area(2, 3)").ran
    version = lasting_session.evaluate("import sys\nsys.version_info >= (3, 12)").results[-1].value
    assert version is not None
    expected = {(file, "area")} if version.text == "True" else None
    assert (None if told is None else {each for each in told if each[0] == file}) == expected


def test_a_file_that_is_not_loaded_stays_so(lasting_session: Session, tmp_path: Path) -> None:
    other = tmp_path / "other_file.py"
    other.write_text("x = 1\n")
    assert tried(lasting_session, str(other), "x") == NOT_LOADED
    assert tried(lasting_session, str(other), "x") == NOT_LOADED


def test_without_a_process_none_is_started(fast_session: Session) -> None:
    assert tried(fast_session, "/some/file.py", "1") == NO_PROCESS
    assert fast_session.info().pid is None


def test_what_was_touched_is_told_after_the_answer(workspace: Path) -> None:
    heard: list[Event] = []
    path = workspace / "mod.py"
    text = "import os\ndef f():\n    return 1\nclass C:\n    def m(self):\n        return 2\n"
    path.write_text(text)
    with Session(sys.executable, workspace, listener=heard.append) as session:
        session.evaluate("f()\nx = C()", path)
        session.redefine(path, source=text.replace("return 2", "return 3"))
        session.redefine(path, source=text.replace("return 2", "return 3"))
    touched = [each for each in heard if isinstance(each, Touched)]
    of_file = [(each.by, {name for at, name in each.names if at == str(path)}) for each in touched]
    assert of_file == [("evaluation", {"f", "C", "x"}), ("change", {"C", "C.m"})]
