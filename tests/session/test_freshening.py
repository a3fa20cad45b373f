"""`Session.stale` and `Session.rerun_stale`, on each Python: what is told by traces of real code."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from relive import Session

_NUMBERS = itertools.count(1)
BANK = """\
class Account:
    def __init__(self, balance):
        self.balance = balance

    def add(self, amount):
        self.balance += amount
        return self.balance

    def __repr__(self):
        return f"<{self.balance}>"


def interest(account):
    return account.balance * RATE


RATE = 0.5
"""
STEPS = ["{0}_a = {0}.Account(10)", "{0}_a.add(5)", "{0}.interest({0}_a)", "[1, 2]"]


class Bank:
    """A module that is imported, in a process that others have used, and results that came of it."""

    def __init__(self, session: Session, name: str) -> None:
        self.session = session
        self.file = Path(session.home) / f"{name}.py"
        self.file.write_text(BANK)
        self.ids: set[str] = set()
        for step in [f"import {name}", *STEPS]:
            self.evaluate(step.format(name))
        assert self.stale() == {}

    def evaluate(self, text: str) -> None:
        answer = self.session.evaluate(text)
        assert answer.status == "ok"
        self.ids |= {each.id for each in answer.results}

    def redefine(self, old: str, new: str) -> None:
        assert self.session.redefine(self.file, BANK.replace(old, new)).status == "ok"

    def stale(self) -> dict[str, str]:
        found = [each for each in self.session.stale() if each.id in self.ids]
        return {each.text.replace(self.file.stem, "bank"): each.reason for each in found}


@pytest.fixture
def bank(lasting_session: Session) -> Bank:
    return Bank(lasting_session, f"bank{next(_NUMBERS)}")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("self.balance += amount", "self.balance += 2 * amount", {"bank_a.add(5)"}),
        ("RATE = 0.5", "RATE = 0.7", {"bank.interest(bank_a)"}),
        ("account.balance * RATE", "account.balance / RATE", {"bank.interest(bank_a)"}),
        ("self.balance = balance", "self.balance = -balance", {"bank_a = bank.Account(10)"}),
    ],
)
def test_a_redefinition_makes_stale_what_came_of_it_and_undo_makes_it_true(
    bank: Bank, old: str, new: str, expected: set[str]
) -> None:
    bank.redefine(old, new)
    direct = {text for text, why in bank.stale().items() if " is stale: " not in why}
    assert expected <= direct
    assert "[1, 2]" not in bank.stale()
    bank.session.undo()
    assert bank.stale() == {}


def test_what_is_stale_runs_again_with_what_it_needs(bank: Bank) -> None:
    bank.redefine("self.balance += amount", "self.balance += 2 * amount")
    answer = bank.session.rerun_stale()
    assert answer.left == ()
    assert bank.session.stale() == ()
    assert bank.session.inspect(f"{bank.file.stem}_a").text == "<20>"
    last = [each.results[-1].value for each in answer.ran]
    assert [each.text for each in last if each] == ["<10>", "20", "10.0"]


def test_what_fails_is_left_and_what_needs_it(bank: Bank) -> None:
    for text in ("x = 1", "y = 10 / x", "y + 1", "x = 0"):
        bank.evaluate(text)
    assert bank.stale() == {
        "y = 10 / x": "`x` was assigned again",
        "y + 1": "`y` is stale: `x` was assigned again",
    }
    answer = bank.session.rerun_stale()
    assert [each.why for each in answer.left] == [
        "ZeroDivisionError: division by zero",
        "it needs what 'y = 10 / x' gives, which failed",
    ]
