"""Lenses over definitions: off by default, and true when they are on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, place, span

TEXT = """\
@staticmethod
def f():
    def inner():
        pass
    return 1  # one

class C:
    limit = 3

    def m(self):
        return 2
"""
SETTINGS = {"codeLens": "definitions"}


@pytest.fixture
def lensed(start_client: StartClient, tmp_path: Path) -> Client:
    client = start_client()
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    client.initialize(tmp_path, options={"settings": SETTINGS})
    return client


def lenses(client: Client, uri: str) -> list[tuple[str, str]]:
    found = client.call("textDocument/codeLens", {"textDocument": {"uri": uri}})
    return [(lens["command"]["arguments"][0]["name"], lens["command"]["title"]) for lens in found]


def wait_for_refresh(client: Client, after: int) -> None:
    client.wait_for(lambda m: m.get("method") == "workspace/codeLens/refresh", "refresh", after)


def all_are(state: str) -> list[tuple[str, str]]:
    return [(name, f"redefine · {state}") for name in ("f", "C", "C.m")]


def test_they_are_off_by_default(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "plain.py", TEXT)
    assert lenses(client, uri) == []
    client.evaluate(uri, "file")
    assert lenses(client, uri) == []
    asked = [m for m in client.timeline if m.get("method") == "workspace/codeLens/refresh"]
    assert asked == []


def test_they_stand_over_each_definition_that_can_be_redefined(
    lensed: Client, tmp_path: Path
) -> None:
    uri = lensed.open(tmp_path / "lensed.py", TEXT)
    found = lensed.call("textDocument/codeLens", {"textDocument": {"uri": uri}})
    starts = [place(TEXT, mark) for mark in ("@static", "class", "def m")]
    assert [lens["range"]["start"] for lens in found] == starts
    assert found[2]["command"] == {
        "title": "redefine · not loaded",
        "command": "relive.redefine",
        "arguments": [{"uri": uri, "name": "C.m"}],
    }
    assert lensed.execute("relive.session", {})["pid"] is None


def test_their_state_follows_what_happens(lensed: Client, tmp_path: Path) -> None:
    uri = lensed.open(tmp_path / "lensed.py", TEXT)
    assert lenses(lensed, uri) == all_are("not loaded")

    after = len(lensed.timeline)
    lensed.evaluate(uri, "file")
    wait_for_refresh(lensed, after)
    assert lenses(lensed, uri) == all_are("in sync")

    lensed.change(uri, {"range": span(TEXT, "return 2"), "text": "return 22"})
    states = dict(lenses(lensed, uri))
    assert (states["f"], states["C.m"]) == ("redefine · in sync", "redefine · edited")

    after = len(lensed.timeline)
    lensed.execute("relive.redefine", {"uri": uri, "name": "C.m"})
    wait_for_refresh(lensed, after)
    assert lenses(lensed, uri) == all_are("in sync")

    after = len(lensed.timeline)
    lensed.execute("relive.restart", {})
    wait_for_refresh(lensed, after)
    assert lenses(lensed, uri) == all_are("not loaded")


def test_moving_a_definition_changes_nothing(lensed: Client, tmp_path: Path) -> None:
    uri = lensed.open(tmp_path / "lensed.py", TEXT)
    lensed.evaluate(uri, "file")
    wait_for_refresh(lensed, 0)
    top: Any = {"line": 0, "character": 0}
    lensed.change(uri, {"range": {"start": top, "end": top}, "text": "# moved\n\n"})
    assert lenses(lensed, uri) == all_are("in sync")


def test_a_document_opened_later_is_known(lensed: Client, tmp_path: Path) -> None:
    (tmp_path / "lensed.py").write_text(TEXT, encoding="utf-8")
    lensed.execute("relive.evaluateText", {"text": "import lensed"})
    after = len(lensed.timeline)
    uri = lensed.open(tmp_path / "lensed.py", TEXT)
    wait_for_refresh(lensed, after)
    assert lenses(lensed, uri) == all_are("in sync")


def test_the_setting_switches_them_at_once(lensed: Client, tmp_path: Path) -> None:
    uri = lensed.open(tmp_path / "lensed.py", TEXT)
    assert len(lenses(lensed, uri)) == 3
    for setting, count in (("off", 0), ("definitions", 3)):
        after = len(lensed.timeline)
        settings = {"relive": {"codeLens": setting}}
        lensed.notify("workspace/didChangeConfiguration", {"settings": settings})
        wait_for_refresh(lensed, after)
        assert len(lenses(lensed, uri)) == count
