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


class Names:
    """The names of a module before a step.

    They are looked at where they are until something is about to run or to be written that may
    change them. So a step that gives functions new code, and nothing else, costs the same in a
    module of ten thousand names as in one of ten.
    """

    def __init__(self, scope: dict[str, Any]) -> None:
        self._scope = scope
        self._noted: Snapshot | None = None

    def note(self) -> None:
        """Take them down, before what may change them."""
        if self._noted is None:
            self._noted = Snapshot(self._scope)

    @property
    def are_noted(self) -> bool:
        """Whether they have been taken down."""
        return self._noted is not None

    @property
    def had(self) -> dict[str, Any]:
        """What the names were."""
        return self._scope if self._noted is None else self._noted

    def bound(self) -> list[str]:
        """Return the names that are new, or mean another object."""
        return [] if self._noted is None else self._noted.bound()

    def gone(self, bound: list[str]) -> list[str]:
        """Return the names that are no more; see `Snapshot.gone`."""
        return [] if self._noted is None else self._noted.gone(bound)

    def restore(self) -> None:
        """Bring the names back to what they were."""
        if self._noted is not None:
            self._noted.restore()
