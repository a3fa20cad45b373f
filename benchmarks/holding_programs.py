"""What code costs that is prepared for holding errors, over pyperformance's pure-Python programs.

Usage: holding_programs.py [NAME …] [--pairs N] [--rounds N], with an interpreter that can hold
errors. Of each program two processes run in turn, one of them prepared: the script and the packages
that it is for, by the worker's own hook for imports. A pair's figure is the shortest time of the
prepared one beside that of the other, in processor time; of several pairs of fresh processes the
middle counts. What came of both must be the same, or the program is said to differ. It exits with 1
if one does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parent / ".cache" / "holding" / "{}.{}".format(*sys.version_info[:2])
SLICE_S = 0.05
"""How long a program is to run at a time; so often in turn that the machine's moods meet both."""
_TOLD = "what was held: "
PROGRAMS: dict[str, list[list[str]]] = {
    "argparse": [["many_optionals"], ["subparsers"]],
    "async_generators": [[]],
    "async_tree": [["none"], ["cpu_io_mixed"], ["memoization"]],
    "barnes_hut": [[]],
    "bpe_tokeniser": [[]],
    "chameleon": [[]],
    "chaos": [[]],
    "comprehensions": [[]],
    "coroutines": [[]],
    "crypto_pyaes": [[]],
    "deepcopy": [[]],
    "deltablue": [[]],
    "django_template": [[]],
    "docutils": [[]],
    "fannkuch": [[]],
    "float": [[]],
    "generators": [[]],
    "genshi": [[]],
    "go": [[]],
    "hexiom": [[]],
    "html5lib": [[]],
    "logging": [[]],
    "mako": [[]],
    "mdp": [[]],
    "meteor_contest": [[]],
    "nbody": [[]],
    "networkx": [["shortest_path"], ["connected_components"], ["k_core"]],
    "nqueens": [[]],
    "pathlib": [[]],
    "pickle": [["--pure-python", "pickle"], ["--pure-python", "unpickle"]],
    "pprint": [[]],
    "pyflate": [[]],
    "raytrace": [[]],
    "regex_compile": [[]],
    "richards": [[]],
    "richards_super": [[]],
    "scimark": [[]],
    "spectral_norm": [[]],
    "sqlglot_v2": [["normalize"], ["parse"], ["transpile"], ["optimize"]],
    "sympy": [[]],
    "telco": [[]],
    "tomli_loads": [[]],
    "typing_runtime_protocols": [[]],
    "unpack_sequence": [[]],
    "xdsl": [[]],
    "xml_etree": [["--no-accelerator"]],
    "yaml": [[]],
}
"""By the script's name, the arguments it is run with. What measures C code, starts other programs
or waits for the network is left out."""


class Process:
    """A program under way."""

    def __init__(self, way: str, script: Path, arguments: list[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, HERE / "holding" / "program.py", way, LIBRARY, script, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(LIBRARY)},
            text=True,
        )
        self.told = ""
        """What it said at its end: what was prepared, or why it failed."""

    def next(self) -> str:
        """Return the name of the next benchmark; none is left: an empty text."""
        return self._read()

    def seconds(self, loops: int) -> float:
        """Run it so often."""
        return float(self._ask(f"{loops}\n"))

    def outcome(self) -> str:
        """End this benchmark."""
        return self._ask("\n")

    def end(self) -> int:
        """Wait for the end; return the exit code."""
        assert self._process.stdin
        if not self._process.stdin.closed:
            self._process.stdin.close()
        assert self._process.stderr
        said = self._process.stderr.read()
        self.told = said[said.rfind(_TOLD) :] if _TOLD in said else said[-2000:]
        return self._process.wait()

    def _ask(self, line: str) -> str:
        assert self._process.stdin
        self._process.stdin.write(line)
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")


@dataclass
class Measured:
    """A benchmark: its figure in each pair, and whether the outcomes were the same."""

    figures: list[float] = field(default_factory=list)
    same: bool = True

    @property
    def middle(self) -> float:
        """What counts."""
        return statistics.median(self.figures)


def pair(script: Path, arguments: list[str], rounds: int) -> Iterator[tuple[str, float, bool]]:
    """Yield name, figure, and whether outcomes are the same, of each benchmark of a script."""
    plain, held = (Process(way, script, arguments) for way in ("plain", "held"))
    while name := plain.next():
        assert held.next() == name
        loops = _enough(plain)
        held.seconds(loops)
        times = [(plain.seconds(loops), held.seconds(loops)) for _ in range(rounds)]
        one, other = (min(each) for each in zip(*times, strict=True))
        yield name, other / one, plain.outcome() == held.outcome()
    codes = plain.end(), held.end()
    if codes != (0, 0):
        sys.exit(f"{script.parent.name}: ended with {codes}\n{plain.told}\n{held.told}")


def _enough(process: Process) -> int:
    """Return how often a benchmark is to run at a time."""
    loops = 1
    while (took := process.seconds(loops)) < SLICE_S / 2:
        loops = max(2 * loops, int(loops * SLICE_S / took) if took else 0)
    return loops


def install() -> Path:
    """Return the folder of the benchmarks, installed if they are not there yet."""
    if not (LIBRARY / "complete").exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", LIBRARY]
        subprocess.run([*pip, "-r", HERE / "holding" / "requirements.txt"], check=True)
        (LIBRARY / "complete").touch()
    return LIBRARY / "pyperformance" / "data-files" / "benchmarks"


def main() -> int:
    """Measure, and print each program as soon as it is there."""
    arguments = _arguments()
    folder, found = install(), {}
    for name in arguments.names or PROGRAMS:
        for rest in PROGRAMS[name]:
            of_script: dict[str, Measured] = {}
            for _ in range(arguments.pairs):
                script = folder / f"bm_{name}" / "run_benchmark.py"
                for each, figure, same in pair(script, rest, arguments.rounds):
                    measured = of_script.setdefault(each, Measured())
                    measured.figures.append(figure)
                    measured.same &= same
            for each, measured in of_script.items():
                _say(_line(each, measured))
            found.update(of_script)
    _say(_summary(list(found.values())))
    return not all(each.same for each in found.values())


def _line(name: str, found: Measured) -> str:
    spread = f"{min(found.figures):.3f} to {max(found.figures):.3f}"
    return f"{name:32} {found.middle:.3f}  ({spread})  {'' if found.same else 'DIFFERS'}".rstrip()


def _summary(found: list[Measured]) -> str:
    middles = [each.middle for each in found]
    version = "{}.{}.{}".format(*sys.version_info[:3])
    return (
        f"CPython {version}: {len(found)} programs, {sum(not each.same for each in found)} differ; "
        f"run time beside plain: middle {statistics.median(middles):.3f}, "
        f"from {min(middles):.3f} to {max(middles):.3f}"
    )


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - asked for


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a program; all if none is given")
    parser.add_argument("--pairs", type=int, default=3, help="of fresh processes (3)")
    parser.add_argument("--rounds", type=int, default=7, help="of each pair (7)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
