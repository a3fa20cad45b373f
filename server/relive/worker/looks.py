"""What was found about the definitions of modules at the last look, which it is asked for often.

What the program does may change any of it, so all is looked at again once it has run. Until then
only what redefinitions have changed since is.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from relive.worker.history import History
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.reading.known import Definitions

    Found = TypeVar("Found")
    Look = Callable[["set[str] | None"], dict[str, Found]]
    """Finds it of the definitions with these names, or of all (None), by their names."""


class Looks:
    """The last look at each module."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._last: dict[tuple[str, str], tuple[int, str, dict[str, Any]]] = {}
        """By module: the program's turns and the definitions' revision by then, what was found."""

    def now(self, live: Definitions, namespace: Namespace, look: Look[Found]) -> dict[str, Found]:
        """Return what there is to find, with as little to look at as can be."""
        turns, revision = self._history.turns, live.revision
        then, known, found = self._last.get(namespace.key, (-1, revision, {}))
        names = live.changed_since(known) if then == turns else None
        kept = {} if names is None else _without(names, found)
        found = {**kept, **look(names)}
        self._last[namespace.key] = turns, revision, found
        return found


def _without(names: set[str], found: dict[str, Found]) -> dict[str, Found]:
    return {name: each for name, each in found.items() if name not in names}
