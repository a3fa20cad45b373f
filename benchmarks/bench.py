"""Relive beside its peers and the physical limit: `npm run bench`.

Usage: bench.py PYTHON [--row NAME …] [--runs N] [--rounds N]. PYTHON is an interpreter that has the
peers of suite/requirements.txt. Prints the table; what was measured, run by run, goes to
.cache/bench/results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from suite import rows
from suite.frame import Measured, Place, measured
from suite.report import head, line

RESULTS = Path(__file__).resolve().parents[1] / ".cache" / "bench" / "results.json"


def main() -> None:
    """Measure row by row, and tell each as soon as it is there."""
    arguments = _arguments()
    chosen = [each for each in rows.ALL if not arguments.row or each.name in arguments.row]
    found: list[Measured] = []
    _say(head(arguments.runs))
    for row in chosen:
        place = Place(os.path.abspath(arguments.peers))
        for each in measured(row, place, runs=arguments.runs, rounds=arguments.rounds):
            found.append(each)
            _say(line(each))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([each.to_json() for each in found], indent=1))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - asked for


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peers", metavar="PYTHON")
    names = [each.name for each in rows.ALL]
    parser.add_argument("--row", action="append", choices=names, help="this one; several times")
    parser.add_argument("--runs", type=int, default=5, help="paired runs (5)")
    parser.add_argument("--rounds", type=int, help="of a run; each row has its own")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
