"""The short form of the soak: a thousand evaluations with trouble in between, each answered once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).parents[2] / "scripts" / "soak.py"
DEADLINE_S = 300


def test_every_evaluation_is_answered_once_whatever_goes_wrong() -> None:
    done = subprocess.run(
        [sys.executable, str(SOAK), "--evaluations", "1000"],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1,000 evaluations, each answered once; 0 wait." in done.stdout
    for trouble in ("interrupt of a loop", "kill", "exit", "restart"):
        assert trouble in done.stdout
