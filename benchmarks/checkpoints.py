"""What a checkpoint costs, beside a bare fork of a process of the same size, as ratios.

python benchmarks/checkpoints.py [--large]

With `--large` also of a process that holds a gigabyte of Python objects.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "server"))

from relive.session import checkpoints
from relive.session.session import Session
from relive.session.settings import Settings

ROUNDS = 15
HEAPS = {
    "an empty process": "pass",
    "100,000 tuples": "heap = [(each, str(each)) for each in range(100_000)]",
    "1,000,000 tuples": "heap = [(each, str(each)) for each in range(1_000_000)]",
}
LARGE = {"6,000,000 tuples": "heap = [(each, str(each)) for each in range(6_000_000)]"}
BARE = """
import os, time
def bare():
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return time.perf_counter() - began
"""


def measured(heap: str) -> tuple[float, float]:
    """Return the medians of a bare fork and of a checkpoint, in milliseconds."""
    bare: list[float] = []
    made: list[float] = []
    with Session(cwd=".", settings=Settings(checkpoints="auto")) as session:
        for text in (BARE, heap):
            assert session.evaluate(text).status == "ok"
        for _ in range(ROUNDS):
            value = session.evaluate("bare() * 1000").results[-1].value
            assert value is not None
            bare.append(float(value.text))
            made.append(session._checkpoints.took_s * 1000)
    return statistics.median(bare), statistics.median(made)


def main() -> None:
    """Print a table."""
    checkpoints._INTERVAL_S, checkpoints._DEAR_S = 0.0, 1e9
    sys.stdout.write(f"{'':20} {'bare fork':>12} {'checkpoint':>12} {'ratio':>7}" + "\n")
    heaps = {**HEAPS, **LARGE} if "--large" in sys.argv[1:] else HEAPS
    for name, heap in heaps.items():
        bare, made = measured(heap)
        sys.stdout.write(f"{name:20} {bare:9.2f} ms {made:9.2f} ms {made / bare:7.1f}" + "\n")


if __name__ == "__main__":
    main()
