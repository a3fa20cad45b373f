"""How long a page of a data frame takes, for one of ten rows and one of ten million.

    .venv/bin/python benchmarks/table_open.py

Prints the times in milliseconds, the middle of several, and their ratios.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from functools import partial
from time import perf_counter

from relive import Session
from relive.session.shown import ShownValue

ROWS = (10, 10_000_000)
TIMES = 15
SETUP = "import numpy as np, pandas as pd, polars as pl"
FRAMES = {
    "pandas": "pd.DataFrame({'a': np.random.rand(ROWS), 'b': np.arange(ROWS), 'c': 'text'})",
    "polars": "pl.DataFrame({'a': np.random.rand(ROWS), 'b': np.arange(ROWS)})",
    "numpy": "np.random.rand(ROWS, 2)",
}
LOOKS: dict[str, Callable[[ShownValue, int], object]] = {
    "first page": lambda value, rows: value.table(count=10),
    "last page": lambda value, rows: value.table(start=rows - 10, count=10),
    "page, once sorted": lambda value, rows: value.table(count=10, sort=0),
}


def middle(function: Callable[[], object]) -> float:
    """Return the milliseconds a call takes, once it has been called before."""
    function()
    times = []
    for _ in range(TIMES):
        begun = perf_counter()
        function()
        times.append((perf_counter() - begun) * 1000)
    return statistics.median(times)


def measured(rows: int) -> dict[tuple[str, str], float]:
    """Return the times for frames of so many rows."""
    told = {}
    with Session() as session:
        for library, code in FRAMES.items():
            text = f"{SETUP}\nframe = {code.replace('ROWS', str(rows))}\nframe"
            found = session.evaluate(text).results[-1].value
            if found is None:
                sys.exit("the frame could not be made: are numpy, pandas and polars there?")
            value = session.value(found)
            told[library, "evaluated"] = middle(partial(session.evaluate, "frame"))
            for name, look in LOOKS.items():
                told[library, name] = middle(partial(look, value, rows))
    return told


def main() -> None:
    """Measure and print."""
    few, many = map(measured, ROWS)
    for (library, name), time in few.items():
        other = many[library, name]
        line = f"{library:8} {name:18} {time:8.2f} ms {other:8.2f} ms   x {other / time:.1f}"
        print(line)  # noqa: T201 - asked for


if __name__ == "__main__":
    main()
