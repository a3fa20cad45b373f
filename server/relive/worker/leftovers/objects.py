"""Objects that were made before their class made them otherwise. Remembered weakly, and only some.

An object without weak references (of a class with slots, or made of a tuple) is not remembered: its
place in memory may be another object's when somebody asks.
"""

from __future__ import annotations

import sys
from itertools import islice
from weakref import ref

from relive.worker.redefine.finding.live import instances_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.leftovers.bodies import Place

_MOST = 10_000
"""Objects remembered of one definition."""
_COUNTABLE_BLOCKS = 2_000_000
"""Memory blocks up to which objects are looked for: that walks the whole heap."""


class Objects:
    """Objects made before, by the definition that made them otherwise then."""

    def __init__(self) -> None:
        self._made: dict[Place, list[tuple[str, list[ref[Any]]]]] = {}
        """With what the definition said when they were made."""

    def note(self, place: Place, making: str, cls: type) -> None:
        """Remember the objects that there are of a class as made by what its text said then."""
        if sys.getallocatedblocks() > _COUNTABLE_BLOCKS:
            return
        known = {id(each) for _, refs in self._made.get(place, ()) for each in _alive(refs)}
        new = (each for each in instances_of(cls) if id(each) not in known)
        refs = list(islice(_weakly(new), _MOST - len(known)))
        if refs:
            self._made.setdefault(place, []).append((making, refs))

    def old(self, place: Place, making: str) -> list[Any]:
        """Return the live objects that were made by something else than `making`."""
        batches = self._made.get(place, ())
        return [each for said, refs in batches if said != making for each in _alive(refs)]

    @property
    def places(self) -> list[Place]:
        """The definitions that something is remembered of."""
        return list(self._made)


def _alive(refs: list[ref[Any]]) -> Iterator[Any]:
    for each in refs:
        found = each()
        if found is not None:
            yield found


def _weakly(objects: Iterator[Any]) -> Iterator[ref[Any]]:
    for each in objects:
        try:
            yield ref(each)
        except TypeError:
            continue
