"""The parts of values: walked down to without running code of theirs."""

from __future__ import annotations

import pytest

from relive.session.session import Session
from relive.session.viewing import ChildrenView, Inspection, TableView, TextView
from viewing import refused, shown, told

LYING = """\
import time
class {name}{base}:
    z = 1
    def __init__(self):
        self.a = [1]
    def bad(self, *_): raise SystemExit
    __len__ = __iter__ = __getitem__ = __eq__ = __bool__ = bad
    def slow(self, *_): time.sleep(600)
    __getattr__ = __dir__ = slow
    p = q = property(slow)
    __class__ = property(slow)
x = {name}()
x
"""
PARTS = {
    "list": ("[1, 'a']", ["[0]", "[1]"], ["1", "'a'"]),
    "tuple": ("(1,)", ["[0]"], ["1"]),
    "dict": ("{'k': 1, (2, 3): []}", ["['k']", "[(2, 3)]"], ["1", "[]"]),
    "set": ("{7}", ["0"], ["7"]),
    "deque": ("from collections import deque\ndeque([7])", ["0"], ["7"]),
    "named tuple": (
        "from collections import namedtuple\nnamedtuple('P', 'x y')(1, 2)",
        ["x", "y"],
        ["1", "2"],
    ),
    "list with attributes": (
        "class L(list): pass\nx = L([1]); x.b = 2\nx",
        ["[0]", "b"],
        ["1", "2"],
    ),
    "slots": (
        "class S:\n    __slots__ = ('a', 'unset', '__dict__')\nx = S(); x.a = 1; x.b = 2\nx",
        ["b", "a"],
        ["2", "1"],
    ),
    "class": ("class C:\n    k = 1\nC", ["k"], ["1"]),
    "empty": ("[]", [], []),
    "number": ("1", [], []),
    "lies": (LYING.format(name="T", base=""), ["a"], ["[1]"]),
    "hidden": ("class H:\n    __dict__ = property(lambda self: 1 / 0)\nH()", [], []),
    "lying list": (LYING.format(name="U", base="(list)"), ["a"], ["[1]"]),
    "lying dict": (LYING.format(name="V", base="(dict)"), ["a"], ["[1]"]),
}


@pytest.fixture
def session(lasting_session: Session) -> Session:
    return lasting_session


@pytest.mark.parametrize(("code", "names", "texts"), PARTS.values(), ids=PARTS.keys())
def test_the_parts_of_a_value(
    session: Session, code: str, names: list[str], texts: list[str]
) -> None:
    value = shown(session, code)
    found = told(session, ChildrenView(value.ref))
    assert [each.name for each in found.items] == names
    assert [each.value.text for each in found.items] == texts
    assert found.total == len(names)
    assert bool(value.has_children) == bool(names)


def test_a_part_is_asked_for_by_its_own_ref_and_by_its_path(session: Session) -> None:
    ref = shown(session, "x = {'k': [5, {'deep': 6}]}").ref
    (part,) = told(session, ChildrenView(ref)).items
    assert part.has_children
    assert told(session, TextView(part.value.ref)).text == "[5, {'deep': 6}]"
    assert told(session, ChildrenView(part.value.ref)) == told(session, ChildrenView(ref, (0,)))
    (deep,) = told(session, ChildrenView(ref, (0, 1))).items
    assert (deep.name, deep.value.text) == ("['deep']", "6")


def test_a_part_whose_place_another_has_is_gone(session: Session) -> None:
    ref = shown(session, "x = {'a': [1], 'b': [2]}").ref
    first, second = told(session, ChildrenView(ref)).items
    session.evaluate("del x['a']")
    for part in (first, second):
        assert "has changed" in refused(session, TextView(part.value.ref))


def test_the_parts_of_millions_are_those_of_the_page(session: Session) -> None:
    ref = shown(session, "x = list(range(3_000_000))").ref
    found = told(session, ChildrenView(ref, start=2_999_998, count=50))
    assert [each.value.text for each in found.items] == ["2999998", "2999999"]
    assert found.items[0].name == "[2999998]"
    assert found.total == 3_000_000


def test_slow_parts_share_one_budget(session: Session) -> None:
    code = "import time\nclass S:\n    def __repr__(self): time.sleep(600)\nx = [S()] * 100"
    found = told(session, ChildrenView(shown(session, code).ref))
    assert {each.value.text for each in found.items} == {"<scratch.S: its repr takes too long>"}
    assert len(found.items) == 100


def test_an_expression_is_inspected(session: Session) -> None:
    session.evaluate("x = {'k': [1, 2]}")
    value = told(session, Inspection("x['k']", None))
    assert (value.text, value.total) == ("[1, 2]", 2)
    assert [each.name for each in value.children] == ["[0]", "[1]"]
    assert told(session, TextView(value.ref)).text == "[1, 2]"


def test_what_was_inspected_is_let_go_of_when_code_runs(session: Session) -> None:
    value = told(session, Inspection("[[1]]", None))
    assert told(session, TextView(value.children[0].value.ref)).text == "[1]"
    session.evaluate("1")
    assert refused(session, TextView(value.ref))


@pytest.mark.parametrize("expression", ["nowhere", "1 +", "x = 1", "1 / 0", ""])
def test_an_expression_that_fails_says_why(session: Session, expression: str) -> None:
    assert "Error: " in refused(session, Inspection(expression, None))


def test_what_asks_no_more_than_its_own_name_is_found_by_it(session: Session) -> None:
    session.evaluate("held = [1]")
    ref = told(session, Inspection("held", None)).ref
    session.evaluate("1\n2\n3\n4")
    assert told(session, TextView(ref)).text == "[1]"


def test_a_list_of_records_is_a_table(session: Session) -> None:
    ref = shown(session, "x = [{'n': 2, 'k': 'b'}, {'n': 1, 'k': None}, {'n': 3, 'k': 'a'}]").ref
    table = told(session, TableView(ref, count=2, sort=1, descending=True))
    assert [each.name for each in table.columns] == ["n", "k"]
    assert (table.rows, table.index) == ((("2", "b"), ("3", "a")), (("0",), ("2",)))
    assert told(session, TableView(ref, start=2, sort=1)).rows == (("1", "None"),)
    session.evaluate("x[1]['k'] = 5")
    assert "'k' cannot be sorted: TypeError" in refused(session, TableView(ref, sort=1))
