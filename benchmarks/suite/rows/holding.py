"""Code that is prepared for holding errors beside plain code: compiled, and run."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

from relive.worker.own import own
from suite.frame import Comparison, Contender, Place, Row
from suite.relive_ways import seconds

_RUN = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"


def _contenders(_place: Place) -> dict[str, Contender]:
    dressed: Callable[[Any], Any] = own("relive.worker.holding.dress").dressed
    text = Path(argparse.__file__).read_text()

    def compiled() -> CodeType:
        return compile(text, "argparse.py", "exec")

    plain, prepared = (_running(prepare) for prepare in (lambda code: code, dressed))
    return {
        "plain compiled": Contender(lambda: seconds(compiled)),
        "prepared compiled": Contender(lambda: seconds(lambda: dressed(compiled()))),
        "plain run": plain,
        "prepared run": prepared,
    }


def _running(prepare: Callable[[Any], Any]) -> Contender:
    scope: dict[str, Any] = {}
    exec(prepare(compile(_RUN, "<program>", "exec")), scope)
    return Contender(lambda: seconds(lambda: scope["fib"](16)))


ROW = Row(
    "holding",
    "code prepared for holding errors: `argparse` compiled, calls run",
    _contenders,
    (
        Comparison("prepared compiled", "plain compiled", at_most=3),
        Comparison("prepared run", "plain run", at_most=1.03),
    ),
    rounds=30,
)
