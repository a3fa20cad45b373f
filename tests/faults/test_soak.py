"""The short form of the soak: a thousand evaluations with trouble in between, each answered once."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from lsp.driver import wait_for_end_of

SOAK = Path(__file__).parents[2] / "scripts" / "soak.py"
DEADLINE_S = 300


def children() -> set[int]:
    tasks = Path("/proc/self/task").iterdir()
    return {int(pid) for task in tasks for pid in (task / "children").read_text().split()}


def test_every_evaluation_is_answered_once_whatever_goes_wrong() -> None:
    before = children()
    done = subprocess.run(
        [sys.executable, str(SOAK), "--evaluations", "1000"],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    for pid in children() - before:  # those of the daemon, on their way out: ours by adoption
        wait_for_end_of(pid)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
    assert done.returncode == 0, done.stderr
    assert "1,000 evaluations, each answered once; 0 wait." in done.stdout
    for trouble in ("interrupt of a loop", "kill", "exit", "restart"):
        assert trouble in done.stdout
