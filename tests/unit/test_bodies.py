"""The statement at a caret in a function's body. `|` is the caret."""

from __future__ import annotations

import textwrap

import pytest

from relive.source.bodies import statement_in_body
from relive.source.positions import LineTable, position_of

TEXT = """
def walk(items):
    a = 1; b = '😀'; c = 3
    for item in items:
        total = (
            a +
            item
        )

        if a: b = 2; c = 4
    def inner(): return a
    return total

after = 1
"""


def at(marked: str) -> str | None:
    """Return the text of the statement at the caret; `marked` stands once in the text."""
    offset = TEXT.index(marked.replace("|", "")) + marked.index("|")
    found = statement_in_body(TEXT, position_of(TEXT, offset))
    return None if found is None else textwrap.dedent(LineTable(TEXT).slice(found.range))


@pytest.mark.parametrize(
    ("caret", "statement"),
    [
        ("|    a = 1;", "a = 1"),
        ("    |a = 1;", "a = 1"),
        ("a = 1|;", "a = 1"),
        ("; |b = '😀'", "b = '😀'"),
        ("b = '😀'|;", "b = '😀'"),
        ("; |c = 3", "c = 3"),
        ("c = 3|", "c = 3"),
        ("a |+", "total = (\n            a +\n            item\n        )"),
        ("|        )", "total = (\n            a +\n            item\n        )"),
        ("if a|: b = 2", "if a: b = 2; c = 4"),
        ("|b = 2; c = 4", "b = 2"),
        ("b = 2; |c = 4", "c = 4"),
        ("|return total", "return total"),
        ("return |a\n", "return a"),
    ],
)
def test_statement_at_the_caret(caret: str, statement: str) -> None:
    assert at(caret) == statement


@pytest.mark.parametrize("caret", ["def |walk", "after = |1", "after| = 1"])
def test_no_statement_of_a_body(caret: str) -> None:
    assert at(caret) is None


def test_a_loop_is_meant_on_its_header_and_on_a_blank_line() -> None:
    loop = at("for |item in")
    assert loop is not None
    assert loop.startswith("for item in items:")
    assert at("        )\n|\n") == loop
