"""The outline of an edited text: it is that of the text read whole, and little of it is parsed."""

from __future__ import annotations

import ast
import gc
from weakref import ref

import pytest

from relive.source.definitions import definitions
from relive.source.forms import top_level_forms
from relive.source.outline import TEXTS_KEPT, Outline, Section, outline

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


def alive_after(edits: list[str]) -> list[bool]:
    """Return of which texts there is an outline once all were read, the first before the rest."""
    read = []
    for text in edits:
        definitions(text)
        top_level_forms(text)
        read.append(ref(outline(text)))
    gc.collect()
    return [each() is not None for each in read]


def edits_of(text: str) -> list[str]:
    """Return a text with one line more each time, so that nothing of it can be shared."""
    return [f"{chr(10) * lines}def f():\n    pass\n{text}" for lines in range(TEXTS_KEPT)]


LONG = f"text = '{'long ' * 100_000}'\n"


def test_of_long_texts_fewer_are_kept_than_of_short_ones() -> None:
    assert all(alive_after(edits_of("text = 'short'\n")))
    alive = alive_after(edits_of(LONG))
    assert alive[-2:] == [True, True]
    assert sum(alive) < TEXTS_KEPT // 2


def test_however_long_texts_are_the_last_two_are_kept() -> None:
    assert [*alive_after(edits_of(LONG * 5))[-3:]] == [False, True, True]


def test_a_text_that_is_asked_about_between_edits_of_another_is_kept() -> None:
    other = f"other = 1\n{LONG}"
    read = outline(other)
    for text in edits_of(LONG):
        assert [each.name for each in definitions(text)] == ["f"]
        assert outline(other) is read
        assert not definitions(other)
