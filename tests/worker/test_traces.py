"""What the worker tells of the statements that ran; how well it serves, the corpus tells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conftest import INTERPRETERS, VERSIONS, MakeSession
from relive.session.events import Event, ResultReady, Traced
from relive.session.session import Session
from relive.session.settings import Settings
from relive.wire.traces import Trace

Heard = list[Event]
TRACED = Settings(staleness=True)


def names(trace: Trace, kind: str) -> set[str]:
    """The names of one kind in a trace, those of its own file without it."""
    return {name for _, name in trace[kind]}  # type: ignore[literal-required]


def traces(session: Session, heard: Heard, text: str, file: Path | None = None) -> list[Trace]:
    heard.clear()
    session.evaluate(text, file)
    return [each.trace for each in heard if isinstance(each, Traced)]


def test_a_trace_follows_each_result_and_also_a_statement_that_raised(
    lasting_session: Session, heard: Heard
) -> None:
    heard.clear()
    answer = lasting_session.evaluate(
        "a = 1\nb = a + 1\nrows = [b]\n(rows.append(1), 1 / 0)\nlost = 3"
    )
    assert answer.status == "error"
    told = [type(each).__name__ for each in heard if isinstance(each, (ResultReady, Traced))]
    assert told == ["ResultReady", "Traced"] * 3 + ["Traced"]
    found = [each for each in heard if isinstance(each, Traced)]
    assert [each.number for each in found] == [1, 2, 3, 4]
    assert names(found[1].trace, "reads") == {"a"}
    assert names(found[1].trace, "writes") == {"b"}
    assert names(found[3].trace, "changed") == {"rows"}
    assert names(found[3].trace, "writes") == set()


def test_what_runs_is_told_by_its_definition_and_file(
    lasting_session: Session, heard: Heard, tmp_path: Path
) -> None:
    file = tmp_path / "traced_here.py"
    file.write_text("class C:\n    def go(self):\n        return (lambda: base)()\nbase = 1\n")
    traces(lasting_session, heard, file.read_text(), file)
    (trace,) = traces(lasting_session, heard, "found = C().go()", file)
    assert (str(file), "C.go") in map(tuple, trace["ran"])
    assert {"C", "base"} <= names(trace, "reads")
    assert trace["writes"] == [[str(file), "found"]]
    assert trace["unknown"] is None


WRAPPING = """\
import functools
def loud(tag):
    def decorate(f):
        @functools.wraps(f)
        def wrapper(*given):
            return tag, f(*given)
        return wrapper
    return decorate
@loud("a")
def wrapped(x):
    return x
