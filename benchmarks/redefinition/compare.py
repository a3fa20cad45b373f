"""Puts every engine to every case of the corpus, and writes the table of what passed.

Usage: compare.py PYTHON [--kind KIND …] [--afresh] [--print]. PYTHON is an interpreter that has the
engines of requirements.txt. Each case and engine has a process of its own; a case is not played
again with another engine than Relive while neither it nor the engine has changed, unless it says
`--afresh`. The table goes into docs/redefinition-compared.md; with `--print`, and when it is about
some kinds alone, to the standard output. What failed, and at which expectation, is in
.cache/compare/results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kept import Kept
from report import Outcome, Report, write_page

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / ".cache" / "compare" / "results.json"
sys.path.insert(0, str(ROOT / "tests"))

from redefinition.corpus import Case, all_cases  # noqa: E402 - found where the line above says

TIMEOUT_S = 60
"""For one case: a loaded machine included, no case takes a tenth of it."""
_PLAYS_PER_CPU = 3
"""Some engines mostly wait."""
_PLAY = Path(__file__).with_name("play.py")


def main() -> None:
    """Play all, and write what came of it."""
    arguments = _arguments()
    python = Python(arguments.python)
    cases = [case for case in all_cases() if not arguments.kind or case.kind in arguments.kind]
    common = [case for case in cases if is_common(case, python.version)]
    kept = Kept(RESULTS)
    if not arguments.afresh:
        kept.read()
    try:
        outcomes = play_all(python, common, kept)
    finally:
        kept.write()
    report = Report(
        python.description, python.versions, outcomes, left_out=len(cases) - len(common)
    )
    if arguments.print or arguments.kind:
        print(report.text())  # noqa: T201 - asked for
    else:
        write_page(ROOT / "docs" / "redefinition-compared.md", report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("python")
    parser.add_argument("--kind", nargs="*")
    parser.add_argument("--afresh", action="store_true")
    parser.add_argument("--print", action="store_true")
    return parser.parse_args()


class Python:
    """The interpreter that all cases run on, with the engines that it has."""

    def __init__(self, path: str) -> None:
        self.path = path
        probe = (
            "import importlib.metadata as m, json, platform, sys\n"
            "names = ('ipython', 'jurigged', 'reloadium')\n"
            "found = {d.metadata['Name'].lower(): d.version for d in m.distributions()}\n"
            "print(json.dumps([sys.version_info[:2], f'CPython {platform.python_version()}, "
            "{platform.system()}', {n: found[n] for n in names if n in found}]))"
        )
        told = subprocess.run([path, "-c", probe], capture_output=True, text=True, check=True)
        version, self.description, self._found = json.loads(told.stdout)
        self.version = (int(version[0]), int(version[1]))

    @property
    def versions(self) -> dict[str, str | None]:
        """The engines with their versions; None: this interpreter cannot have it."""
        import relive

        ipython = self._found["ipython"]
        return {
            "importlib.reload": "standard library",
            "%autoreload 2": f"IPython {ipython}",
            "%autoreload 3": f"IPython {ipython}",
            "jurigged": self._found["jurigged"],
            "Reloadium": self._found.get("reloadium"),
            "Relive": relive.__version__,
        }

    def command(self, engine: str) -> list[str]:
        """Return how a case is begun with that engine."""
        if engine == "Relive":
            return [sys.executable, str(_PLAY)]
        if engine == "Reloadium":
            return [self.path, "-m", "reloadium", "run", str(_PLAY)]
        return [self.path, str(_PLAY)]


def is_common(case: Case, version: tuple[int, int]) -> bool:
    """Whether a case asks what every engine can be asked: to follow files that were saved."""
    return case.runs_on(version) and not case.only_relive and not case.name


def play_all(python: Python, cases: list[Case], kept: Kept) -> list[Outcome]:
    """Play each case with each engine there is, several at a time."""
    versions = {engine: version for engine, version in python.versions.items() if version}
    plays = [(engine, case) for case in cases for engine in versions]

    def play(engine: str, case: Case) -> Outcome:
        depends_on = (python.description, engine, versions[engine], repr(case))
        known = None if engine == "Relive" else kept.get(*depends_on)
        outcome = known or _play(python, engine, case)
        kept.put(outcome, *depends_on)
        return outcome

    outcomes = []
    with ThreadPoolExecutor(max_workers=_PLAYS_PER_CPU * (os.cpu_count() or 1)) as pool:
        for outcome in pool.map(lambda each: play(*each), plays):
            outcomes.append(outcome)
            _show_progress(len(outcomes), len(plays))
    return outcomes


def _show_progress(done: int, of: int) -> None:
    if done == of or done % 100 == 0:
        sys.stderr.write(f"{done} of {of} played\n")


def _play(python: Python, engine: str, case: Case) -> Outcome:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder, result = Path(place, "case"), Path(place, "result.json")
        folder.mkdir()
        command = [*python.command(engine), engine, str(case), str(result)]
        ended = _run(command, folder, python, Path(place, "output"))
        if not ended:
            return Outcome(case.kind, case.title, engine, f"not done after {TIMEOUT_S} s")
        if not result.exists():
            return Outcome(case.kind, case.title, engine, "the process ended without an answer")
        return Outcome(case.kind, case.title, engine, json.loads(result.read_text()))


def _run(command: list[str], folder: Path, python: Python, output: Path) -> bool:
    """Run a command with no bytecode caches; whether it ended by itself, in time."""
    more = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join([str(_PLAY.parent), str(ROOT / "tests")]),
        "COMPARED_PYTHON": python.path,
    }
    with output.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env={**os.environ, **more},
            start_new_session=True,
        )
        try:
            process.wait(TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return False
    return True


if __name__ == "__main__":
    main()
