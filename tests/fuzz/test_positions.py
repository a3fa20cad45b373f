"""E6, D9: places in a text of any characters, through any edits, against a plain string.

The model knows nothing of lines: it encodes what is before a place and counts.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from lsp.conftest import StartClient
from lsp.driver import Client
from relive.lsp.documents import Document
from relive.lsp.encoding import Codec
from relive.source.positions import Range

LINE_END = re.compile(r"\r\n|\r|\n")
WIDTHS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}

# What two UTF-16 units make, what one makes, what joins, and what others take for line ends.
characters = st.sampled_from("ab '#\t\f\x0b\x1c\x85\u2028é\u0301\U0001f600\U0001d11e\uffff\n\r")
texts = st.text(characters, max_size=30) | st.lists(
    st.text(characters, max_size=6), max_size=5
).map("\r\n".join)
edits = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), texts), max_size=5)


def place(text: str, offset: int, encoding: str) -> types.Position:
    """Return where `offset` is, counted by encoding what is before it on its line."""
    ends = [end.end() for end in LINE_END.finditer(text) if end.end() <= offset]
    codec, width = WIDTHS[encoding]
    before = text[ends[-1] if ends else 0 : offset]
    return types.Position(len(ends), len(before.encode(codec)) // width)


def is_place(text: str, offset: int) -> bool:
    """Whether an editor's caret can be there: not within the two characters of one line end."""
    return not (0 < offset < len(text) and text[offset - 1 : offset + 1] == "\r\n")


def places(text: str) -> list[int]:
    return [offset for offset in range(len(text) + 1) if is_place(text, offset)]


@pytest.mark.parametrize("encoding", WIDTHS)
@given(text=texts)
def test_every_place_goes_there_and_back(encoding: str, text: str) -> None:
    codec, table = Codec(encoding), Document("untitled:x", text).table
    for offset in places(text):
        told = place(text, offset, encoding)
        assert codec.to_client(table, codec.position(table, told)) == told


@pytest.mark.parametrize("encoding", WIDTHS)
@given(text=texts, drawn=edits)
def test_edits_leave_the_editors_text(encoding: str, text: str, drawn: list[Any]) -> None:
    document, codec = Document("untitled:x", text), Codec(encoding)
    for first, second, new in drawn:
        known = places(text)
        start, end = sorted((known[first % len(known)], known[second % len(known)]))
        range_ = types.Range(place(text, start, encoding), place(text, end, encoding))
        change = types.TextDocumentContentChangePartial(range=range_, text=new)
        document.change([change], None, codec)
        text = text[:start] + new + text[end:]
    table = document.table
    assert [table.line(each) for each in range(table.count)] == LINE_END.split(text)


@given(text=texts, drawn=edits, mark=st.integers(0, 40))
def test_what_edits_leave_alone_is_found_again(text: str, drawn: list[Any], mark: int) -> None:
    known = places(text)
    at = known[mark % len(known)]
    text = f"{text[:at]}\nMARK\n{text[at:]}"  # lines of their own, which no edit here touches
    document, codec = Document("untitled:x", text), Codec("utf-16")
    snapshot, line = document.snapshot(), place(text, text.index("MARK"), "utf-16").line
    for first, second, new in drawn:
        begin = text.index("\nMARK\n")
        outside = [o for o in places(text) if o < begin or o > begin + 6]
        if not outside:
            continue
        start, end = sorted((outside[first % len(outside)], outside[second % len(outside)]))
        if start < begin < end:
            end = start
        range_ = types.Range(place(text, start, "utf-16"), place(text, end, "utf-16"))
        change = types.TextDocumentContentChangePartial(range=range_, text=new)
        document.change([change], None, codec)
        text = text[:start] + new + text[end:]
    found = snapshot.range_now(Range((line, 0), (line, 4)))
    assert document.table.slice(found) == "MARK"


@pytest.fixture(scope="module", params=WIDTHS)
def client(start_shared_client: StartClient, request: pytest.FixtureRequest) -> Client:
    client = start_shared_client()
    client.initialize(encodings=[request.param])
    client.answers_to["encoding"] = lambda _: request.param
    return client


@given(before=texts, drawn=edits)
def test_the_daemon_means_the_code_the_editor_means(
    client: Client, before: str, drawn: list[Any]
) -> None:
    """After the edits, the range of a statement is told as the editor counts it."""
    encoding = client.answers_to["encoding"](None)
    text = before
    uri = client.open("untitled:fuzzed", text)
    for first, second, new in drawn:
        known = places(text)
        start, end = sorted((known[first % len(known)], known[second % len(known)]))
        client.change(uri, {"range": spoken(text, start, end, encoding), "text": new})
        text = text[:start] + new + text[end:]
    code = "'é\U0001f600' + 'x'"
    added = f"\n\n{code} # \U0001f600"
    end = len(text)
    if not is_place(text + added, end):  # the text ends with half a line end: its other half comes
        end -= 1
        text = text[:end]
        client.change(uri, {"range": spoken(text + "\r", end, end + 1, encoding), "text": ""})
    client.change(uri, {"range": spoken(text, end, end, encoding), "text": added})
    text += added
    begin = text.rindex(code)
    at = spoken(text, begin, begin + len(code), encoding)
    told = client.call("relive/target", {"uri": uri, "scope": "form", "position": at["start"]})
    if told is not None and told["kind"] == "expression":  # not in a string that is never closed
        assert told["range"] == at


def spoken(text: str, start: int, end: int, encoding: str) -> Any:
    ends = (place(text, start, encoding), place(text, end, encoding))
    first, last = ({"line": each.line, "character": each.character} for each in ends)
    return {"start": first, "end": last}
