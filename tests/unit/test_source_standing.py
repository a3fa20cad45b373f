"""Where code that once stood in a file stands now."""

from __future__ import annotations

import pytest

from relive.source.positions import LineTable
from relive.source.standing import definition_stands, line_of_definition, place_now

THEN = """import a

def f():
    x = 1
    return x

x = 1
print(x)
if x:
    print(x)
"""

CASES = {
    "unchanged": ("x = 1", (6, 0), THEN, (6, 0)),
    "lines above": ("x = 1", (6, 0), "# new\n" + THEN, (7, 0)),
    "lines gone above": ("print(x)", (7, 0), THEN.replace("import a\n\n", ""), (5, 0)),
    "edited": ("x = 1", (6, 0), THEN.replace("\nx = 1\n", "\nx = 2\n"), None),
    "goes on": ("x = 1", (6, 0), THEN.replace("\nx = 1\n", "\nx = 1 + 2\n"), None),
    "longer number": ("x = 1", (6, 0), THEN.replace("\nx = 1\n", "\nx = 10\n"), None),
    "comment behind": ("x = 1", (6, 0), THEN.replace("\nx = 1\n", "\nx = 1  # one\n"), (6, 0)),
    "now indented": ("print(x)", (7, 0), THEN.replace("\nprint(x)", ""), None),
    "whole function": ("def f():\n    x = 1\n    return x", (2, 0), "\n" + THEN, (3, 0)),
    "one more line inside": (
        "def f():\n    x = 1\n    return x",
        (2, 0),
        THEN.replace("    return x\n", "    return x\n    go()\n"),
        None,
    ),
    "a branch more": ("if x:\n    print(x)", (8, 0), THEN + "else:\n    go()\n", None),
    "a comment below": ("if x:\n    print(x)", (8, 0), THEN + "    # more\n", (8, 0)),
    "the other of two moved": ("print(x)", (9, 4), THEN.replace("if", "# c\nif"), (10, 4)),
    "part of a line": ("x", (7, 6), "#\n" + THEN, (8, 6)),
    "part of a line that is edited": ("x", (7, 6), THEN.replace("print(x)", "show(x)"), (7, 5)),
    "nothing": ("", (0, 0), THEN, None),
    "gone": ("x = 1", (6, 0), "", None),
}


@pytest.mark.parametrize("case", CASES)
def test_place(case: str) -> None:
    text, place, now, expected = CASES[case]
    assert not text or THEN[LineTable(THEN).offset(place) :].startswith(text)
    assert place_now(text, place, THEN, now) == expected


def test_of_several_the_one_that_moved_with_its_surroundings_is_meant() -> None:
    then = "go()\n" * 3
    assert place_now("go()", (2, 0), then, "# new\n" + then) == (3, 0)
    assert place_now("go()", (0, 0), then, then + "# new\n") == (0, 0)


def test_without_the_document_the_nearest_is_meant() -> None:
    assert place_now("x = 1", (5, 0), None, THEN) == (6, 0)


PROPERTY = """class A:
    @property
    def x(self):
        return 1

    @x.setter
    def x(self, value):
        pass
"""


def test_a_definition_stands_wherever_it_has_moved() -> None:
    now = "import a\n\n" + PROPERTY
    assert definition_stands("A.x", None, PROPERTY, now)
    assert definition_stands("A.x", 5, PROPERTY, now)
    assert line_of_definition("A.x", 5, PROPERTY, now) == 7
    edited = now.replace("pass", "go()")
    assert not definition_stands("A.x", None, PROPERTY, edited)
    assert definition_stands("A.x", 1, PROPERTY, edited)
    assert not definition_stands("A.x", 5, PROPERTY, edited)
    assert not definition_stands("A.y", None, PROPERTY, PROPERTY)
