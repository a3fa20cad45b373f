"""One case of the corpus, played with one engine in this process.

Usage: play.py ENGINE CASE RESULT, in the folder that is to hold the case's files, with ours on
PYTHONPATH. Writes to the file RESULT, as JSON, what went wrong, or null.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from engines import ENGINES, Engine

from redefinition.corpus import Case, Do, Edit, Expect, all_cases

for ours in os.environ.pop("PYTHONPATH").split(os.pathsep):
    sys.path.remove(ours)  # the case finds its own files, and not ours


def main() -> None:
    """Play the case and write what came of it."""
    engine, case, result = sys.argv[1:]
    Path(result).write_text(json.dumps(failure_of(ENGINES[engine](), find(case))))
    sys.stdout.flush()
    os._exit(0)  # threads of the case, or of an engine, may go on for ever


def find(name: str) -> Case:
    """Return the case of that kind and title."""
    return next(case for case in all_cases() if str(case) == name)


def failure_of(engine: Engine, case: Case) -> str | None:
    """Play `case`; return what was not as it should be, None if all was."""
    folder, clock = Path.cwd(), count(int(time.time()), 2)
    first, *steps = case.steps
    assert isinstance(first, Edit)
    write(folder, first, clock)
    sys.path.insert(0, str(folder))
    try:
        engine.start(folder)
        for step in steps:
            if isinstance(step, Edit):
                engine.edited(write(folder, step, clock))
            elif isinstance(step, Do):
                engine.run(step.code)
            elif isinstance(step, Expect):
                for line in step.lines:
                    if not engine.holds(line):
                        return line
    except BaseException as failure:
        return f"{type(failure).__name__}: {failure}"
    return None


def write(folder: Path, edit: Edit, clock: Iterator[int]) -> list[Path]:
    """Bring an edit's files to disk, each newer than any before it by more than a clock's step."""
    for name, text in edit.files.items():
        file = folder / name
        if text is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        now = next(clock)
        os.utime(file, (now, now))
    return [folder / name for name in edit.files]


if __name__ == "__main__":
    main()
