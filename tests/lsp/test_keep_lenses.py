"""Lenses over forms whose values are kept, and over those whose values would be worth it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from lsp.conftest import StartClient
from lsp.driver import Client, RequestError, place, span
from relive.lsp.documents import Documents, Mark
from relive.lsp.encoding import Codec
from relive.lsp.slow_forms import LONG_MS, SlowForms
from relive.source.positions import Range

TEXT = "import time\n\nrows = [\n    1,\n]  # relive: keep\nother = 2\n"
SLOW, FAST = LONG_MS, LONG_MS - 1


@pytest.fixture
def uri(lensed: Client, tmp_path: Path) -> str:
    return lensed.open(tmp_path / "job.py", TEXT)


@pytest.fixture
def lensed(start_client: StartClient, tmp_path: Path) -> Client:
    client = start_client()
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    client.initialize(tmp_path, options={"settings": {"codeLens": "definitions"}})
    return client


def test_one_over_a_marked_form_takes_the_mark_away_and_the_command_puts_it_back(
    lensed: Client, uri: str
) -> None:
    edits: list[Any] = []

    def apply(params: Any) -> dict[str, bool]:
        edits.extend(params["edit"]["changes"][uri])
        return {"applied": True}

    lensed.answers_to["workspace/applyEdit"] = apply
    [lens] = lensed.call("textDocument/codeLens", {"textDocument": {"uri": uri}})
    assert lens["range"]["start"] == place(TEXT, "rows")
    assert lens["command"]["title"] == "keeps its value · keep it no longer"
    lensed.execute(lens["command"]["command"], lens["command"]["arguments"][0])
    assert [edit["newText"] for edit in edits] == [""]
    lensed.change(uri, {"range": edits[0]["range"], "text": ""})
    assert lensed.call("textDocument/codeLens", {"textDocument": {"uri": uri}}) == []
    lensed.execute("relive.keepValue", {"uri": uri, "position": place(TEXT, "other")})
    assert edits[1]["newText"] == "  # relive: keep"


def _item(text: str) -> types.TextDocumentItem:
    return types.TextDocumentItem("file:///job.py", "python", 1, text)


def _edit(
    start: tuple[int, int], end: tuple[int, int], text: str
) -> types.TextDocumentContentChangePartial:
    range_ = types.Range(types.Position(*start), types.Position(*end))
    return types.TextDocumentContentChangePartial(range=range_, text=text)


def test_one_stands_over_a_form_that_took_long_until_it_is_edited(lensed: Client, uri: str) -> None:
    slow = f"other = time.sleep({LONG_MS / 1000 + 0.1})"
    lensed.change(uri, {"range": span(TEXT, "other = 2"), "text": slow})
    after = len(lensed.timeline)
    lensed.evaluate(uri, "form", position=place(TEXT, "other"))
    lensed.wait_for(lambda m: m.get("method") == "workspace/codeLens/refresh", "refresh", after)
    _, lens = lensed.call("textDocument/codeLens", {"textDocument": {"uri": uri}})
    assert lens["range"]["start"] == place(TEXT, "other")
    assert lens["command"]["title"] == "took long · keep its value"
    argument = {"uri": uri, "position": place(TEXT, "other")}
    assert lens["command"]["arguments"] == [argument]
    lensed.change(uri, {"range": span(TEXT, "other"), "text": "later"}, version=3)
    assert len(lensed.call("textDocument/codeLens", {"textDocument": {"uri": uri}})) == 1


def test_what_gives_no_names_values_is_refused(lensed: Client, uri: str) -> None:
    with pytest.raises(RequestError, match="gives names their values"):
        lensed.execute("relive.keepValue", {"uri": uri, "position": place(TEXT, "import")})


def test_a_form_is_slow_until_it_was_fast_or_was_edited() -> None:
    documents, slow, news = Documents(), SlowForms(), []
    slow.on_change = lambda: news.append(1)
    document = documents.open(_item(TEXT))
    other = Range((5, 0), (5, 9))
    slow.ran(Mark(document.snapshot(), other), FAST)
    assert not news
    slow.ran(Mark(document.snapshot(), other), SLOW)
    slow.ran(Mark(document.snapshot(), other), SLOW)
    assert [form.binds for form in slow.in_document(document)] == [("other",)]
    assert len(news) == 1
    document.change([_edit((0, 0), (0, 0), "# above\n")], 2, Codec())
    assert [form.range.start for form in slow.in_document(document)] == [(6, 0)]
    document.change([_edit((6, 8), (6, 9), "f()")], 3, Codec())
    assert not list(slow.in_document(document))
