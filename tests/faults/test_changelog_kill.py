"""J1: the daemon is killed at any moment, and has lost nothing that it has acknowledged.

30 rounds, or 300 with `RELIVE_FUZZ=long`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from faults.changelogs import KEY, Work
from relive.changelog.disk import LocalDisk
from relive.changelog.history import History
from relive.changelog.policy import Policy

AT_ONCE = 10
"""Rounds of one test."""
TESTS = 10 if os.environ.get("RELIVE_FUZZ") == "long" else 1
LONGEST_S = 0.2


@pytest.mark.parametrize("sync", ["soon", "before", "never"])
@pytest.mark.parametrize("test", range(TESTS))
def test_j1_all_that_was_acknowledged_survives_a_kill(sync: str, test: int, tmp_path: Path) -> None:
    torn = 0
    for round_ in range(test * AT_ONCE, (test + 1) * AT_ONCE):
        folder = tmp_path / str(round_)
        folder.mkdir()
        session, acknowledged = killed(folder, round_, sync)
        if acknowledged:
            torn += check(folder, round_, session, acknowledged)
    print(f"{torn} entries of {AT_ONCE} rounds had no outcome")


def killed(folder: Path, seed: int, sync: str) -> tuple[str, list[int]]:
    """Run a log, kill it at some moment; return its session and what it has acknowledged."""
    command = [sys.executable, "-m", "faults.killed_log", str(folder), str(seed), sync]
    tests = Path(__file__).parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tests) as process:
        assert process.stdout
        session = process.stdout.readline().decode().strip()
        wait = random.Random(f"{seed} {sync}").uniform(0, LONGEST_S)
        timer = threading.Timer(wait, process.send_signal, [signal.SIGKILL])
        timer.start()
        told = process.stdout.read().decode()
        timer.join()
    lines = told.split("\n")[:-1]  # what was not told whole was not told
    return session, [int(line) for line in lines]


def check(folder: Path, seed: int, session: str, acknowledged: list[int]) -> int:
    """Check what can be read; return how many entries have no outcome."""
    assert acknowledged == list(range(1, len(acknowledged) + 1))
    history = History(folder, key=KEY)
    life = history.recoverable()
    assert life is not None
    assert life.session == session
    read = history.entries(session, 1)
    assert [entry.number for entry in read.entries] == list(range(1, len(read.entries) + 1))
    assert len(read.entries) in (len(acknowledged), len(acknowledged) + 1)
    assert read.missing == 0
    assert all(each.torn for damage in (read.damage or {}).values() for each in damage)
    same = Work(LocalDisk(folder / "unused"), Policy(), folder, seed)
    for entry in read.entries:
        assert entry.change == same.change()
    same.log.close()
    return sum(entry.outcome is None for entry in read.entries)
