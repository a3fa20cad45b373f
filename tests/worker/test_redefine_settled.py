"""What of an edited file is not looked at again, on each interpreter: never what has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from relive.session.session import Session


@pytest.fixture
def session(long_session: Session) -> Session:
    return long_session


TEXT = """\
LIMIT = 3

def f(x=LIMIT):
    return x

class C:
    def m(self):
        return 1

if LIMIT:
    def g():
        return "if"

def h():
    return f() + C().m()

def last():
    return 0
"""


def redefined(session: Session, file: Path, text: str) -> dict[str, str]:
    """Return what became of all that is told, as nobody edits anything in between."""
    answer = session.redefine(file, text)
    assert answer.error is None
    return {each.name: each.outcome for each in answer.definitions}


def value(session: Session, code: str) -> str:
    last = session.evaluate(code).results[-1].value
    assert last is not None
    return last.text


@pytest.fixture
def file(session: Session, workspace: Path) -> Path:
    """The file of a module that has been brought in whole, so that its text is settled."""
    path = workspace / "m.py"
    path.write_text(TEXT)
    session.evaluate("import m")
    redefined(session, path, TEXT.replace("return 0", "return 1"))
    redefined(session, path, TEXT)
    return path


def test_all_of_the_file_is_told_of_in_the_order_of_the_file(session: Session, file: Path) -> None:
    told = redefined(session, file, TEXT.replace("return 0", "return 2"))
    others = dict.fromkeys(["f", "C", "g", "h"], "unchanged")
    assert list(told.items()) == [("last", "redefined"), *others.items()]


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("f", "return x", "return -x", "m.f()"),
        ("C.m", "return 1", "return 100", "m.C().m()"),
        ("C", "return 1", "return 100", "m.C().m()"),
        ("g", "'if'", "'else'", "m.g()"),
    ],
)
def test_what_was_redefined_alone_goes_back_with_the_file(
    session: Session, file: Path, name: str, old: str, new: str, code: str
) -> None:
    text = TEXT.replace('"if"', "'if'")
    redefined(session, file, text)
    before = value(session, code)
    session.redefine(file, text.replace(old, new), name)
    assert value(session, code) != before
    redefined(session, file, text.replace("return 0", "return 2"))
    assert value(session, code) == before
    assert value(session, "m.last()") == "2"


def test_what_was_evaluated_alone_goes_back_with_the_file(session: Session, file: Path) -> None:
    session.evaluate("def f(x=3):\n    return 'other'\n", file=file)
    redefined(session, file, TEXT.replace("return 0", "return 2"))
    assert value(session, "m.f()") == "3"


def test_what_is_computed_from_a_changed_name_is_computed_anew(
    session: Session, file: Path
) -> None:
    redefined(session, file, TEXT.replace("LIMIT = 3", "LIMIT = 5"))
    assert value(session, "m.f()") == "5"


def test_what_an_edit_takes_away_goes_and_comes_again(session: Session, file: Path) -> None:
    without = TEXT.replace("def last():\n    return 0\n", "")
    assert redefined(session, file, without)["last"] == "removed"
    assert redefined(session, file, TEXT)["last"] == "added"
    assert value(session, "m.last()") == "0"


def test_after_an_edit_that_failed_everything_is_found(session: Session, file: Path) -> None:
    failing = TEXT.replace("return 0", "return 2").replace("x=LIMIT", "x=LIMIT / 0")
    assert session.redefine(file, failing).error is not None
    redefined(session, file, TEXT.replace("return 0", "return 3"))
    assert value(session, "m.last(), m.f()") == "(3, 3)"


def test_a_second_definition_of_a_name_hides_the_first_until_it_goes(
    session: Session, file: Path
) -> None:
    redefined(session, file, f"{TEXT}\ndef f():\n    return 'second'\n")
    assert value(session, "m.f()") == "'second'"
    redefined(session, file, TEXT)
    assert value(session, "m.f()") == "3"


def test_after_an_undo_the_file_is_brought_in_again(session: Session, file: Path) -> None:
    changed = TEXT.replace("return 0", "return 2")
    redefined(session, file, changed)
    session.undo()
    assert value(session, "m.last()") == "0"
    redefined(session, file, changed)
    assert value(session, "m.last()") == "2"


def long(letter: str) -> str:
    parts = [f"def {letter}{n}():\n    return lambda x={n}: [x for x in ()]\n\n" for n in range(80)]
    return "".join(parts)


CLASS = "class D:\n    class E:\n        def m(self):\n            return lambda: 1\n\n"
COMPARED = """
import types

def lines(code):
    inside = [each for each in code.co_consts if isinstance(each, types.CodeType)]
    return [code.co_firstlineno, *[line for each in inside for line in lines(each)]]

def functions(names):
    found = {name: each for name, each in names.items() if isinstance(each, types.FunctionType)}
    return {**found, "D.E.m": names["D"].E.m}

fresh = {}
exec(compile(open(m.__file__).read(), "fresh", "exec"), fresh)
"""


def test_after_edits_far_apart_all_between_stands_where_the_text_has_it(
    session: Session, file: Path
) -> None:
    text = f"{long('f')}{CLASS}{long('g')}def last():\n    return 0\n"
    redefined(session, file, text)
    session.evaluate("kept = m.f7()")
    edited = "import json\n\n" + text.replace("g40():\n", "g40():\n    'more'\n\n")
    edited = edited.replace("return 0", "return 5")
    file.write_text(edited)
    told = redefined(session, file, edited)
    changed = [name for name, outcome in told.items() if outcome != "unchanged"]
    assert changed == ["g40", "last"]
    session.evaluate(COMPARED)
    live = "{name: lines(each.__code__) for name, each in functions(vars(m)).items()}"
    wanted = "{name: lines(each.__code__) for name, each in functions(fresh).items()}"
    assert value(session, f"{live} == {wanted}") == "True"
    assert value(session, "kept.__code__.co_firstlineno == lines(m.f7.__code__)[1]") == "True"
