"""One of pyperformance's programs, which runs as often as it is told to; see holding_programs.py.

Usage: program.py plain|held FOLDER SCRIPT [ARGUMENT …]. It stands in for pyperf: for each benchmark
of the script it tells its name, then for each number that it reads it runs it so often and tells
the seconds of processor time; at an empty line it tells what came of it, and goes on to the next.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import random
import re
import sys
import tempfile
from collections.abc import Callable
from time import process_time
from types import ModuleType
from typing import Any

sys.path.insert(0, os.path.join(os.path.dirname(__file__), *[os.pardir] * 2, "tests", "holding"))

import prepared  # the way to programs that the tests have too

_BY_CHANCE = re.compile(r"0x[0-9a-f]+|" + re.escape(tempfile.gettempdir()) + r"/\w+")
"""Addresses, and names of temporary folders."""
_ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)


class Runner:
    """What a script asks to run its benchmarks."""

    def __init__(self, **_options: Any) -> None:
        self.metadata: dict[str, Any] = {}
        self.argparser = argparse.ArgumentParser()
        self.args: Any = None

    def parse_args(self) -> Any:
        """Return the script's arguments."""
        self.args = self.argparser.parse_args()
        return self.args

    def bench_time_func(
        self, name: str, run: Callable[..., float], *arguments: Any, **_options: Any
    ) -> None:
        """Run what times itself."""
        _serve(name, lambda loops: (run(loops, *arguments), None))

    def bench_func(
        self, name: str, run: Callable[..., Any], *arguments: Any, **_options: Any
    ) -> None:
        """Run a function."""
        _serve(name, _timed(lambda: run(*arguments)))

    def bench_async_func(
        self, name: str, run: Callable[..., Any], *arguments: Any, **options: Any
    ) -> None:
        """Run a coroutine function."""
        factory = options.get("loop_factory")

        def once() -> Any:
            if factory is None:
                return asyncio.run(run(*arguments))
            with asyncio.Runner(loop_factory=factory) as runner:
                return runner.run(run(*arguments))

        _serve(name, _timed(once))


def _timed(run: Callable[[], Any]) -> Callable[[int], tuple[float, Any]]:
    def loop(loops: int) -> tuple[float, Any]:
        begun, value = process_time(), None
        for _ in range(loops):
            value = run()
        return process_time() - begun, value

    return loop


def _serve(name: str, run: Callable[[int], tuple[float, Any]]) -> None:
    print(name, file=_ANSWERS)
    value: Any = None
    for line in iter(sys.stdin.readline, "\n"):
        random.seed(0)
        took, value = run(int(line))
        print(took, file=_ANSWERS)
    print(_outcome(value), file=_ANSWERS)


def _outcome(value: Any) -> str:
    """Return a short text that differs if what came of a run does."""
    scope = vars(sys.modules["__main__"])
    shown = [
        repr(value),
        *(f"{name} = {each!r}" for name, each in [*scope.items()] if name[0] != "_"),
    ]
    return hashlib.sha256(_BY_CHANCE.sub("", "\n".join(shown)).encode()).hexdigest()[:16]


def main() -> None:
    """Run the script."""
    pyperf = sys.modules["pyperf"] = ModuleType("pyperf")
    vars(pyperf).update(Runner=Runner, perf_counter=process_time)
    vars(pyperf).update(python_implementation=lambda: sys.implementation.name)
    os.dup2(2, 1)
    prepared.main()


if __name__ == "__main__":
    main()
