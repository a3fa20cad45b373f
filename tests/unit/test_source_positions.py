"""LineTable against a model that converts by encoding."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relive.source.positions import LineIndex, LineTable, Range, line_of
from relive.wire.lines import Lines

# What ends lines in Python and LSP, what only looks like it, and every width of encoding.
ODD = "a \t\f\v\x1c\x85\u2028\u2029\ufeffé€😀\U00010000\r\n\ud800"
TEXTS = st.text(st.sampled_from(ODD), max_size=30) | st.text(max_size=30)
NUMBERS = st.integers(-3, 40)


def model_lines(text: str) -> list[str]:
    return re.split("\r\n|\r|\n", text)


def units(line: str, encoding: str) -> int:
    return len(line.encode(encoding, "surrogatepass")) // (2 if "16" in encoding else 1)


@settings(deadline=None)
@given(TEXTS)
def test_lines_end_only_at_line_feeds_and_carriage_returns(text: str):
    table = LineTable(text)
    assert table.lines == model_lines(text)
    assert table.text == "\n".join(model_lines(text))
    assert table.end == (len(table.lines) - 1, len(table.lines[-1]))


@settings(deadline=None)
@given(st.text("ab\n"), NUMBERS)
def test_one_line_is_found_without_the_others(text: str, number: int):
    lines = text.split("\n")
    assert line_of(text, number) == (lines[number] if 0 <= number < len(lines) else None)


@settings(deadline=None)
@given(TEXTS)
def test_every_column_converts_to_utf16_and_back(text: str):
    table = LineTable(text)
    for number, line in enumerate(model_lines(text)):
        for column in range(len(line) + 1):
            utf16 = table.codepoint_to_utf16(number, column)
            assert utf16 == units(line[:column], "utf-16-le")
            assert table.utf16_to_codepoint(number, utf16) == column


@settings(deadline=None)
@given(TEXTS)
def test_every_byte_converts_to_the_character_it_is_in(text: str):
    table = LineTable(text)
    for number, line in enumerate(model_lines(text)):
        owners = [
            column
            for column, character in enumerate(line)
            for _ in range(units(character, "utf-8"))
        ]
        for byte, column in enumerate([*owners, len(line)]):
            assert table.utf8_to_codepoint(number, byte) == column


@settings(deadline=None)
@given(TEXTS, NUMBERS, NUMBERS)
def test_nothing_out_of_range_raises(text: str, line: int, column: int):
    table = LineTable(text)
    clamped = table.clamp((line, column))
    assert table.clamp(clamped) == clamped
    assert 0 <= clamped[0] < len(table.lines)
    assert 0 <= clamped[1] <= len(table.lines[clamped[0]])
    length = len(table.lines[line]) if 0 <= line < len(table.lines) else 0
    assert 0 <= table.utf16_to_codepoint(line, column) <= length
    assert 0 <= table.utf8_to_codepoint(line, column) <= length
    assert 0 <= table.codepoint_to_utf16(line, column) <= 2 * length


@settings(deadline=None)
@given(TEXTS, st.data())
def test_offsets_and_slices_are_those_of_the_normalised_text(text: str, data: st.DataObject):
    table = LineTable(text)
    places = st.integers(0, len(table.text))
    start, end = data.draw(places), data.draw(places)
    first, last = table.position(start), table.position(end)
    assert (table.offset(first), table.offset(last)) == (start, end)
    assert table.slice(Range(first, last)) == table.text[start:end]


@settings(deadline=None)
@given(TEXTS, NUMBERS, NUMBERS)
def test_lines_looked_up_are_those_of_a_text_cut_into_them(text: str, line: int, column: int):
    table = LineTable(text)
    index = LineIndex(Lines(table.text))
    place = index.clamp((line, column))
    assert place == table.clamp((line, column))
    assert (index.count, index.end, index.line(line)) == (table.count, table.end, table.line(line))
    assert index.offset((line, column)) == table.offset((line, column))
    assert index.utf16_to_codepoint(line, column) == table.utf16_to_codepoint(line, column)
    assert index.slice(Range(place, index.end)) == table.slice(Range(place, table.end))


@pytest.mark.parametrize(
    ("position", "clamped"),
    [
        ((-1, 5), (0, 0)),
        ((0, -5), (0, 0)),
        ((0, 99), (0, 2)),
        ((1, 1), (1, 1)),
        ((2, 0), (1, 3)),
    ],
)
def test_clamping_goes_to_the_nearest_place(position: tuple[int, int], clamped: tuple[int, int]):
    assert LineTable("ab\ncde").clamp(position) == clamped


def test_the_middle_of_a_surrogate_pair_is_its_beginning():
    table = LineTable("x😀y")
    assert [table.utf16_to_codepoint(0, unit) for unit in range(6)] == [0, 1, 1, 2, 3, 3]


def test_an_offset_out_of_range_is_clamped():
    table = LineTable("ab\nc")
    assert table.position(-1) == (0, 0)
    assert table.position(99) == (1, 1)
