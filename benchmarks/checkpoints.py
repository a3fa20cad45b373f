"""What a checkpoint costs, beside a bare fork of a process of the same size, as ratios.

python benchmarks/checkpoints.py [--large] [--trivial] [--crash]

With `--large` also of a process that holds a gigabyte of Python objects. With `--trivial`, instead,
what it costs `1+1`, a session's first value, and code that calls `id`, of which the interpreter
tells each call to who watches what is done outside, beside those without checkpoints; the last two
lines are with such watching (`relive.rewind.watchActs`). With
`--crash`, instead, how long it is from a crash in C to the first value that is there again, beside
a new session's first value.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "server"))

from relive.session import checkpoints
from relive.session.session import Session
from relive.session.settings import Settings

ROUNDS = 15
PAIRS = 7
TRIVIAL = 1500
"""Evaluations in turn: for seconds, in which a copy is made now and then."""
AVERAGES = statistics.median, statistics.fmean
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
CALLS = """
import copy, time
def calls():
    for each in range(200_000): id(each)
def copies(of=[{"a": [1, 2, (3, 4)], "b": "x"} for _ in range(3000)]):
    copy.deepcopy(of)
def timed(function):
    began = time.process_time()
    function()
    return time.process_time() - began
"""


def before_each_evaluation() -> Callable[[], None]:
    """Have a checkpoint made before each one, whatever it costs; return what ends that."""
    former = checkpoints._INTERVAL_S, checkpoints._DEAR_S
    checkpoints._INTERVAL_S, checkpoints._DEAR_S = 0.0, 1e9

    def end() -> None:
        checkpoints._INTERVAL_S, checkpoints._DEAR_S = former

    return end


class Forking:
    """A session whose process holds a heap, and is forked: bare, and for checkpoints."""

    def __init__(self, heap: str) -> None:
        self._session = Session(cwd=".", settings=Settings(checkpoints="auto"))
        self.close = self._session.close
        for text in (BARE, heap):
            self._evaluate(text)

    def bare_s(self) -> float:
        """Return how long a fork took that does nothing."""
        return float(self._evaluate("bare()"))

    def checkpoint_s(self) -> float:
        """Return how long the checkpoint before an evaluation took."""
        self._evaluate("0")
        assert self._session._checkpoints.why_not is None, self._session._checkpoints.why_not
        return self._session._checkpoints.took_s

    def _evaluate(self, text: str) -> str:
        answer = self._session.evaluate(text)
        assert answer.status == "ok", answer
        value = answer.results[-1].value
        return "" if value is None else value.text


def measured(heap: str) -> tuple[float, float]:
    """Return the medians of a bare fork and of a checkpoint, in milliseconds."""
    process = Forking(heap)
    times = [(process.bare_s(), process.checkpoint_s()) for _ in range(ROUNDS)]
    process.close()
    bare, made = (statistics.median(each) * 1000 for each in zip(*times, strict=True))
    return bare, made


def first_value(settings: Settings) -> float:
    """Return the seconds from a session's start to its first value."""
    began = time.perf_counter()
    with Session(cwd=".", settings=settings) as session:
        assert session.evaluate("1+1").status == "ok"
        return time.perf_counter() - began


def trivial_ones(on: Settings, off: Settings) -> tuple[float, float]:
    """Return how much longer `1+1` takes with than without, at the median and on average.

    Two sessions take turns, so that both have the same machine.
    """
    took: tuple[list[float], list[float]] = [], []
    with Session(cwd=".", settings=on) as one, Session(cwd=".", settings=off) as other:
        for _ in range(TRIVIAL):
            for session, times in zip((one, other), took, strict=True):
                began = time.perf_counter()
                session.evaluate("1+1")
                times.append(time.perf_counter() - began)
    ratios = [[average(times[1:]) for times in took] for average in AVERAGES]
    return ratios[0][0] / ratios[0][1], ratios[1][0] / ratios[1][1]


