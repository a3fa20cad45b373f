"""What runs against what a text says."""

from __future__ import annotations

import pytest

from relive.source.comparing import differences
from relive.source.definitions import definitions

ONE = "def f():\n    return 1\n"
TWO = "def f():\n    return 2\n"
CLASS = "class C:\n    x = 1\n\n    def m(self):\n        return 1\n"

CASES = {
    # name: (text that runs, text that is said, names that differ)
    "the same": (ONE, ONE, []),
    "moved": (ONE, "\n\n# more\n" + ONE, []),
    "another text": (ONE, TWO, ["f"]),
    "a method": (CLASS, CLASS.replace("return 1", "return 2"), ["C.m"]),
    "an attribute": (CLASS, CLASS.replace("x = 1", "x = 2"), ["C"]),
    "added as a whole": ("", CLASS, ["C"]),
    "gone as a whole": (CLASS, "", ["C"]),
    "an inner function is its function's": ("def f():\n    def g(): pass\n", ONE, ["f"]),
    "a branch that was not taken": (
        ONE,
        "if 0:\n    def f():\n        return 2\nelse:\n    def f():\n        return 1\n",
        [],
    ),
    "a branch that runs otherwise": (
        "def f():\n    return 3\n",
        "if 0:\n    def f():\n        return 2\nelse:\n    def f():\n        return 1\n",
        ["f"],
    ),
    "order": (ONE + "def b(): pass\n", "def a(): pass\n" + TWO, ["a", "f", "b"]),
}


@pytest.mark.parametrize("case", CASES)
def test_definitions_that_differ_are_told(case: str) -> None:
    runs, said, expected = CASES[case]
    told = differences(_running(runs), said, whole=True)
    assert [each.name for each in told] == expected


def test_what_was_not_evaluated_yet_is_no_difference() -> None:
    assert differences(_running(ONE), TWO + CLASS, whole=False)[0].name == "f"
    assert len(differences(_running(ONE), TWO + CLASS, whole=False)) == 1


class Running:
    def __init__(self, name: str, kind: str, line: int, source: str, fingerprint: str) -> None:
        self.name = name
        self.kind = kind
        self.line = line
        self.source = source
        self.fingerprint = fingerprint


def _running(text: str) -> list[Running]:
    return [
        Running(each.name, each.kind, each.range.start[0], each.source, each.fingerprint)
        for each in definitions(text)
        if all(kind == "class" for kind, _ in each.scopes)
    ]