"""


def test_a_wrapper_that_goes_by_another_name_is_told_by_what_made_it(
    lasting_session: Session, heard: Heard, tmp_path: Path
) -> None:
    file = tmp_path / "wrapped_here.py"
    file.write_text(WRAPPING)
    traces(lasting_session, heard, WRAPPING, file)
    (trace,) = traces(lasting_session, heard, "found = wrapped(1)", file)
    assert {"loud", "wrapped"} <= names(trace, "ran")


def test_what_a_module_makes_when_it_is_asked_for_is_told(
    lasting_session: Session, heard: Heard, tmp_path: Path
) -> None:
    file = tmp_path / f"lazy_here_{tmp_path.name}.py"
    file.write_text(
        "def make(name):\n    return name\ndef __getattr__(name):\n    return make(name)\n"
    )
    session, name = lasting_session, file.stem
    traces(session, heard, f"import sys\nsys.path.append({str(tmp_path)!r})\nimport {name}")
    for text in (f"asked = {name}.one", f"from {name} import two"):
        (trace,) = traces(session, heard, text)
        assert {"make", "__getattr__"} <= names(trace, "ran")


def test_nothing_is_traced_when_that_is_switched_off(
    lasting_session: Session, heard: Heard
) -> None:
    usual = lasting_session.settings
    lasting_session.settings = replace(usual, staleness=False)
    assert traces(lasting_session, heard, "off = 1") == []
    lasting_session.settings = usual
    assert len(traces(lasting_session, heard, "on = 1")) == 1


def test_an_interrupt_ends_the_statement_and_leaves_a_trace(
    lasting_session: Session, heard: Heard
) -> None:
    code = "import signal\nmarks = []\n(marks.append(1), signal.raise_signal(signal.SIGINT))"
    found = traces(lasting_session, heard, code)
    assert names(found[-1], "changed") == {"marks"}
    assert names(traces(lasting_session, heard, "after = marks")[0], "reads") == {"marks"}


@pytest.mark.skipif("3.12" not in INTERPRETERS, reason="nothing tells what runs before it")
def test_where_all_numbers_of_tools_are_taken_the_code_is_followed_instead(
    make_session: MakeSession,
) -> None:
    heard: Heard = []
    session = make_session(INTERPRETERS[VERSIONS[-1]], settings=TRACED, listener=heard.append)
    session.evaluate(  # its first statement, as nothing is watched yet
        "for n in range(6): __import__('sys').monitoring.use_tool_id(n, 'theirs')\n"
        "import sys\n"
        "rate = 2\n"
        "def net(x): return x * rate\n"
    )
    (trace,) = traces(session, heard, "x = net(3)")
    assert names(trace, "reads") >= {"net", "rate"}
    assert names(trace, "ran") == {"net"}
    session.evaluate("for n in range(6): sys.monitoring.free_tool_id(n)")
    assert names(traces(session, heard, "x = net(4)")[0], "ran") == {"net"}
    answer = session.evaluate("[sys.monitoring.get_tool(n) for n in range(6)].count('relive')")
    assert answer.results[0].value is not None
    assert answer.results[0].value.text == "1"  # while a statement runs, and only then


def test_values_live_no_longer_for_being_looked_at(lasting_session: Session, heard: Heard) -> None:
    code = (
        "class Held:\n"
        "    def __del__(self): ended.append(1)\n"
        "ended = []\n"
        "holder = {'it': [Held()]}\n"
        "(holder.clear(), len(ended))"
    )
    answer = lasting_session.evaluate(code)
    assert answer.results[-1].value is not None
    assert answer.results[-1].value.text == "(None, 1)"


def test_what_user_code_patches_does_not_stop_it(make_session: MakeSession) -> None:
    heard: Heard = []
    session = make_session(settings=TRACED, listener=heard.append)
    session.evaluate("x = 1")
    session.evaluate("import dis\ndef no(*a, **k): raise RuntimeError\ndis.get_instructions = no")
    (trace,) = traces(session, heard, "y = x + 1")
    assert {"x", "y"} <= names(trace, "reads")
    assert trace["unknown"] is not None


ENDING = """\
armed = []
def note(self, *rest, **more):
    if armed: raise SystemExit
    raise AttributeError
class M(type):
    __getattribute__ = note
class H(metaclass=M): pass
class D:
    __dict__ = property(note)
x, y = H(), D()
armed.append(1)
z = 1
"""


def test_what_ends_whoever_looks_at_it_ends_neither_the_statement_nor_the_process(
    make_session: MakeSession,
) -> None:
    session = make_session(settings=Settings(staleness=True))
    assert session.evaluate(ENDING).status == "ok"
    assert session.evaluate("w = [x, y]; w").status == "ok"
    assert session.evaluate("z").status == "ok"


USED_UP = """\
import threading
by = 2
out = []
def job():
    out.append(by)
jobs = [job]
"""


@pytest.mark.parametrize("python", VERSIONS)
@pytest.mark.parametrize(
    ("made", "code"),
    [
        ("jobs = [job]", "while jobs:\n    jobs.pop()()"),
        (
            "jobs = [threading.Thread(target=job)]",
            "for each in jobs:\n    each.start()\n    each.join()",
        ),
    ],
)
def test_what_ran_is_known_of_functions_that_nothing_leads_to_any_more(
    make_session: MakeSession, heard: Heard, python: str, made: str, code: str
) -> None:
    session = make_session(INTERPRETERS[python], settings=TRACED, listener=heard.append)
    traces(session, heard, USED_UP.replace("jobs = [job]", made))
    (trace,) = traces(session, heard, code)
    assert "job" in names(trace, "ran")
    assert "by" in names(trace, "reads")
    assert "out" in names(trace, "changed")


def test_what_the_package_of_a_file_has_is_no_doing_of_the_first_statement_in_it(
    make_session: MakeSession, workspace: Path
) -> None:
    """It was imported before, and is not made anew when that statement runs again."""
    heard: Heard = []
    package = workspace / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("from . import prices\nRATE = 2\n")
    (package / "prices.py").write_text("TABLE = {'tea': 1}\n")
    session = make_session(settings=TRACED, listener=heard.append)
    (trace,) = traces(session, heard, "import time", package / "web.py")
    assert trace["writes"] == [[str(package / "web.py"), "time"]]
