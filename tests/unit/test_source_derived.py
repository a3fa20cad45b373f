"""Statements that may come of what was edited, told from the text alone."""

from __future__ import annotations

import pytest

from relive.source.derived import derived

TEXT = """\
import math
RATE = 2
REG = {}
def register(f):
    REG[f.__name__] = f
    return f
def helper(x):
    return x * RATE
class Shape:
    side = RATE
    def __init__(self):
        self.n = 3
    def area(self):
        return helper(self.n)
    def name(self):
        return "shape"
@register
def a():
    return 1
shape = Shape()
size = shape.area()
label = shape.name()
rows = []
rows.append(size)
count = len(rows)
root = math.sqrt(4)
names = sorted(REG)
"""


@pytest.mark.parametrize(
    ("edited", "names"),
    [
        ("RATE", ["shape", "size", "label", "rows.append(size)", "count"]),
        ("helper", ["size", "rows.append(size)", "count"]),
        ("Shape.area", ["size", "rows.append(size)", "count"]),
        ("Shape.name", ["label"]),
        ("Shape.__init__", ["shape", "size", "label", "rows.append(size)", "count"]),
        ("size", ["rows.append(size)", "count"]),
        ("math", ["root"]),
        ("a", []),
    ],
)
def test_what_comes_of_an_edit_is_found_through_functions_and_methods(
    edited: str, names: list[str]
) -> None:
    lines = TEXT.split("\n")
    found = sorted(each.form.range.start[0] for each in derived(TEXT, [edited]))
    assert [lines[each].partition(" = ")[0] for each in found] == names or found == names


def test_what_a_decorator_has_registered_in_counts_as_edited() -> None:
    header = "@register\ndef b():\n    return 2\n"
    (found,) = derived(TEXT, ["b"], [header])
    assert (found.form.binds, found.of) == (("names",), "REG")
