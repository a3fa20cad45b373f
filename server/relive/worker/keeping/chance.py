"""The states of the random generators that everybody shares: `random`, and NumPy's."""

from __future__ import annotations

import sys
from _blake2 import blake2b  # see `content.py`

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def states() -> dict[str, Any]:
    """Return the states of the generators whose modules are loaded, by module."""
    found = {}
    for name, (read, _) in _generators().items():
        found[name] = read()
    return found


def mark(states_then: dict[str, Any], names: list[str]) -> str:
    """Return a mark of the states of the generators `names`."""
    told_of_all = [(name, told(states_then.get(name))) for name in sorted(names)]
    return blake2b(repr(told_of_all).encode(), digest_size=32).hexdigest()


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the names of the generators that have moved on, or were loaded and used meanwhile."""
    return sorted(
        name for name in after if name in before and mark(before, [name]) != mark(after, [name])
    )


def restore(states_then: dict[str, Any]) -> None:
    """Put generators where they were."""
    ours = _generators()
    for name, state in states_then.items():
        if name in ours:
            ours[name][1](state)


def _generators() -> dict[str, Any]:
    found = {}
    random, numpy = sys.modules.get("random"), sys.modules.get("numpy.random")
    if hasattr(random, "getstate"):
        found["random"] = (random.getstate, random.setstate)  # type: ignore[union-attr]
    if hasattr(numpy, "get_state"):
        found["numpy.random"] = (numpy.get_state, numpy.set_state)  # type: ignore[union-attr]
    return found


def told(state: Any) -> str:
    """Return a state as text, with its arrays written out: their own text is cut."""
    if isinstance(state, tuple):
        state = tuple(each.tobytes() if hasattr(each, "tobytes") else each for each in state)
    return repr(state)
