"""`1+1`: what the way there and back takes."""

from __future__ import annotations

import sys

from daemon import Daemon

from suite.frame import Comparison, Contender, Place, Row
from suite.peer import Peer
from suite.relive_ways import commanding, daemon, evaluating, seconds

_CODE = "1+1"


def _contenders(place: Place) -> dict[str, Contender]:
    return {
        "Python API": evaluating(place, _CODE),
        "LSP": commanding(daemon(place), "evaluateText", text=_CODE),
        "pipe": Peer(place, "pipe", program=sys.executable).asked("evaluate", code=_CODE),
        "pygls answering nothing": _nothing(place),
        "ipykernel": Peer(place, "kernel").asked("evaluate", code=_CODE),
        "python -i": Peer(place, "terminal", program=sys.executable).asked("evaluate", code=_CODE),
    }


def _nothing(place: Place) -> Contender:
    script = str(Peer.script("nothing"))
    asked = Daemon(place.folder() / "a.py", "", server=(script,))
    place.afterwards(asked.end)
    return Contender(lambda: seconds(lambda: asked.command("evaluateText", text=_CODE)))


ROW = Row(
    "trivial",
    "`1+1`, request to value",
    _contenders,
    (
        Comparison("Python API", "pipe", at_most=1.5),
        Comparison("ipykernel", "Python API", at_least=50),
        Comparison("LSP", "pygls answering nothing", at_most=2),
        Comparison("ipykernel", "LSP", at_least=10),
        Comparison("python -i", "Python API"),
    ),
    rounds=200,
)
