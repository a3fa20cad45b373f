"""Runs cases on the stage, all of one kind in one process of each Python that holds errors."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from conftest import INTERPRETERS, MAX_WAIT_S
from holding.beyond import BEYOND
from holding.frames import FRAMES
from holding.scenarios import SCENARIOS

HERE = Path(__file__).parent
HOLDING = [version for version in ("3.11", "3.12", "3.13") if version in INTERPRETERS]
KINDS = {"scenarios": SCENARIOS, "beyond": BEYOND, "frames": FRAMES}


@cache
def told(version: str, kind: str) -> dict[str, dict[str, Any]]:
    """Run all cases of a kind; return what came of each, by its name."""
    cases = json.dumps([each["case"] for each in KINDS[kind]])
    ran = subprocess.run(
        [INTERPRETERS[version], HERE / "stage.py"],
        input=cases,
        capture_output=True,
        text=True,
        timeout=MAX_WAIT_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return {each["name"]: each for each in lines}
