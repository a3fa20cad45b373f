"""Redefinitions that nobody asked for by command, on each interpreter: what they take and leave."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from relive.session.definition_answers import Redefinition
from relive.session.requests import RedefineRequest
from relive.session.session import Session


@pytest.fixture
def session(long_session: Session) -> Session:
    return long_session


LOADED = "import sys\n\nLIMIT = 3\n\ndef f():\n    return LIMIT\n\nf()\n"


def redefine(session: Session, *files: Path) -> Redefinition:
    texts = [(str(file), file.read_text(encoding="utf-8")) for file in files]
    request = RedefineRequest(*texts[0], others=tuple(texts[1:]), unasked=True)
    answer: Redefinition = session._wait(partial(session.submit_redefine, request))
    return answer


def outcomes(receipt: Redefinition) -> dict[str, str]:
    changed = [each for each in receipt.definitions if each.outcome != "unchanged"]
    return {each.name: each.outcome for each in changed}


def value(session: Session, code: str) -> str:
    last = session.evaluate(code).results[-1].value
    assert last is not None
    return last.text


@pytest.fixture
def low(session: Session, workspace: Path) -> Path:
    """The file of a module that is imported."""
    path = workspace / "low.py"
    path.write_text(LOADED, encoding="utf-8")
    assert session.evaluate("import low\nf = low.f").status == "ok"
    return path


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("return LIMIT", "return -LIMIT", {"f": "redefined"}),
        ("LIMIT = 3", "LIMIT = 4", {"line 3": "redefined"}),
        ("LIMIT = 3", "LIMIT = 3\nMORE = 1", {"line 4": "redefined"}),
        ("f()\n", "f()\ndef g(): pass\n", {"g": "added"}),
        ("f()\n", "f()\nprint('ran')\n", {"line 9": "refused"}),
        ("f()\n", "f()\nmade = f()\n", {"line 9": "refused"}),
        ("import sys", "import sys, json", {}),
        ("LIMIT = 3", "LIMIT = 3  # three", {}),
    ],
)
def test_what_runs_in_a_module_that_is_loaded(
    session: Session, low: Path, old: str, new: str, expected: dict[str, str]
) -> None:
    low.write_text(LOADED.replace(old, new), encoding="utf-8")
    assert outcomes(redefine(session, low)) == expected


def test_what_was_never_evaluated_does_not_run(session: Session, workspace: Path) -> None:
    text = "@nothing\ndef late(): pass\n\ndef f():\n    return 1\n"
    path = workspace / "partly.py"
    path.write_text(text, encoding="utf-8")
    session.evaluate("def f():\n    return 1\n", file=path)
    path.write_text(text.replace("return 1", "return 2"), encoding="utf-8")
    receipt = redefine(session, path)
    assert (receipt.status, outcomes(receipt)) == ("ok", {"f": "redefined"})


def test_of_several_files_a_broken_one_is_left_out(
    session: Session, workspace: Path, low: Path
) -> None:
    high = workspace / "high.py"
    high.write_text("def g():\n    return 1\n", encoding="utf-8")
    session.evaluate("import high")
    high.write_text("def g():\n    return 2\n", encoding="utf-8")
    low.write_text("def f(:\n", encoding="utf-8")
    receipt = redefine(session, low, high)
    assert (receipt.status, outcomes(receipt)) == ("partial", {"g": "redefined"})
    [left] = receipt.left_out
    assert (left.uri, left.error.type) == (low.as_uri(), "SyntaxError")
    assert receipt.to_json()["leftOut"][0]["uri"] == low.as_uri()
    assert value(session, "f(), high.g()") == "(3, 2)"


def test_alone_a_broken_file_is_an_error(session: Session, low: Path) -> None:
    low.write_text("def f(:\n", encoding="utf-8")
    receipt = redefine(session, low)
    assert (receipt.status, receipt.left_out) == ("error", ())
    assert receipt.error is not None
    assert receipt.error.type == "SyntaxError"
    assert value(session, "f()") == "3"


def test_a_file_that_is_not_loaded_is_nothing_to_tell(session: Session, workspace: Path) -> None:
    path = workspace / "idle.py"
    path.write_text("print('ran')\n", encoding="utf-8")
    session.evaluate("1")
    assert redefine(session, path) == Redefinition("ok")


def test_which_files_are_loaded(session: Session, workspace: Path, low: Path) -> None:
    idle = workspace / "idle.py"
    idle.write_text("", encoding="utf-8")
    link = workspace / "link.py"
    link.symlink_to(low)
    files = [str(low), str(idle), str(link), str(workspace / "gone.py")]
    asked: list[str] = session._wait(partial(session.submit_loaded, files))
    assert asked == [str(low), str(link)]
    every: list[str] = session._wait(partial(session.submit_loaded, None))
    assert str(low) in every
    assert str(idle) not in every


def test_what_is_unchanged_counts_though_it_is_not_told(session: Session, low: Path) -> None:
    low.write_text(LOADED + "print('ran')\n", encoding="utf-8")
    receipt = redefine(session, low)
    told = [(each.name, each.outcome) for each in receipt.definitions]
    assert (receipt.status, told) == ("partial", [("line 9", "refused")])
