"""Imports of the workspace's modules, on each supported interpreter."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from relive.session.session import Session


def test_a_folder_with_an_interpreter_in_it_does_not_own_the_standard_library(python: str) -> None:
    asked = [python, "-c", "import os; print(os.path.dirname(os.__file__))"]
    library = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    with Session(python, Path(library).parents[1]) as session:
        failed = session.evaluate("import textwrap\ntextwrap.dedent(0)")
        assert failed.error is not None
        assert failed.error.type == "TypeError"
        first, *inside = failed.error.frames
        assert first.own
        assert not any(frame.own for frame in inside)


def test_a_text_written_within_the_second_is_not_taken_for_the_one_before(
    session: Session, workspace: Path
) -> None:
    file, times = workspace / "quick.py", []
    for number in "12":
        file.write_text(f"def f():\n    return {number}\n")
        times.append(int(file.stat().st_mtime))
        os.utime(file, (times[0], times[0]))
        answer = session.evaluate("import quick\nquick.f()")
        assert answer.results[-1].value is not None
        assert answer.results[-1].value.text == number
        session.restart()
