"""What the change log adds to a trivial evaluation over LSP."""

from __future__ import annotations

from suite.frame import Comparison, Contender, Place, Row
from suite.relive_ways import commanding, daemon

_SETTINGS = {
    "no log": {"log": {"enabled": False}},
    "never synced": {"log": {"sync": "never"}},
    "synced soon": {"log": {"sync": "soon"}},
    "synced before": {"log": {"sync": "before"}},
}


def _contenders(place: Place) -> dict[str, Contender]:
    return {
        name: commanding(daemon(place, "1\n", settings), "evaluateText", text="1")
        for name, settings in _SETTINGS.items()
    }


ROW = Row(
    "changelog",
    "the change log, `1`",
    _contenders,
    (
        Comparison("never synced", "no log", at_most=1.1),
        Comparison("synced soon", "no log"),
        Comparison("synced before", "no log"),
    ),
    rounds=200,
)
