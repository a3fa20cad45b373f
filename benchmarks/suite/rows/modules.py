"""Two thousand modules imported, none of them changed: what an evaluation costs beside them."""

from __future__ import annotations

from pathlib import Path

from suite.frame import Comparison, Contender, Place, Row
from suite.relive_ways import evaluating

_COUNT = 2_000


def _with_modules(place: Place) -> Path:
    folder = place.folder()
    for number in range(_COUNT):
        (folder / f"m{number}.py").write_text(f"def f():\n    return {number}\n")
    return folder


def _contenders(place: Place) -> dict[str, Contender]:
    imports = "".join(f"import m{number}\n" for number in range(_COUNT))
    return {
        "none": evaluating(place),
        "2,000": evaluating(place, setup=imports, folder=_with_modules(place)),
    }


ROW = Row(
    "modules",
    "`1+1`, by modules imported",
    _contenders,
    (Comparison("2,000", "none", at_most=1.05),),
    rounds=200,
)
