"""Places and lines that went along with edits are those that are found anew."""

from __future__ import annotations

from bisect import bisect_left

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relive.wire import places as places_module
from relive.wire.edits import Edit
from relive.wire.lines import Lines
from relive.wire.places import Places

TEXTS = st.text("ab\n", max_size=60)
EDITS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.text("ab\n", max_size=30)))


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places_module, "_GROUP", 3)


def edited(text: str, ends: tuple[int, int], new: str) -> tuple[Edit, str]:
    start, end = sorted(min(each, len(text)) for each in ends)
    edit = Edit(start, end, new)
    return edit, text[:start] + new + text[end:]


@settings(deadline=None)
@given(st.sets(st.integers(0, 200)), st.integers(-1, 201))
def test_places_are_in_order_and_counted(numbers: set[int], at: int) -> None:
    expected, found = sorted(numbers), Places(sorted(numbers))
    assert [found[each] for each in range(len(found))] == expected
    assert found.before(at) == bisect_left(expected, at)


@settings(deadline=None)
@given(TEXTS, EDITS)
def test_lines_go_along_with_edits(text: str, edits: list[tuple[int, int, str]]) -> None:
    lines = Lines(text)
    for start, end, new in edits:
        before, was = lines, [lines.line(each) for each in range(len(lines))]
        edit, text = edited(text, (start, end), new)
        lines = lines.edited(edit, text)
        assert [lines.line(each) for each in range(-1, len(lines) + 1)] == [
            None,
            *text.split("\n"),
            None,
        ]
        for place in range(len(text) + 1):
            assert lines.number_at(place) == text.count("\n", 0, place)
        assert [before.line(each) for each in range(len(before))] == was


def test_groups_neither_grow_nor_crumble() -> None:
    found = Places(range(0, 3000, 10))
    for turn in range(900):  # as if a line were typed, and one taken away, at one place
        found = found.edited(1500, 1500, 1, [1500])
        if turn % 2:
            found = found.edited(1500, 1501, -1, ())
    assert len(found) == 300 + 450
    assert max(map(len, found._groups)) <= 2 * 3
    assert len(found._groups) <= len(found)
