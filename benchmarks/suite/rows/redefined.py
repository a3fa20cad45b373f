"""One function redefined: as the editor asks for it, and as others bring in a whole file."""

from __future__ import annotations

from itertools import count

from redefine_cost import FUNCTIONS, Editor, text

from suite.frame import Comparison, Contender, Place, Row
from suite.peer import Peer

_BESIDE = 3_000


def _editor(place: Place, functions: int) -> Contender:
    editor = Editor(place.folder(), functions, None)
    place.afterwards(editor.end)
    return Contender(editor.redefine, warm_up=10)


def _by_size(place: Place) -> dict[str, Contender]:
    return {f"{size:,}": _editor(place, size) for size in FUNCTIONS}


def _reloader(place: Place, kind: str, *, every: int) -> Contender:
    peer = Peer(place, "reloaders", kind)
    peer.ask("begin", text=text(_BESIDE, 0))
    bodies = count(1)

    def bring_in() -> float:
        body = next(bodies)
        peer.ask("write", text=text(_BESIDE, body))
        took = peer.ask("look")
        peer.ask("check", value=body)
        return took

    return Contender(bring_in, every, warm_up=1)


def _beside_others(place: Place) -> dict[str, Contender]:
    return {
        "LSP": _editor(place, _BESIDE),
        "reload": _reloader(place, "reload", every=10),
        "autoreload": _reloader(place, "autoreload", every=20),
        "jurigged": _reloader(place, "jurigged", every=20),
    }


FLAT = Row(
    "flat",
    "one function redefined, by functions in the module, over LSP",
    _by_size,
    (
        Comparison("1,000", "100", at_most=1.15),
        Comparison("10,000", "100", at_most=1.15),
    ),
    rounds=60,
)
BESIDE_OTHERS = Row(
    "beside-others",
    f"one function redefined in a module of {_BESIDE:,}",
    _beside_others,
    (
        Comparison("autoreload", "LSP", at_least=1_000),
        Comparison("jurigged", "LSP", at_least=1_000),
        Comparison("reload", "LSP"),
    ),
    rounds=40,
)
