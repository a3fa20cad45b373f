"""What is said of undone steps that nobody watched: nothing of those that only worked with their values."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import MakeSession
from relive.session.session import Session
from relive.session.settings import Settings

FIRST_STEPS = Path(__file__).parents[2] / "client" / "walkthrough" / "first_steps.py"
UNTIL_GOING_BACK = (
    *("prices = [3.2", "total = sum", "average =", "round(average", "basket = ", "basket.cost()"),
)


@pytest.fixture
def traced(make_session: MakeSession) -> Session:
    """A session that traces, as editors' do."""
    return make_session(settings=Settings(staleness=True))


def statement(text: str, begin: str) -> str:
    """Return the line of a text that begins so."""
    return next(each for each in text.splitlines() if each.startswith(begin))


def told(session: Session, evaluation: int | None = None) -> list[str]:
    """Return what is said of the rewind: what would be left, and what would act again."""
    offer = session.rewind_offer(evaluation)
    return [*offer.unwatched, *offer.warnings]


def test_the_walkthrough_goes_back_without_a_warning(traced: Session, workspace: Path) -> None:
    text = FIRST_STEPS.read_text()
    (workspace / "first_steps.py").write_text(text)
    for begin in UNTIL_GOING_BACK:
        assert traced.evaluate(statement(text, begin), "first_steps.py").status == "ok"
    cheaper = text.replace("return sum(", "return 0.9 * sum(")
    assert traced.redefine("first_steps.py", cheaper, name="Basket.cost").status == "ok"
    for _ in range(2):
        traced.evaluate("prices.append(99.0)", "first_steps.py")
        assert told(traced) == []
    rewind = traced.rewind().rewind
    assert rewind is not None
    assert (rewind.unwatched, rewind.warnings) == ((), ())


def test_what_is_not_known_to_be_a_list_may_act(traced: Session) -> None:
    traced.evaluate("class Log:\n    def append(self, x):\n        open('log.txt', 'a').write(x)")
    traced.evaluate("lines = Log()")
    traced.evaluate("lines.append('a')")
    assert told(traced) == ["lines.append('a')"]


@pytest.mark.no_copies("it is about what runs again, from a new process")
def test_what_a_call_gave_is_known_by_the_type_it_has(traced: Session) -> None:
    traced.evaluate("import os\nnames = os.listdir('.')")
    traced.evaluate("names.append('b')")
    (warning,) = told(traced)
    assert warning.startswith("import os")  # which runs again
    assert "runs again" in warning


def test_what_code_that_is_not_followed_binds_is_not_known_any_more(traced: Session) -> None:
    traced.evaluate("lines = []")
    traced.evaluate('exec(\'lines = open("log.txt", "w")\')')
    traced.evaluate("lines.close()")
    assert "lines.close()" in told(traced)


def test_an_operator_of_a_class_that_acts_is_seen_to_run(traced: Session, workspace: Path) -> None:
    code = "class Pipe:\n    def __or__(self, other):\n        open('log.txt', 'w').close()"
    (workspace / "pipes.py").write_text(f"{code}\n\npipe = Pipe()\n")
    traced.evaluate("from pipes import pipe")
    traced.evaluate("pipe | 1")
    assert told(traced) == ["pipe | 1"]


def test_what_a_redefinition_runs_itself_is_told(traced: Session, workspace: Path) -> None:
    (workspace / "a.py").write_text("def f():\n    return 1\n")
    traced.evaluate("x = 1")
    last = traced.evaluate("from a import f\nf()", "b.py")
    traced.redefine("a.py", "def f(x=open('log.txt', 'w').close()):\n    return 1\n")
    assert any(each.startswith("redefine") for each in told(traced, last.id))


def test_a_built_in_name_that_the_document_binds_is_not_taken_for_it(
    traced: Session, workspace: Path
) -> None:
    code = "def sum(rows):\n    open('log.txt', 'w').close()\n"
    (workspace / "a.py").write_text(f"{code}sum([])\n")
    traced.evaluate("import a")
    traced.evaluate("sum([])", "a.py")
    assert told(traced) == ["sum([])"]
