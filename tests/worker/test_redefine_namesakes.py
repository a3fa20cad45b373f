"""One of several definitions of a name is redefined by the line it begins on, as the key does."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from relive.session.definition_answers import Redefinition
from relive.session.requests import RedefineRequest
from relive.session.session import Session

FIRST, SECOND, THIRD = (f"def f(): return {number}\n" for number in (1, 2, 3))
BRANCHES = "import os\nif os.getpid():\n    def f(): return 1\nelse:\n    def f(): return 2\n"


def _class(*methods: str) -> str:
    return "class C:\n" + "".join(f"    {each}" for each in methods).replace("f()", "f(self)")


def _at(session: Session, file: Path, text: str, name: str, line: int) -> Redefinition:
    request = RedefineRequest(str(file), text, name, line)
    answer: Redefinition = session._wait(partial(session.submit_redefine, request))
    return answer


def _load(session: Session, folder: Path, text: str) -> Path:
    file = folder / "m.py"
    file.write_text(text)
    assert session.evaluate("import m").status == "ok"
    return file


def _value(session: Session, code: str) -> str:
    answer = session.evaluate(code)
    assert answer.status == "ok", answer.error
    return answer.results[-1].value.text


@pytest.mark.parametrize(
    ("before", "after", "line", "value"),
    [
        (FIRST + SECOND, THIRD + SECOND, 0, "2"),
        (FIRST + SECOND, FIRST + THIRD, 1, "3"),
        (FIRST, SECOND + FIRST, 0, "1"),
        (FIRST, FIRST + SECOND, 1, "2"),
        (FIRST + SECOND, FIRST + THIRD + SECOND, 1, "2"),
        (FIRST + SECOND, FIRST, 0, "1"),
        (FIRST + SECOND, SECOND + FIRST, 1, "1"),
        (BRANCHES, BRANCHES.replace("1", "3"), 2, "3"),
        (FIRST + SECOND, f"{FIRST}{THIRD}def f(: broken\n", 1, "3"),
    ],
)
def test_a_function_of_several_of_its_name(
    fast_session: Session, workspace: Path, before: str, after: str, line: int, value: str
) -> None:
    file = _load(fast_session, workspace, before)
    assert _at(fast_session, file, after, "f", line).status == "ok"
    assert _value(fast_session, "m.f()") == value


@pytest.mark.parametrize(
    ("before", "after", "line", "value"),
    [
        ((FIRST, SECOND), (THIRD, SECOND), 1, "2"),
        ((FIRST, SECOND), (FIRST, THIRD), 2, "3"),
        ((FIRST,), (SECOND, FIRST), 1, "1"),
        ((FIRST,), (FIRST, SECOND), 2, "2"),
        ((FIRST, SECOND), (FIRST,), 1, "1"),
    ],
)
def test_a_method_of_several_of_its_name(
    fast_session: Session,
    workspace: Path,
    before: tuple[str, ...],
    after: tuple[str, ...],
    line: int,
    value: str,
) -> None:
    file = _load(fast_session, workspace, _class(*before))
    assert _at(fast_session, file, _class(*after), "C.f", line).status == "ok"
    assert _value(fast_session, "m.C().f()") == value


def test_a_method_above_one_of_its_name_is_undone(fast_session: Session, workspace: Path) -> None:
    file = _load(fast_session, workspace, _class(FIRST))
    _at(fast_session, file, _class(FIRST, SECOND), "C.f", 2)
    assert fast_session.undo().status == "ok"
    assert _value(fast_session, "m.C().f()") == "1"


def test_a_function_in_a_branch_that_did_not_run_is_refused(
    fast_session: Session, workspace: Path
) -> None:
    branches = BRANCHES.replace("import os", "X = 1").replace("os.getpid()", "X")
    file = _load(fast_session, workspace, branches)
    told = _at(fast_session, file, branches.replace("2", "3"), "f", 4)
    assert told.status == "refused"
    assert "a branch that did not run" in str(told.definitions[0].reason)
    assert _value(fast_session, "m.f()") == "1"


def test_a_class_whose_name_another_one_takes_is_refused(
    fast_session: Session, workspace: Path
) -> None:
    file = _load(fast_session, workspace, "class C: x = 1\nclass C: x = 2\n")
    told = _at(fast_session, file, "class C: x = 3\nclass C: x = 2\n", "C", 0)
    assert told.status == "refused"
    assert "a class further down has its name" in str(told.definitions[0].reason)
    assert _value(fast_session, "m.C.x") == "2"
    assert _at(fast_session, file, "class C: x = 3\nclass C: x = 4\n", "C", 1).status == "ok"
    assert _value(fast_session, "m.C.x") == "4"


def test_the_receipt_tells_of_each_of_one_name_what_ran_before(
    fast_session: Session, workspace: Path
) -> None:
    session = fast_session
    head = "kept = []\ndef keep(f):\n    kept.append(f)\n    return f\n"
    handler = "@keep\ndef _(): return {}"
    text = f"{head}{handler}\n{handler}\n"
    file = _load(session, workspace, text.format(1, 2))
    receipt = session.redefine(file, text.format(10, 20))
    assert [each.before for each in receipt.changes] == [handler.format(1), handler.format(2)]
    getter = "    @property\n    def p(self): return {}"
    setter = "    @p.setter\n    def p(self, value): self.x = {}"
    text = f"class C:\n{getter}\n{setter}\n"
    session.redefine(file, text.format(1, 2))
    receipt = session.redefine(file, text.format(10, 20))
    parts = [each.before for each in receipt.changes if each.name == "C.p"]
    assert parts == [getter.format(1), setter.format(2)]
