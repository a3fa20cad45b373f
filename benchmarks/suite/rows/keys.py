"""A key pressed in the real editor, until the value it asks for is drawn."""

from __future__ import annotations

from suite.frame import Comparison, Contender, Place, Row
from suite.peer import Peer


def _contenders(place: Place) -> dict[str, Contender]:
    editor = Peer(place, "keys.mjs", program=place.node)
    return {
        "Relive": editor.asked("press", file="relive.py"),
        "tiniest extension": editor.asked("press", file="constant.txt"),
    }


ROW = Row(
    "keys",
    "`1+1` in the editor, key to value drawn",
    _contenders,
    (Comparison("Relive", "tiniest extension", at_most=1.3),),
    rounds=40,
    in_editor=True,
)
