"""A process that ends comes back from its last checkpoint, says so, and what is lost can be had again."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from lsp.driver import Client, RequestError, place

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no checkpoints on this system")

ENDS = [
    ("import os; os._exit(3)", "exited with status 3"),
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
]


def value(client: Client, uri: str, expression: str) -> str:
    answer = client.execute("relive.evaluateText", {"text": expression, "uri": uri})
    return str(answer["results"][-1]["value"]["text"])


def state(client: Client, uri: str) -> dict[str, Any]:
    told: dict[str, Any] = client.execute("relive.session", {"uri": uri})
    return told


def back(client: Client, former: dict[str, Any]) -> dict[str, Any]:
    """Return what is told once another process goes on in a former one's place."""
    generation = former["generation"] + 1
    told: dict[str, Any] = client.wait_for_notification(
        "relive/session", lambda p: (p["state"], p["generation"]) == ("idle", generation)
    )
    assert told["rewinds"] == former["rewinds"] + 1
    return told


def test_what_crashes_is_undone_and_nothing_else(client: Client, tmp_path: Path) -> None:
    client.configure(checkpoints="auto")
    uri = client.open(tmp_path / "crash.py", "kept = [41]\n")
    assert client.evaluate(uri, "file")["status"] == "ok"
    for code, reason in ENDS:
        former = state(client, uri)
        crash = client.execute("relive.evaluateText", {"text": code, "uri": uri})
        assert crash["status"] == "died"
        assert reason in crash["error"]["message"]
        assert any("the state is again as it was before" in e for e in crash["error"]["notes"])
        told = back(client, former)
        assert reason in told["cameBack"]["reason"]
        if lost := [each["entry"] for each in told["cameBack"]["lost"]]:  # that came at once
            client.execute("relive.recover", {"entries": lost, "uri": uri})
        assert value(client, uri, "kept") == "[41]"
    assert client.seen("relive/recoverable") == []


def test_why_there_is_no_checkpoint_is_told(client: Client, tmp_path: Path) -> None:
    client.configure(checkpoints="auto")
    text = "import socket\nbusy = socket.socket()\ndef fails(): return 1 / 0\nfails()\n2"
    assert client.evaluate(client.open(tmp_path / "why.py", text), "file")["status"] == "held"
    told = client.wait_for_notification("relive/session", lambda p: "noCheckpoint" in p)
    assert "a socket is open" in told["noCheckpoint"]
    client.execute("relive.resume", {"action": "abandon"})


TEXT = """busy = __import__("socket").socket()

x = 1

y = x + 1
"""


def test_what_ran_since_is_told_and_runs_again_if_it_is_asked_for(
    client: Client, tmp_path: Path
) -> None:
    client.configure(checkpoints="auto")
    uri = client.open(tmp_path / "since.py", TEXT)
    assert value(client, uri, "0") == "0"  # after it there is a copy to come back from
    marks = ("busy", "x = 1", "y = x")
    ran = [client.evaluate(uri, "form", position=place(TEXT, mark)) for mark in marks]
    former = state(client, uri)
    os.kill(former["pid"], signal.SIGKILL)
    told = back(client, former)
    assert "SIGKILL" in told["cameBack"]["reason"]
    lost = told["cameBack"]["lost"]
    assert [each["label"] for each in lost] == [
        'busy = __import__("socket").socket()',
        "x = 1",
        "y = x + 1",
    ]
    stale = client.wait_for_notification("relive/stale")
    assert {f"{each['id']}:1" for each in ran} <= set(stale["results"])
    (reason,) = set(stale["reasons"])
    assert reason.startswith("rewound to before this: the worker was killed by signal 9")
    assert value(client, uri, "'x' in globals()") == "False"

    entries = [each["entry"] for each in lost]
    (present, *_) = client.execute("relive.history", {"uri": uri, "limit": 1})
    with pytest.raises(RequestError, match="still runs"):
        client.execute("relive.recover", {"entries": [present["id"]], "uri": uri})
    replay = client.execute("relive.recover", {"entries": entries[1:], "uri": uri})["replay"]
    assert (replay["done"], replay["left"]) == (2, [])
    assert value(client, uri, "x, y") == "(1, 2)"
    left = state(client, uri)["cameBack"]["lost"]
    assert [each["entry"] for each in left] == entries[:1]
    assert client.seen("relive/recoverable") == []  # the process is not lost
