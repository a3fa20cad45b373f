"""The names of a module at one moment, and what has become of them since."""

from __future__ import annotations

from itertools import compress, repeat
from operator import is_not

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

ABSENT = object()


class Snapshot(dict):  # type: ignore[type-arg] # subscripted, it would be made slowly
    """What the names of a module were, or those of them that can change meanwhile."""

    def __init__(self, scope: dict[str, Any], names: Iterable[str] | None = None) -> None:
        self._scope = scope
        self._names = names
        super().__init__(self._now())

    def _now(self) -> dict[str, Any]:
        if self._names is None:
            return self._scope
        return {name: self._scope[name] for name in self._names if name in self._scope}

    def bound(self) -> list[str]:
        """Return the names that are new, or mean another object.

        Without a step in Python for each name: a module may have ten thousand.
        """
        scope = self._now()
        had: Iterable[Any] = self.values()
        if list(scope) != list(self):  # else the values stand in one order, and none is looked up
            had = map(self.get, scope, repeat(ABSENT))
        return list(compress(scope, map(is_not, scope.values(), had)))

    def gone(self, bound: list[str]) -> list[str]:
        """Return the names that are no more; `bound` are those that are new, or mean another one.

        As a rule the numbers tell that there are none.
        """
        now = self._now()
        if len(now) == len(self) + sum(name not in self for name in bound):
            return []
        return list(self.keys() - now.keys())

    def restore(self) -> None:
        """Bring the module's names back to what they were."""
        for name in self._scope.keys() - self.keys():
            del self._scope[name]
        self._scope.update(self)
