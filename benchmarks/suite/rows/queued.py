"""A thousand evaluations sent at once: the whole of a file, form by form."""

from __future__ import annotations

from daemon import Daemon

from suite.frame import Comparison, Contender, Place, Row
from suite.peer import Peer
from suite.relive_ways import daemon, seconds

_COUNT = 1_000
_CODE = "1+1"


def _contenders(place: Place) -> dict[str, Contender]:
    asked = daemon(place)
    return {
        "LSP": Contender(lambda: seconds(lambda: _queue(asked)), warm_up=1),
        "ipykernel": Peer(place, "kernel").asked("queue", code=_CODE, count=_COUNT, every=2),
    }


def _queue(asked: Daemon) -> None:
    asked.all_answers([asked.begin("evaluateText", text=_CODE) for _ in range(_COUNT)])


ROW = Row(
    "queued",
    "1,000 evaluations queued at once",
    _contenders,
    (Comparison("ipykernel", "LSP", at_least=20),),
    rounds=6,
)
