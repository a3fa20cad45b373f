"""What code costs that is prepared for holding errors, beside plain code.

Run as `python benchmarks/holding_cost.py` with an interpreter that can hold errors. Each figure is
the best of several runs of prepared code divided by that of plain code.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from types import CodeType
from typing import Any

sys.path.insert(0, os.path.join(os.path.dirname(__file__), os.pardir, "server"))

from relive.worker.own import own

dressed: Callable[[CodeType], CodeType] = own("relive.worker.holding.dress").dressed
make_holding: Callable[..., Any] = own("relive.worker.holding.holding").Holding
PROGRAM = """
class Manager:
    def __enter__(self): return self
    def __exit__(self, *about): return None
M = Manager()
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def calls(): fib(18)
def loop():
    total = 0
    for i in range(100_000): total += i
def managers():
    for i in range(10_000):
        with M: pass
def finallys():
    for i in range(50_000):
        try: pass
        finally: i = 0
def generator():
    def items():
        for i in range(50_000): yield i
    for _ in items(): pass
def caught_here():
    for i in range(10_000):
        try: {}[i]
        except KeyError: pass
def fails(i): return {}[i]
def caught_above():
    for i in range(10_000):
        try: fails(i)
        except KeyError: pass
def fails_deep(i): return fails(i)
def passes(i):
    try: return fails_deep(i)
    except ValueError: pass
def caught_far_above():
    for i in range(5_000):
        try: passes(i)
        except (TypeError, KeyError): pass
"""
TIMED = (
    "calls", "loop", "managers", "finallys", "generator", "caught_here", "caught_above",
    "caught_far_above",
)  # fmt: skip
ROUNDS = 7


def best(timed: Callable[[], Any]) -> float:
    """Return the shortest time of several runs."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        timed()
        times.append(time.process_time() - began)
    return min(times)


def run(call: Callable[[], Any]) -> Any:
    """Run what is judged, as user code that somebody waits for."""
    return call()


def main() -> None:
    """Print the ratios."""
    holding = make_holding(lambda hold: hold.abandon(), lambda code: None)
    holding.watch(run.__code__)
    holding.mode = "workspace"
    plain: dict[str, Any] = {}
    prepared: dict[str, Any] = {}
    code = compile(PROGRAM, "<program>", "exec")
    exec(code, plain)
    exec(dressed(code), prepared)
    for name in TIMED:
        print(f"{name:15} {best(partial(run, prepared[name])) / best(plain[name]):.2f}")  # noqa: T201 - asked for
    with open(os.path.join(os.path.dirname(os.__file__), "argparse.py")) as file:
        text = file.read()
    alone = best(lambda: compile(text, "argparse.py", "exec"))
    both = best(lambda: dressed(compile(text, "argparse.py", "exec")))
    print(f"{'compile':15} {both / alone:.2f}  (argparse, {alone * 1000:.0f} ms plain)")  # noqa: T201 - asked for


if __name__ == "__main__":
    main()