def calls_of_id(on: Settings, off: Settings) -> tuple[float, float]:
    """Return how much longer a loop that calls `id` takes with than without, and `deepcopy`."""
    took = []
    with Session(cwd=".", settings=on) as one, Session(cwd=".", settings=off) as other:
        for session in (one, other):
            session.evaluate(CALLS)
        for call in ("calls", "copies"):
            values = [one.evaluate(f"timed({call})"), other.evaluate(f"timed({call})")]
            texts = [each.results[-1].value for each in values]
            on_s, off_s = (float(each.text) for each in texts if each is not None)
            took.append(on_s / off_s)
    return took[0], took[1]


def print_trivial() -> None:
    """Print how much longer each takes with checkpoints than without: each pair's ratio."""
    on, off = Settings(), Settings(checkpoints="off")
    first_value(on), first_value(off)
    at_median, on_average = zip(*(trivial_ones(on, off) for _ in range(PAIRS)), strict=True)
    print_ratios("1+1, at the median", at_median)
    print_ratios("1+1, on average", on_average)
    print_ratios("first value", [first_value(on) / first_value(off) for _ in range(2 * PAIRS)])
    print_calls(on, off, "auto / off")
    print_calls(Settings(watch_acts=True), off, "watched / off")


def print_calls(on: Settings, off: Settings, of: str) -> None:
    """Print how much longer code takes that calls `id`: each pair's ratio."""
    of_id, of_copies = zip(*(calls_of_id(on, off) for _ in range(PAIRS)), strict=True)
    print_ratios("a loop of id()", of_id, of)
    print_ratios("copy.deepcopy", of_copies, of)


def first_value_after_crash(heap: str) -> float:
    """Return the seconds from a crash to the first value of what the checkpoint brings back."""
    with Session(cwd=".", settings=Settings(checkpoints="auto")) as session:
        for text in ("import ctypes, os", heap, "kept = os.getpid()"):
            assert session.evaluate(text).status == "ok"
        session.evaluate("1+1")  # before it a checkpoint of all that is made
        began = time.perf_counter()
        assert session.evaluate("ctypes.string_at(0)").status == "died"
        assert session.evaluate("kept").status == "ok"
        return time.perf_counter() - began


def print_crash() -> None:
    """Print how long a crash costs, in milliseconds, and as a ratio to a new session's start."""
    off = Settings(checkpoints="off")
    first_value(off)
    for name, heap in HEAPS.items():
        pairs = [(first_value_after_crash(heap), first_value(off)) for _ in range(PAIRS)]
        took = statistics.median(crash for crash, _ in pairs) * 1000
        sys.stdout.write(f"{name:20} from crash to value {took:6.1f} ms" + "\n")
        print_ratios(name, [crash / new for crash, new in pairs], "crash / new session")


def print_ratios(name: str, ratios: Iterable[float], of: str = "auto / off") -> None:
    """Print the median of some, and the least and the most."""
    ordered = sorted(ratios)
    told = f"{statistics.median(ordered):5.2f} ({ordered[0]:.2f} to {ordered[-1]:.2f})"
    sys.stdout.write(f"{name:20} {of} {told}" + "\n")


def main() -> None:
    """Print a table."""
    if "--trivial" in sys.argv[1:]:
        print_trivial()
        return
    before_each_evaluation()
    if "--crash" in sys.argv[1:]:
        print_crash()
        return
    sys.stdout.write(f"{'':20} {'bare fork':>12} {'checkpoint':>12} {'ratio':>7}" + "\n")
    heaps = {**HEAPS, **LARGE} if "--large" in sys.argv[1:] else HEAPS
    for name, heap in heaps.items():
        bare, made = measured(heap)
        sys.stdout.write(f"{name:20} {bare:9.2f} ms {made:9.2f} ms {made / bare:7.1f}" + "\n")


if __name__ == "__main__":
    main()
