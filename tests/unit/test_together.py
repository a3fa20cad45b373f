"""Tests that share a process of ours run one after the other in one process of pytest's.

They are marked with `xdist_group`, which a release of pytest that pytest-xdist does not know yet takes no
notice of: nothing is said, and such tests pass by luck.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TESTS = """
import os
import pytest

pytestmark = pytest.mark.xdist_group("one")

@pytest.mark.parametrize("number", range(12))
def test_one(number):
    with open(os.environ["RAN"], "a") as ran:
        ran.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def test_a_group_is_run_by_one_process_alone(tmp_path: Path) -> None:
    (tmp_path / "test_group.py").write_text(TESTS)
    ran = tmp_path / "ran"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "3",
        "--dist",
        "loadgroup",
        "-p",
        "no:cacheprovider",
    ]
    subprocess.run(
        [*command, str(tmp_path)],
        cwd=tmp_path,
        env={"RAN": str(ran)},
        check=True,
        capture_output=True,
    )
    assert len(ran.read_text().split()) == 12
    assert len(set(ran.read_text().split())) == 1
