"""Programs whose errors are held and gone on from, on each Python that can."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from conftest import INTERPRETERS, MAX_WAIT_S
from holding.staging import HERE, HOLDING, KINDS, told

SEEDS = "1", "0"
"""Programs of the fuzzer that are run with the suite, and the first one's number."""


NAMED = [(kind, each) for kind in ("scenarios", "beyond") for each in KINDS[kind]]


@pytest.mark.parametrize("version", HOLDING)
@pytest.mark.parametrize(
    ("kind", "scenario"), NAMED, ids=[each["case"]["name"] for _, each in NAMED]
)
def test_a_program_goes_on(kind: str, scenario: dict[str, Any], version: str) -> None:
    came = told(version, kind)[scenario["case"]["name"]]
    assert (came["outcome"], came["log"]) == (
        scenario["expected"]["outcome"],
        scenario["expected"]["log"],
    ), came
    assert came["left"] == 0, f"never held: {came}"
    said = [note[1] for note in came["notes"] if note[0] == "refused"]
    assert scenario["expected"]["refused"] in "; ".join(said), came
    assert "unexpected" not in [note[0] for note in came["notes"]], came


@pytest.mark.parametrize("version", HOLDING)
def test_random_programs_end_as_if_they_had_never_failed(version: str) -> None:
    ran = subprocess.run(
        [INTERPRETERS[version], HERE / "fuzz.py", *SEEDS],
        capture_output=True,
        text=True,
        timeout=5 * MAX_WAIT_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 0 different" in ran.stdout


@pytest.mark.parametrize("version", HOLDING)
def test_prepared_code_says_how_high_its_stack_is(version: str) -> None:
    ran = subprocess.run(
        [INTERPRETERS[version], HERE / "heights.py"],
        capture_output=True,
        text=True,
        timeout=MAX_WAIT_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 500
