"""J1: whatever is killed at whatever moment, all that ran is in the log, and can be run again."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client, wait_for_end_of
from relive.changelog.entries import Entry
from relive.changelog.history import History

_REQUESTS = 60
"""Asked for at once in each round; it is killed somewhere among them."""
_ROUNDS = 100 if os.environ.get("RELIVE_FUZZ") == "long" else 4


def ask(client: Client, file: Path, number: int) -> int:
    """Have the number written to the file."""
    text = f"with open({str(file)!r}, 'a') as out: _ = out.write('{number} ')"
    return client.command("relive.evaluateText", {"text": text})


def killed_among(client: Client, out: Path, answered: int) -> list[int]:
    """Kill everything after so many answers; return which numbers were answered by then."""
    requests = [ask(client, out, number) for number in range(_REQUESTS)]
    client.response(requests[answered])
    worker = client.execute("relive.session", {})["pid"]
    client.process.kill()
    client.wait_for_exit()
    client.leave()
    wait_for_end_of(worker)
    return [number for number, each in enumerate(requests) if client.responses(each)]


def number_of(entry: Entry) -> int:
    return int((entry.change.text or "").rsplit("'", 2)[1])


@pytest.mark.parametrize("seed", range(_ROUNDS))
def test_a_daemon_that_is_killed_while_it_works(
    start_client: StartClient, tmp_path: Path, seed: int
) -> None:
    out = tmp_path / "out"
    client = start_client()
    client.initialize(tmp_path)
    answered = killed_among(client, out, random.Random(seed).randrange(_REQUESTS - 1))
    entries = History(tmp_path).newest(limit=1000)[::-1]
    recorded = [number_of(each) for each in entries]
    # All of them, in order, each once, and none that was not asked for.
    assert recorded == list(range(len(recorded)))
    assert set(map(int, out.read_text().split())) <= set(recorded)
    done = {number_of(each) for each in entries if each.outcome is not None}
    assert set(answered) <= done
    # What is left can be recovered, all but what was running.
    again = start_client()
    again.initialize(tmp_path)
    offer = again.wait_for_notification("relive/recoverable")
    assert offer["evaluations"] == len(entries)
    out.unlink()
    replay = again.execute("relive.recover", {"omitLast": 0})["replay"]
    assert (replay["failed"], replay["left"]) == (None, [])
    assert list(map(int, out.read_text().split())) == sorted(done)
