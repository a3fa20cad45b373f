"""A hundred megabytes printed."""

from __future__ import annotations

from suite.frame import Comparison, Contender, Place, Row
from suite.peer import Peer
from suite.relive_ways import seconds, session

_LINE = 99
_CODE = f"for _ in range({100_000_000 // (_LINE + 1)}): print('x' * {_LINE})"


def _contenders(place: Place) -> dict[str, Contender]:
    own, kernel = session(place), Peer(place, "kernel")
    return {
        "Python API": Contender(lambda: seconds(lambda: own.evaluate(_CODE)), warm_up=0),
        "ipykernel": Contender(lambda: kernel.ask("evaluate", code=_CODE), warm_up=0),
    }


ROW = Row(
    "printed",
    "100 MB printed",
    _contenders,
    (Comparison("ipykernel", "Python API", at_least=3),),
    rounds=1,
)
