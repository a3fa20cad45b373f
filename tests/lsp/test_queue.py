"""What runs and what waits: it can be asked for, its length is told, each of it can be cancelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsp.conftest import StartClient
from lsp.driver import Client, span

TEXT = "import threading\nthreading.Event().wait()\nfirst = 1\nsecond = 2\n"


def evaluate(client: Client, uri: str, line: str) -> int:
    place = {"scope": "selection", "range": span(TEXT, line)}
    return client.command("relive.evaluate", {"uri": uri, **place})


def queue(client: Client, **params: Any) -> list[Any]:
    items: list[Any] = client.execute("relive.queue", params)["items"]
    return items


def block(client: Client, uri: str) -> int:
    client.result(evaluate(client, uri, "import threading"))
    running = evaluate(client, uri, "threading.Event().wait()")
    client.wait_for_notification(
        "relive/progress",
        lambda p: p["state"] == "running" and p["statement"]["start"]["line"] == 1,
    )
    return running


def test_what_waits_is_told_and_can_be_cancelled(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "a.py", TEXT)
    running = block(client, uri)
    first = evaluate(client, uri, "first = 1")
    second = client.command("relive.evaluateText", {"text": "\n  'no document'", "uri": uri})
    items = queue(client)
    assert [(each["state"], each["code"], each["uri"]) for each in items] == [
        ("running", "threading.Event().wait()", uri),
        ("queued", "first = 1", uri),
        ("queued", "'no document'", None),
    ]
    assert items[1]["range"] == span(TEXT, "first = 1")
    assert items[0]["elapsedMs"] >= 0 == items[1]["elapsedMs"]
    client.wait_for_notification("relive/session", lambda p: p["queued"] == 2)

    one = {"id": items[1]["id"], "uri": items[1]["session"]}
    assert client.execute("relive.interrupt", one) == {"interrupted": True}
    assert client.result(first)["status"] == "interrupted"
    assert [each["code"] for each in queue(client)] == ["threading.Event().wait()", "'no document'"]
    client.wait_for_notification("relive/session", lambda p: p["queued"] == 1)

    client.change(uri, {"range": span("", ""), "text": "# moved\n"})
    assert queue(client)[0]["range"]["start"]["line"] == 2
    client.execute("relive.interrupt", {"id": items[0]["id"], "uri": items[0]["session"]})
    assert client.result(running)["status"] == "interrupted"
    assert client.result(second)["status"] != "interrupted"
    assert queue(client) == []


def test_a_restart_empties_it(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "a.py", TEXT)
    running = block(client, uri)
    waiting = [evaluate(client, uri, "first = 1") for _ in range(3)]
    client.execute("relive.restart", {})
    assert {client.result(each)["status"] for each in [running, *waiting]} == {"died"}
    assert queue(client) == []


def test_a_thousand_that_wait_are_no_flood(client: Client, tmp_path: Path) -> None:
    uri = client.open(tmp_path / "a.py", TEXT)
    running = block(client, uri)
    before = len(client.seen("relive/session"))
    waiting = [evaluate(client, uri, "first = 1") for _ in range(1000)]
    items = queue(client)
    assert [each["state"] for each in items] == ["running", *["queued"] * 1000]
    assert len(client.seen("relive/session")) - before < 100
    client.execute("relive.interrupt", {})
    assert {client.result(each)["status"] for each in [running, *waiting]} == {"interrupted"}


def test_each_folder_has_a_queue_of_its_own(start_client: StartClient, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    client = start_client()
    client.initialize(*folders)
    uris = [client.open(folder / "a.py", TEXT) for folder in folders]
    for uri in uris:
        block(client, uri)
    assert [each["session"] for each in queue(client)] == [each.as_uri() for each in folders]
    assert [each["uri"] for each in queue(client, uri=uris[1])] == [uris[1]]
    for each in queue(client):
        client.execute("relive.interrupt", {"id": each["id"], "uri": each["session"]})
