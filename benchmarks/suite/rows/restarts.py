"""A restart, once the process was used for long enough to have a spare one beside it."""

from __future__ import annotations

import subprocess
import sys
from time import perf_counter, sleep

from daemon import Daemon

from suite.frame import Comparison, Contender, Place, Row
from suite.relive_ways import checked, daemon, seconds

_UNTIL_SPARE_S = 4.0
"""The session begins one after two seconds; no message tells that it is there."""


def _contenders(place: Place) -> dict[str, Contender]:
    asked = daemon(place)
    plain = [sys.executable, "-c", "pass"]
    return {
        "restart": Contender(lambda: _restart(asked), warm_up=1),
        "python -c pass": Contender(lambda: seconds(lambda: subprocess.run(plain, check=True))),
    }


def _restart(asked: Daemon) -> float:
    checked(asked.command("evaluateText", text="1+1"))
    sleep(_UNTIL_SPARE_S)
    begun = perf_counter()
    asked.command("restart")
    checked(asked.command("evaluateText", text="1+1"))
    return perf_counter() - begun


ROW = Row(
    "restarts",
    "restart with a spare process, to first value",
    _contenders,
    (Comparison("restart", "python -c pass", at_most=0.3),),
    rounds=5,
)
