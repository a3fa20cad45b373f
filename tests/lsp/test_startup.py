"""Start-up code of a folder: who is asked about it, what comes of it, and who is told."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client
from startup_code import write_startup

CODE = "import sys\nsys.ready = 'ready'\nprint('setting up')\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_startup(tmp_path, CODE)


@pytest.fixture
def client(start_client: StartClient, tmp_path: Path, file: Path) -> Client:
    """A client whose user can be asked."""
    client = start_client()
    client.initialize(tmp_path, options={"startup": "ask"})
    return client


def is_ready(client: Client) -> str:
    text = "getattr(__import__('sys'), 'ready', 'bare')"
    answer = client.execute("relive.evaluateText", {"text": text})
    assert answer["status"] == "ok", answer["error"]
    return str(answer["results"][-1]["value"]["text"])


def asked(client: Client) -> list[Any]:
    return [each["params"] for each in client.timeline if each.get("method") == "relive/startup"]


def ends(client: Client) -> list[Any]:
    told = [each["params"] for each in client.timeline if each.get("method") == "relive/evaluated"]
    return [each for each in told if each["token"].startswith("startup:")]


def test_the_user_is_asked_at_each_process_and_what_it_does_is_told(
    client: Client, file: Path, tmp_path: Path
) -> None:
    answers = {"run": True}
    client.answers_to["relive/startup"] = lambda _: dict(answers)
    assert is_ready(client) == "'ready'"
    [params] = asked(client)
    digest = hashlib.sha256(CODE.encode()).hexdigest()
    told = {"uri": file.as_uri(), "folder": tmp_path.as_uri(), "digest": digest, "problem": None}
    assert {"problem": None, **params} == told
    [end] = ends(client)
    assert end["evaluation"]["status"] == "ok"
    assert [each["text"] for each in end["evaluation"]["output"]] == ["setting up\n"]
    news = client.wait_for_notification("relive/asked")
    assert (news["token"], news["uri"]) == (end["token"], file.as_uri())
    origins = [each["origin"] for each in client.execute("relive.history", {})]
    assert sorted(origins) == ["command", "startup"]

    answers["run"] = False
    client.execute("relive.restart", {})
    assert is_ready(client) == "'bare'"

    answers["run"] = True
    file.write_text("1 / 0\n")
    client.execute("relive.restart", {})
    assert is_ready(client) == "'bare'"
    error = ends(client)[-1]["evaluation"]["error"]
    assert (error["type"], error["range"]["start"]["line"]) == ("ZeroDivisionError", 0)
    assert asked(client)[-1]["digest"] != digest
    assert client.execute("relive.session", {})["state"] == "idle"

    file.write_bytes(b"# coding: nothing\n")
    client.execute("relive.restart", {})
    assert is_ready(client) == "'bare'"
    assert "nothing" in asked(client)[-1]["problem"]

    file.unlink()
    before = len(asked(client))
    client.execute("relive.restart", {})
    assert is_ready(client) == "'bare'"
    assert len(asked(client)) == before


def test_what_a_process_had_run_is_recovered_without_it(client: Client) -> None:
    client.configure(checkpoints="off")  # its end is to be one
    client.answers_to["relive/startup"] = lambda _: {"run": True}
    is_ready(client)
    client.execute("relive.evaluateText", {"text": "import os; os._exit(3)"})
    recoverable = client.execute("relive.recoverable", {})
    texts = [each["text"] for each in recoverable["entries"]]
    assert len(texts) == 2
    assert not any("setting up" in text for text in texts)


def test_a_client_that_says_nothing_of_it_or_cannot_ask_has_none_run(
    start_client: StartClient, tmp_path: Path, file: Path
) -> None:
    for options in ({}, {"startup": "ask"}):
        client = start_client()
        client.initialize(tmp_path, options=options)
        number = client.command(
            "relive.evaluateText", {"text": "'ready' in dir(__import__('sys'))"}
        )
        if options:
            question = client.wait_for(lambda m: m.get("method") == "relive/startup", "question")
            error = {"code": -32601, "message": "no such method"}
            client.send({"jsonrpc": "2.0", "id": question["id"], "error": error})
        assert client.result(number)["results"][-1]["value"]["text"] == "False"


def test_a_client_that_says_so_when_it_comes_has_it_run(
    start_client: StartClient, tmp_path: Path, file: Path
) -> None:
    client = start_client()
    client.initialize(tmp_path, options={"startup": "run"})
    assert is_ready(client) == "'ready'"
    assert asked(client) == []
