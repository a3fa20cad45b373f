"""Undo, versions and comparing for Python callers."""

from __future__ import annotations

from pathlib import Path

import pytest

from relive.session.session import Session
from relive.session.versions import NoVersionError


def text(number: int) -> str:
    return f"def f():\n    return {number}\n\n\ndef g():\n    return 0\n"


@pytest.fixture
def session(make_session, workspace: Path) -> Session:
    (workspace / "m.py").write_text(text(1))
    made = make_session(log=True)
    made.evaluate("import m")
    return made


def value(session: Session, code: str) -> str:
    shown = session.evaluate(code).results[-1].value
    assert shown is not None
    return shown.text


def test_the_texts_of_a_definition_that_ran_can_run_again(session: Session) -> None:
    session.redefine("m.py", text(2), "f")
    session.redefine("m.py", text(3))
    found = session.versions("m.py", "f").items
    assert [each.text[-1] for each in found] == ["3", "2", "1"]
    assert [each.running for each in found] == [True, False, False]
    assert [each.in_file for each in found] == [False, False, True]
    assert session.redefine_to("m.py", "f", found[1].entry).status == "ok"
    assert value(session, "m.f()") == "2"
    assert session.redefine_to("m.py", "f").status == "ok"
    assert value(session, "m.f()") == "1"
    told = session.versions("m.py", "f").to_json()
    assert (told["name"], told["items"][0]["inFile"]) == ("f", True)
    with pytest.raises(NoVersionError):
        session.redefine_to("m.py", "f", "none:1")


def test_a_version_brings_its_definition_alone(session: Session) -> None:
    session.redefine("m.py", text(2).replace("return 0", "return 5"))
    session.redefine_to("m.py", "f")
    assert value(session, "m.f(), m.g()") == "(1, 5)"


def test_process_and_disk_are_compared(session: Session, workspace: Path) -> None:
    assert session.compare().items == ()
    session.redefine("m.py", text(2), "f")
    (workspace / "m.py").write_text(text(1).replace("def g", "def h"))
    (workspace / "never.py").write_text("def unseen(): pass\n")
    found = {each.name: (each.running, each.disk) for each in session.compare().items}
    assert found == {
        "f": ("def f():\n    return 2", "def f():\n    return 1"),
        "h": (None, "def h():\n    return 0"),
        "g": ("def g():\n    return 0", None),
    }
    assert session.compare("m.py") == session.compare()
    (workspace / "m.py").unlink()
    assert {each.disk for each in session.compare().items} == {None}


def test_a_class_whose_methods_were_changed_alone_is_told_as_it_runs(
    session: Session, workspace: Path
) -> None:
    cls = "class C:\n    def m(self):\n        return 1\n\n    def n(self):\n        return 1\n"
    (workspace / "m.py").write_text(cls)
    session.redefine("m.py")
    session.redefine("m.py", cls.replace("return 1\n\n", "return 2\n\n"), "C.m")
    assert [each.name for each in session.compare().items] == ["C.m"]
    runs = session.versions("m.py", "C").items[0]
    assert runs.text == cls.replace("return 1\n\n", "return 2\n\n").rstrip()


def test_nothing_is_known_without_a_process_and_a_log(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(text(1))
    with Session(cwd=tmp_path) as session:
        assert session.versions("m.py", "f").items == ()
        assert session.compare().items == ()
        assert session.info().pid is None
