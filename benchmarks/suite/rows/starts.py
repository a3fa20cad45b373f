"""From nothing to the first value."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

from daemon import Daemon

from relive import Session
from suite.frame import Comparison, Contender, Place, Row
from suite.peer import Peer
from suite.relive_ways import checked, seconds

_CODE = "1+1"


def _contenders(place: Place) -> dict[str, Contender]:
    return {
        "worker": Contender(lambda: _worker(place)),
        "daemon": Contender(lambda: _daemon(place)),
        "python -c pass": Contender(_running("pass")),
        "importing pygls": Contender(_running("import pygls.lsp.server")),
        "ipykernel": Peer(place, "kernel").asked("start", every=5),
    }


def _running(code: str) -> Callable[[], float]:
    return lambda: seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True))


def _worker(place: Place) -> float:
    folder = place.folder()
    begun = perf_counter()
    with Session(cwd=folder) as session:
        checked(session.evaluate(_CODE))
        return perf_counter() - begun


def _daemon(place: Place) -> float:
    file = place.folder() / "a.py"
    begun = perf_counter()
    asked = Daemon(file, "")
    checked(asked.command("evaluateText", text=_CODE))
    took = perf_counter() - begun
    asked.end()
    return took


ROW = Row(
    "starts",
    "start to first value",
    _contenders,
    (
        Comparison("worker", "python -c pass", at_most=2),
        Comparison("ipykernel", "python -c pass"),
        Comparison("daemon", "importing pygls", at_most=1.1),
    ),
    rounds=20,
)
