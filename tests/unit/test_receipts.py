"""Receipts tell of what is as it was only when somebody looks, and then as if it had been there."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest

from relive.session import translate
from relive.session.definition_answers import DefinitionChange, Redefinition, Undo
from relive.session.late import Late
from relive.source.positions import Range

FILE = "/folder/m.py"
TEXT = "def f(): return 1\n\nclass C:\n    def g(self): return 2\n"
CHANGE = {
    "name": "f",
    "kind": "function",
    "outcome": "redefined",
    "reason": None,
    "functions": 1,
    "instances": 0,
    "references": 0,
    "at_least": False,
    "file": FILE,
    "line": 0,
    "patch": None,
    "before": None,
}
REST = {
    "file": FILE,
    "names": ["C", "C.g"],
    "kinds": ["class", "method"],
    "lines": [2, 3],
    "patched": [],
}
URI = "file:///folder/m.py"
ALL = (
    DefinitionChange(
        "f", "function", "redefined", functions_updated=1, uri=URI, range=Range((0, 0), (0, 17))
    ),
    DefinitionChange("C", "class", "unchanged", uri=URI, range=Range((2, 0), (2, 8))),
    DefinitionChange("C.g", "method", "unchanged", uri=URI, range=Range((3, 4), (3, 25))),
)


def received(*changes: dict[str, Any]) -> Redefinition:
    told = {"error": None, "changes": [*changes], "unchanged": [REST], "left_out": [], "untold": 0}
    return translate.to_redefinition(told, {FILE: TEXT})


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of what is as it was, as they are made."""
    names: list[str] = []
    make = translate._to_unchanged

    def noting(*given: Any) -> Iterator[DefinitionChange]:
        for each in make(*given):
            names.append(each.name)
            yield each

    monkeypatch.setattr(translate, "_to_unchanged", noting)
    return names


def test_what_changed_is_known_without_the_rest(made: list[str]) -> None:
    receipt = received(CHANGE)
    assert (receipt.status, receipt.changes) == ("ok", ALL[:1])
    assert made == []
    assert receipt.definitions == ALL
    assert receipt.definitions is receipt.definitions
    assert made == ["C", "C.g"]
    assert receipt.changes == ALL[:1]


def test_all_refused_is_not_all_if_more_is_there() -> None:
    refused = {**CHANGE, "outcome": "refused"}
    assert received(refused).status == "partial"
    assert received({**CHANGE, "outcome": "unchanged"}).changes == ()


def test_it_is_a_receipt_like_any_other() -> None:
    plain = Redefinition("ok", ALL)
    assert received(CHANGE) == plain
    assert hash(received(CHANGE)) == hash(plain)
    assert repr(received(CHANGE)) == repr(plain)
    assert asdict(received(CHANGE)) == asdict(plain)
    assert received(CHANGE).to_json() == plain.to_json()
    assert replace(received(CHANGE), not_logged="full") == replace(plain, not_logged="full")
    assert copy.deepcopy(received(CHANGE)) == plain
    assert pickle.loads(pickle.dumps(received(CHANGE))) == plain


def test_without_definitions_there_are_none() -> None:
    assert Redefinition("ok").definitions == ()
    assert Undo("ok", undone="f").changes == ()


def test_the_rest_is_made_once() -> None:
    calls = [ALL[1:]]
    receipt = Redefinition("ok", Late(ALL[:1], calls.pop))
    assert receipt.definitions == ALL
    assert receipt.definitions == ALL
