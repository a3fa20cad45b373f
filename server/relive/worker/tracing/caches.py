"""What `lru_cache` keeps of functions whose results would be others by now.

Such a cache is taken to follow from its function, and what is edited does not empty it: run again,
a statement would get what was computed from the text that is gone.
"""

from __future__ import annotations

from _weakref import ref

from relive.worker.tracing.closure import Closure
from relive.worker.tracing.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.tracing.places import Place, Places


class Caches:
    """The caches that the statements of one worker came by."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._met: dict[int, Any] = {}
        """Weak references, by the `id` of what they refer to."""

    def meet(self, values: Iterable[Any]) -> None:
        """Note caches that may have been filled."""
        self._met.update((id(each), ref(each)) for each in values)

    def drop(self, outdated: set[Place]) -> None:
        """Empty the caches of functions that may look up or run what is another by now."""
        alive = {key: cache for key, link in self._met.items() if (cache := link()) is not None}
        self._met = {key: self._met[key] for key in alive}
        if alive:
            self._places.look()
        for cache in alive.values():
            closure = Closure(self._places, Graph(0.0), follows=True)
            closure.add_cached(cache)
            # What it gives other values itself, such as a count of its calls, it does not come of.
            if not (outdated - closure.binds).isdisjoint([*closure.reads, *closure.ran]):
                type(cache).cache_clear(cache)
