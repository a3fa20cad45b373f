"""Relive beside its peers and the physical limit: `npm run bench`.

Usage: bench.py PYTHON [--node PATH] [--row NAME …] [--runs N] [--rounds N]. PYTHON is one that
has the peers of suite/requirements.txt, PATH one of Node.js, where the real editor can be driven.
Prints the table; what was measured, run by run, goes to .cache/bench/results.json, row by row.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from suite import rows
from suite.frame import Place, measured
from suite.report import head, left_out, line
from suite.results import Results

RESULTS = Path(__file__).resolve().parents[1] / ".cache" / "bench" / "results.json"


def main() -> None:
    """Measure row by row, and tell each as soon as it is there."""
    os.environ.pop("PYTHONUNBUFFERED", None)  # or each `print` would be two writes, but in kernels
    arguments = _arguments()
    chosen = [each for each in rows.ALL if not arguments.row or each.name in arguments.row]
    place, results = Place(os.path.abspath(arguments.peers), arguments.node), Results(RESULTS)
    _say(head(arguments.runs))
    for row in chosen:
        if row.in_editor and place.node is None:
            _say(left_out(row, "no editor can be driven here"))
            continue
        found = measured(row, place, runs=arguments.runs, rounds=arguments.rounds)
        results.put(row.name, found)
        for each in found:
            _say(line(each))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - asked for


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peers", metavar="PYTHON")
    parser.add_argument("--node", metavar="PATH", help="drives the real editor")
    names = [each.name for each in rows.ALL]
    parser.add_argument("--row", action="append", choices=names, help="this one; several times")
    parser.add_argument("--runs", type=int, default=5, help="paired runs (5)")
    parser.add_argument("--rounds", type=int, help="of a run; each row has its own")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
