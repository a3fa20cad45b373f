"""One changed definition found when a file of ten thousand lines is saved.

Finding it is compared with reading and hashing the file; what is around that, with what the same
way takes for nothing.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import perf_counter

from daemon import Daemon
from redefine_cost import text

from suite.frame import Comparison, Contender, Place, Row
from suite.peer import Peer
from suite.relive_ways import daemon, evaluating, seconds, session

_FUNCTIONS = 2_500
"""Of four lines each."""
_BEFORE, _, _ = text(_FUNCTIONS, 0).partition("    return 0\n")
_LINE = _BEFORE.count("\n")
"""Where the definition is changed."""


def _contenders(place: Place) -> dict[str, Contender]:
    return {
        "finding": _finding(place, inserting=False),
        "finding, a line inserted": _finding(place, inserting=True),
        "Python API": _by_session(place),
        "LSP": _by_save(daemon(place, text(_FUNCTIONS, 0)), ["target"]),
        "LSP, a line inserted": _by_save(
            daemon(place, text(_FUNCTIONS, 0)), ["target"], inserting=True
        ),
        "reading and hashing": _by_hash(place),
        "`1+1`": evaluating(place),
        "pygls told of a save": _by_save(_nothing(place), []),
    }


def _texts(*, inserting: bool) -> Iterator[str]:
    """Yield texts, each with another body of one function; `inserting`: and a line more above."""
    for number in count(1):
        yield ("\n" * number if inserting else "") + text(_FUNCTIONS, number % 9 + 1)


def _finding(place: Place, *, inserting: bool) -> Contender:
    peer, texts = Peer(place, "finding", program=sys.executable), _texts(inserting=inserting)
    peer.ask("begin", text=text(_FUNCTIONS, 0))
    return Contender(lambda: peer.ask("find", text=next(texts), name="target"))


def _by_session(place: Place) -> Contender:
    folder = place.folder()
    file = folder / "m.py"
    file.write_text(text(_FUNCTIONS, 0))
    own, texts = session(place, "import m", folder), _texts(inserting=False)

    def save() -> float:
        new = next(texts)
        begun = perf_counter()
        answer = own.redefine(file, new)
        took = perf_counter() - begun
        assert [each.outcome for each in answer.definitions].count("redefined") == 1, answer
        return took

    return Contender(save)


def _by_save(asked: Daemon, expected: list[str], *, inserting: bool = False) -> Contender:
    asked.command("evaluateText", text="import document")
    texts, lines = _texts(inserting=inserting), count(1)

    def save() -> float:
        new = next(texts)
        if inserting:
            asked.edit(0, 0, 0, "\n")
        line = _LINE + (next(lines) if inserting else 0)
        asked.edit(line, 11, 12, new.split("\n")[line][11:])
        asked.command("evaluateText", text="0")  # what was typed has been taken in by then
        begun = perf_counter()
        told = asked.save("relive/redefined")
        took = perf_counter() - begun
        names = [each["name"] for each in told["redefinition"]["definitions"]]
        assert names == expected, told
        return took

    return Contender(save)


def _nothing(place: Place) -> Daemon:
    file = place.folder() / "document.py"
    made = Daemon(file, text(_FUNCTIONS, 0), server=(str(Peer.script("nothing")),))
    place.afterwards(made.end)
    return made


def _by_hash(place: Place) -> Contender:
    file = Path(place.folder(), "m.py")
    file.write_text(text(_FUNCTIONS, 0))
    return Contender(lambda: seconds(lambda: hashlib.sha256(file.read_bytes()).digest()))


ROW = Row(
    "saved",
    "one changed definition on save, 10,000 lines",
    _contenders,
    (
        Comparison("finding", "reading and hashing", at_most=2),
        Comparison("finding, a line inserted", "reading and hashing"),
        Comparison("LSP", "reading and hashing"),
        Comparison("LSP", "pygls told of a save"),
        Comparison("LSP, a line inserted", "pygls told of a save"),
        Comparison("Python API", "`1+1`"),
    ),
    rounds=40,
)
