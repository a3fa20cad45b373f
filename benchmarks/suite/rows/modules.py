"""Two thousand modules imported, none of them changed: what an evaluation costs beside them."""

from __future__ import annotations

from pathlib import Path

from suite.frame import Comparison, Contender, Place, Row
from suite.peer import Peer
from suite.relive_ways import evaluating

_COUNT = 2_000
_IMPORTS = "".join(f"import m{number}\n" for number in range(_COUNT))


def _with_modules(folder: Path) -> Path:
    for number in range(_COUNT):
        (folder / f"m{number}.py").write_text(f"def f():\n    return {number}\n")
    return folder


def _contenders(place: Place) -> dict[str, Contender]:
    return {
        "none": evaluating(place),
        "2,000": evaluating(place, setup=_IMPORTS, folder=_with_modules(place.folder())),
        "autoreload, none": _autoreload(place, 0),
        "autoreload, 2,000": _autoreload(place, _COUNT),
    }


def _autoreload(place: Place, modules: int) -> Contender:
    peer = Peer(place, "reloaders", "autoreload")
    if modules:
        _with_modules(peer.folder)
    peer.ask("begin", text=f"{_IMPORTS if modules else ''}def target():\n    return 0\n")
    return peer.asked("look", every=5)


ROW = Row(
    "modules",
    "`1+1`, by modules imported",
    _contenders,
    (
        Comparison("2,000", "none", at_most=1.05),
        Comparison("autoreload, 2,000", "autoreload, none"),
        Comparison("autoreload, 2,000", "2,000"),
    ),
    rounds=200,
)
