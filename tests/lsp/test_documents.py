"""Documents under edits: their text is the editor's, and places are found again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from relive.lsp.documents import Document, Documents
from relive.lsp.encoding import Codec
from relive.lsp.failures import RefusedError
from relive.source.positions import Range

LINE_END = re.compile(r"\r\n|\r|\n")
UTF16 = Codec()

# Characters that other splitters take for line ends, that need two UTF-16 units, or neither.
texts = st.text(st.sampled_from("ab \t\f\x0b\x1c\x85\u2028\u2029é\U0001f600\ud800"), max_size=8)
lines = st.lists(texts, min_size=1, max_size=6)
documents = st.tuples(lines, st.sampled_from(["\n", "\r\n", "\r"])).map(
    lambda drawn: drawn[1].join(drawn[0])
)
positions = st.builds(types.Position, st.integers(0, 8), st.integers(0, 12))
ranges = st.builds(types.Range, positions, positions)


def change(range_: types.Range | None, text: str) -> Any:
    if range_ is None:
        return types.TextDocumentContentChangeWholeDocument(text=text)
    return types.TextDocumentContentChangePartial(range=range_, text=text)


def at(line: int, start: int, end: int | None = None) -> types.Range:
    stop = start if end is None else end
    return types.Range(types.Position(line, start), types.Position(line, stop))


def edited(text: str, *changes: Any) -> Document:
    document = Document("untitled:x", text)
    document.change(list(changes), 2, UTF16)
    return document


def offset_in_model(text: str, position: types.Position) -> int:
    """Find a position by walking over UTF-16 units: slow, and another way than the document's."""
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    if position.line >= len(starts):
        return len(text)
    start = starts[position.line]
    line = LINE_END.split(text)[position.line]
    units = 0
    for index, character in enumerate(line):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > position.character:
            return start + index
    return start + len(line)


@settings(deadline=None)
@given(documents, st.lists(st.tuples(ranges, documents), max_size=4))
def test_edits_leave_the_text_the_editor_has(text: str, edits: list[Any]) -> None:
    document, model = Document("untitled:x", text), text
    for range_, new in edits:
        document.change([change(range_, new)], None, UTF16)
        ends = [offset_in_model(model, place) for place in (range_.start, range_.end)]
        model = model[: min(ends)] + new + model[max(ends) :]
    assert document.text.split("\n") == LINE_END.split(model)


@settings(deadline=None)
@given(lines, st.data())
def test_a_place_is_found_again_after_edits_elsewhere(before: list[str], data: Any) -> None:
    mark = data.draw(st.integers(0, len(before)))
    document = Document("untitled:x", "\n".join([*before[:mark], "MARK", *before[mark:]]))
    snapshot = document.snapshot()
    for range_, new in data.draw(st.lists(st.tuples(ranges, documents), max_size=4)):
        lines_now = document.text.split("\n")
        marked = lines_now.index("MARK")
        if range_.start.line <= marked <= range_.end.line or range_.end < range_.start:
            continue
        document.change([change(range_, new)], None, UTF16)
        if "MARK" not in document.text.split("\n"):  # an edit has joined its line to another
            return
    found = snapshot.range_now(Range((mark, 0), (mark, 4)))
    assert document.table.slice(found) == "MARK"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param(change(at(0, 0), "# top\n\n"), (4, 0), id="lines above"),
        pytest.param(change(at(1, 5), "\n"), (3, 0), id="enter at the end of the line above"),
        pytest.param(change(at(2, 0), "\n"), (3, 0), id="enter before it"),
        pytest.param(change(at(2, 0), "x = "), (2, 4), id="text before it on its line"),
        pytest.param(change(at(2, 5), " + 1"), (2, 0), id="text behind it"),
        pytest.param(change(at(2, 1, 3), ""), (2, 0), id="a part of it removed"),
        pytest.param(
            change(types.Range(types.Position(0, 0), types.Position(2, 0)), ""),
            (0, 0),
            id="lines above removed",
        ),
        pytest.param(
            change(None, "new\nfirst\nsecond\nthird\nfourth"), (3, 0), id="text sent whole"
        ),
        pytest.param(change(None, "first\nsecond\nthird"), (2, 0), id="lines below cut"),
    ],
)
def test_a_result_moves_with_edits(edit: Any, expected: tuple[int, int]) -> None:
    document = Document("untitled:x", "first\nsecond\nthird\nfourth")
    snapshot = document.snapshot()
    document.change([edit], 2, UTF16)
    assert snapshot.range_now(Range((2, 0), (2, 5))).start == expected


def test_text_typed_at_the_edges_of_a_result_is_not_in_it() -> None:
    document = Document("untitled:x", "f(1)")
    snapshot = document.snapshot()
    document.change([change(at(0, 4), " # note"), change(at(0, 0), "x = ")], 2, UTF16)
    assert document.table.slice(snapshot.range_now(Range((0, 0), (0, 4)))) == "f(1)"


def test_the_same_text_sent_whole_moves_nothing() -> None:
    document = Document("untitled:x", "a\nb")
    snapshot = document.snapshot()
    document.change([change(None, "a\nb")], 2, UTF16)
    assert snapshot.range_now(Range((1, 0), (1, 1))) == Range((1, 0), (1, 1))


def test_edits_are_forgotten_with_the_last_snapshot_older_than_them() -> None:
    document = Document("untitled:x", "a")
    for _ in range(3):
        document.change([change(at(0, 0), "\n")], 2, UTF16)
    snapshot = document.snapshot()
    assert snapshot.position_now((0, 0)) == (0, 0)


def test_a_byte_order_mark_does_not_count() -> None:
    assert edited("\ufeffx = 1", change(at(0, 0), "y")).text == "yx = 1"
    assert edited("a", change(None, "\ufeffb")).text == "b"


@pytest.mark.parametrize(
    ("encoding", "units"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1), ("utf-7", 1)]
)
def test_columns_are_counted_as_negotiated(encoding: str, units: int) -> None:
    codec, document = Codec(encoding), Document("untitled:x", "\U0001f600x")
    there = types.Position(0, units)
    assert codec.position(document.table, there) == (0, 1)
    assert codec.to_client(document.table, (0, 1)) == there


def test_documents_are_found_however_their_uri_is_escaped() -> None:
    opened = Documents()
    opened.open(types.TextDocumentItem("file:///a%20b/%C3%A9(1).py", "python", 1, ""))
    assert opened.get("file:///a b/é%281%29.py").file == "/a b/é(1).py"
    assert opened.of_file("/a b/é(1).py") is opened.get("file:///a%20b/%C3%A9(1).py")


def test_a_closed_document_is_no_longer_there() -> None:
    opened = Documents()
    opened.open(types.TextDocumentItem("untitled:Untitled-1", "python", 1, ""))
    opened.close("untitled:Untitled-1")
    opened.close("untitled:Untitled-1")
    with pytest.raises(RefusedError, match=r"untitled:Untitled-1 is not open .* Open the file"):
        opened.get("untitled:Untitled-1")
    assert opened.of_file("untitled:Untitled-1") is None
