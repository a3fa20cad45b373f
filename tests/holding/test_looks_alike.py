"""Prepared code looks like plain code to tools: tracers, monitoring, tracebacks and `inspect`."""

from __future__ import annotations

import json
import subprocess

import pytest

from conftest import INTERPRETERS, MAX_WAIT_S
from holding.scenarios import SCENARIOS
from holding.staging import HERE, HOLDING

OTHERWISE = ("threading", "concurrent", "co_exceptiontable")
"""What is in programs that come out differently each time, or look at how they were compiled."""


@pytest.mark.parametrize("version", HOLDING)
def test_prepared_code_looks_as_it_was(version: str) -> None:
    """Each program runs plain and prepared: alone, traced and, from 3.12 on, monitored."""
    cases = [each["case"] for each in SCENARIOS]
    chosen = [each for each in cases if not any(word in each["before"] for word in OTHERWISE)]
    ran = subprocess.run(
        [INTERPRETERS[version], HERE / "alike.py"],
        input=json.dumps(chosen),
        capture_output=True,
        text=True,
        timeout=3 * MAX_WAIT_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    came = dict(map(json.loads, ran.stdout.splitlines()))
    assert len(came) == len(chosen) > 100
    assert {name: differences for name, differences in came.items() if differences} == {}
