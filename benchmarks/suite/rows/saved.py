"""One changed definition found when a file of ten thousand lines is saved."""

from __future__ import annotations

import hashlib
from itertools import cycle
from pathlib import Path
from time import perf_counter

from redefine_cost import text

from suite.frame import Comparison, Contender, Place, Row
from suite.relive_ways import daemon, seconds, session

_FUNCTIONS = 2_500
"""Of four lines each."""


def _contenders(place: Place) -> dict[str, Contender]:
    return {
        "Python API": _by_session(place),
        "LSP": _by_save(place),
        "reading and hashing": _by_hash(place),
    }


def _by_session(place: Place) -> Contender:
    folder = place.folder()
    file = folder / "m.py"
    file.write_text(text(_FUNCTIONS, 0))
    own, bodies = session(place, "import m", folder), cycle(range(1, 10))

    def save() -> float:
        new = text(_FUNCTIONS, next(bodies))
        begun = perf_counter()
        answer = own.redefine(file, new)
        took = perf_counter() - begun
        assert [each.outcome for each in answer.definitions].count("redefined") == 1, answer
        return took

    return Contender(save)


def _by_save(place: Place) -> Contender:
    asked, bodies = daemon(place, text(_FUNCTIONS, 0)), cycle("123456789")
    asked.command("evaluateText", text="import document")
    before, _, _ = text(_FUNCTIONS, 0).partition("    return 0\n")
    line = before.count("\n")

    def save() -> float:
        body = next(bodies)
        asked.edit(line, 11, 12, body)
        new = text(_FUNCTIONS, int(body))
        begun = perf_counter()
        told = asked.save(new, "relive/redefined")
        took = perf_counter() - begun
        assert [each["name"] for each in told["redefinition"]["definitions"]] == ["target"], told
        return took

    return Contender(save)


def _by_hash(place: Place) -> Contender:
    file = Path(place.folder(), "m.py")
    file.write_text(text(_FUNCTIONS, 0))
    return Contender(lambda: seconds(lambda: hashlib.sha256(file.read_bytes()).digest()))


ROW = Row(
    "saved",
    "one changed definition found on save, 10,000 lines",
    _contenders,
    (
        Comparison("Python API", "reading and hashing", at_most=2),
        Comparison("LSP", "reading and hashing", at_most=2),
    ),
    rounds=40,
)
