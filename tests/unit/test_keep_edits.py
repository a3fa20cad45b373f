"""Marking forms to be kept, and taking the mark away: the text between is as it was."""

from __future__ import annotations

import pytest

from relive.source.forms import form_at
from relive.source.keep_edits import Edit, marked, unmarked
from relive.source.positions import LineTable
from relive.source.pragmas import forms_with

MARKED = {
    "one line": ("x = f()\n", "x = f()  # relive: keep\n"),
    "without an end of line": ("x = f()", "x = f()  # relive: keep"),
    "blanks at the end": ("x = f()   \n", "x = f()  # relive: keep\n"),
    "a comment": ("x = f()  # slow\n", "x = f()  # slow  # relive: keep\n"),
    "several lines": ("x = f(\n    1,\n)\n", "# relive: keep\nx = f(\n    1,\n)\n"),
    "a block": ("for n in y:\n    x = n\n", "# relive: keep\nfor n in y:\n    x = n\n"),
}
UNMARKED = {
    "beside nolog": ("x = f()  # relive: nolog, keep\n", "x = f()  # relive: nolog\n"),
    "with words after it": ("x = f()  # relive: keep  it is slow\n", "x = f()\n"),
    "on the last line": ("x = f(\n    1,\n)  # relive: keep\n", "x = f(\n    1,\n)\n"),
    "above other comments": ("# relive: keep\n# slow\nx = f()\n", "# slow\nx = f()\n"),
    "with an upper-case letter": ("x = f()  # Relive: keep\n", "x = f()\n"),
}


def edited(text: str, edits: list[Edit]) -> str:
    table = LineTable(text)
    for range_, new in sorted(edits, key=lambda edit: edit[0].start, reverse=True):
        start, end = table.offset(range_.start), table.offset(range_.end)
        text = text[:start] + new + text[end:]
    return text


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(text.split("\n")) if line and line[0] not in "# \t")


@pytest.mark.parametrize("what", MARKED)
def test_a_form_is_marked_and_unmarked(what: str) -> None:
    text, expected = MARKED[what]
    form = form_at(text, (0, 0))
    assert form is not None
    with_mark = edited(text, [marked(text, form)])
    assert with_mark == expected
    now = form_at(with_mark, (line_of(with_mark), 0))
    assert now is not None
    assert now in forms_with(with_mark, "keep")
    assert edited(with_mark, unmarked(with_mark, now)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("what", UNMARKED)
def test_only_the_mark_goes(what: str) -> None:
    text, expected = UNMARKED[what]
    form = form_at(text, (line_of(text), 0))
    assert form is not None
    assert edited(text, unmarked(text, form)) == expected
