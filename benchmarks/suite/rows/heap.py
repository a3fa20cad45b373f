"""Ten million objects alive: what evaluating and redefining cost beside them."""

from __future__ import annotations

from itertools import count

from redefine_cost import text

from suite.frame import Comparison, Contender, Place, Row
from suite.relive_ways import seconds, session

_OBJECTS = "ballast = [[] for _ in range(10_000_000)]"
_FUNCTIONS = 100


def _contenders(place: Place) -> dict[str, Contender]:
    small, large = _pair(place, "None"), _pair(place, _OBJECTS)
    return {
        "evaluated": small[0],
        "evaluated, 10 million": large[0],
        "redefined": small[1],
        "redefined, 10 million": large[1],
    }


def _pair(place: Place, setup: str) -> tuple[Contender, Contender]:
    folder = place.folder()
    file = folder / "m.py"
    file.write_text(text(_FUNCTIONS, 0))
    own, bodies = session(place, f"import m\n{setup}", folder), count(1)

    def redefine() -> float:
        new = text(_FUNCTIONS, next(bodies))
        return seconds(lambda: own.redefine(file, new, "target"))

    return Contender(lambda: seconds(lambda: own.evaluate("1+1"))), Contender(redefine)


ROW = Row(
    "heap",
    "with 10 million objects alive",
    _contenders,
    (
        Comparison("evaluated, 10 million", "evaluated", at_most=1.05),
        Comparison("redefined, 10 million", "redefined", at_most=1.05),
    ),
    rounds=60,
)
