"""The outline of an edited text: it is that of the text read whole, and little of it is parsed."""

from __future__ import annotations

import ast

import pytest

from relive.source.definitions import definitions
from relive.source.outline import Outline, Section

ABOVE = "import os\n\n\ndef a():\n    return 1\n\n\ndef b():\n    return 2\n\n\n"
EDITED = "@d\ndef f(x):\n    '''\n    Text.\n    '''\n    return x\n"
BELOW = "\nif os:\n    y = 1\nelse:\n    y = 2\n\n\nclass C:\n    def m(self):\n        pass\n"
TEXT = ABOVE + EDITED + BELOW


def shown(sections: tuple[Section, ...]) -> list[object]:
    return [
        (each.range, each.broken, [ast.dump(node, include_attributes=True) for node in each.nodes])
        for each in sections
    ]


def carried(old: str, new: str) -> tuple[Outline, int]:
    """Return the outline of a text edited from another one, and how many sections they share."""
    former = Outline(old)
    outline = Outline(new, former)
    before = set(map(id, former.sections))
    return outline, sum(id(each) in before for each in outline.sections)


@pytest.mark.parametrize(
    ("old", "new", "shared"),
    [
        ("return x", "return 2 * x", 5),
        ("return x", "return 'äöü', x", 5),
        ("Text.", "def g(): pass", 5),
        ("@d", "@e", 4),
        ("@d", "# d", 4),
        ("def f(x):", "class f(x):", 5),
        ("return 2\n", "return 22\n", 5),
        ("    return x\n", "z = f\n", 5),
        ("    return x\n", "    return x; y\n", 5),
    ],
)
def test_an_edit_within_lines_leaves_what_stands_around_it(old: str, new: str, shared: int) -> None:
    text = TEXT.replace(old, new)
    outline, found = carried(TEXT, text)
    assert shown(outline.sections) == shown(Outline(text).sections)
    assert found == shared


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    '''\n    Text", "    \n    Text"),
        ("    return x\n", "    return (x\n"),
        ("    return x\n", "    return x \\\n"),
        ("    return x\n", "else:\n"),
        ("else:\n", "el\n"),
        ("if os:\n", "os\n"),
        ("@d\n", "d; e\n"),
        ("return x\n", "return x\n\n"),
        ("import os\n", "\ufeffimport os\n"),
        (TEXT, TEXT.replace("1", "2").replace("return", "yield")),
        ("return x\n", "return x\r"),
    ],
)
def test_what_an_edit_may_reach_further_is_read_whole(old: str, new: str) -> None:
    text = TEXT.replace(old, new)
    assert text != TEXT
    for before, after in ((TEXT, text), (text, TEXT)):
        outline, _ = carried(before, after)
        assert shown(outline.sections) == shown(Outline(after).sections)


def test_definitions_that_were_read_go_along() -> None:
    text = TEXT.replace("return x", "return 2 * x")
    before = {each.name: each for each in definitions(TEXT)}
    after = {each.name: each for each in definitions(text)}
    assert after["f"].source == before["f"].source.replace("return x", "return 2 * x")
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] is before[name]] == ["a", "b", "C", "C.m"]
