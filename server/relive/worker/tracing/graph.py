"""The objects that can be reached from some, with a mark of each: taken twice they tell a change.

Before a statement runs they are known by their `id` alone: none lives longer for being looked at.
"""

from __future__ import annotations

from time import thread_time

from relive.worker.tracing.parts import PLAIN, look_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_OFTEN = 64
"""Objects between two looks at the clock."""


class Graph:
    """Objects and what they refer to."""

    def __init__(self, seconds: float, *, holds: bool = False) -> None:
        """Begin; no more time than `seconds` is spent. `holds`: the objects are kept in it."""
        self.objects: dict[int, Any] = {}
        self._holds = holds
        self._until = thread_time() + seconds
        self.marks: dict[int, Any] = {}
        self.moving: set[int] = set()
        """Objects whose state cannot be seen, and which using them changes."""
        self.partial: set[int] = set()
        """Objects of which not everything was looked at."""
        self._holders: dict[int, list[int]] = {}
        """By object those that refer to it."""

    def walk(self, root: Any, share: float = 0.5) -> list[Any]:
        """Look at all that can be reached from `root`; return the objects that were new.

        `share`: how much of the time that is left this one may take.
        """
        now = thread_time()
        until = now + max((self._until - now) * share, 0.0)
        new: list[Any] = []
        waiting = [root]
        while waiting:
            value = waiting.pop()
            if type(value) in PLAIN or id(value) in self.marks:
                continue
            if len(new) % _OFTEN == _OFTEN - 1 and thread_time() > until:
                self.partial.add(id(root))
                break
            new.append(value)
            if self._holds:
                self.objects[id(value)] = value
            waiting += self._look(value)
        return new

    def _look(self, value: Any) -> list[Any]:
        key = id(value)
        look = look_at(value)
        self.marks[key] = None if look is None else look.mark
        if look is None:
            return []
        if look.moves:
            self.moving.add(key)
        if not look.whole:
            self.partial.add(key)
        parts = [each for each in look.parts if type(each) not in PLAIN]
        for each in parts:
            self._holders.setdefault(id(each), []).append(key)
        return parts

    def changed_since(self, before: Graph) -> set[int]:
        """Return the objects that are in both, and not what they were."""
        known = before.marks
        return {key for key, mark in self.marks.items() if key in known and known[key] != mark}

    def reaching(self, objects: set[int]) -> set[int]:
        """Return the objects by which one of `objects` is reached, those themselves too."""
        found: set[int] = set()
        waiting = list(objects)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += self._holders.get(key, ())
        return found
