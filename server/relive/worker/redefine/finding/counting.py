"""Counting what a redefinition reached: instances, and names elsewhere. Costs a few milliseconds.

On a small heap the counts are exact. On a large one only so many objects are looked at, from the
names of the workspace's modules on, through containers and attributes; and only so many names. The
counts then are "at least". The limits are numbers of objects, and no times, so that the same
program gives the same receipt on a busy machine.
"""

from __future__ import annotations

import gc
import sys
from collections import Counter, deque
from functools import cached_property
from itertools import islice
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from relive.worker.namespace import Namespace
    from relive.worker.redefine.change import Change

_SMALL_HEAP = 250_000
"""Memory blocks up to which all objects are looked at: some 100,000, in a few milliseconds."""
_OF_THE_INTERPRETER = 1_000
"""Objects that the interpreter may have frozen at its start; frozen objects cannot be listed."""
_MAX_OBJECTS = 20_000
_MAX_NAMES = 100_000
"""What is looked at on a larger heap, in about that time."""
_MAX_HELD = 1_000
"""Items looked at in one container: thousands alike would hide all others."""
_CODE = (FunctionType, BuiltinFunctionType, CodeType, ModuleType, type)
_LEAVES = (*_CODE, str, bytes, int, float, type(None))
"""What holds no instances, or leads to everything there is."""


class Census:
    """The counts for one redefinition."""

    def __init__(self, is_workspace: Iterable[ModuleType]) -> None:
        """Count, looking first in the modules of the workspace."""
        self._first = list(is_workspace)
        self._kinds: Counter[type] | None = None

    @cached_property
    def _is_small(self) -> bool:
        """Whether all objects can be looked at. To tell takes longer on a larger heap."""
        shown = gc.get_freeze_count() < _OF_THE_INTERPRETER
        return shown and sys.getallocatedblocks() <= _SMALL_HEAP

    def fill(self, namespace: Namespace, changes: list[Change]) -> None:
        """Write into the records of a module's changes what they reached."""
        told = [change for change in changes if change.outcome in ("redefined", "added")]
        self._count_instances([change for change in told if change.counted is not None])
        self._count_names(namespace.module, [change for change in told if "." not in change.name])
        for change in told:
            change.references = max(change.references, change.named)

    def _count_instances(self, changes: list[Change]) -> None:
        for change in changes:
            if self._kinds is None:
                self._kinds = self._all_kinds()
            kinds = self._kinds.items()
            change.instances = sum(n for kind, n in kinds if change.counted in type.mro(kind))
            change.at_least = change.at_least or not self._is_small

    def _all_kinds(self) -> Counter[type]:
        """Count live objects by type: by `type`, since `__class__` may be answered by user code."""
        return Counter(map(type, gc.get_objects() if self._is_small else self._reachable()))

    def _reachable(self) -> Iterator[Any]:
        """Yield objects, those nearest to the names of the workspace's modules first."""
        seen: set[int] = set()
        waiting: deque[Any] = deque(map(vars, self._first))
        waiting += [frame.f_locals for frame in _frames()]
        while waiting and len(seen) < _MAX_OBJECTS:
            each = waiting.popleft()
            if id(each) not in seen:
                seen.add(id(each))
                yield each
                waiting += [held for held in _held_by(each) if not issubclass(type(held), _LEAVES)]

    def _count_names(self, home: ModuleType, changes: list[Change]) -> None:
        """Count the names of other modules that are the function or class."""
        named = [each for each in changes if each.name in vars(home) and not each.is_alone]
        wanted = {id(vars(home)[each.name]): each for each in named}
        looked_at = 0
        for module in self._modules(home) if wanted else ():
            names = list(vars(module).values())
            looked_at += len(names)
            if looked_at > _MAX_NAMES and not self._is_small:
                for change in wanted.values():
                    change.at_least = True
                return
            for identity in filter(wanted.__contains__, map(id, names)):
                wanted[identity].named += 1

    def _modules(self, home: ModuleType) -> list[ModuleType]:
        loaded = [each for each in list(sys.modules.values()) if isinstance(each, ModuleType)]
        unique = {id(each): each for each in [*self._first, *loaded] if each is not home}
        return list(unique.values())


def _frames() -> Iterator[Any]:
    for frame in sys._current_frames().values():
        walker = frame
        while walker is not None:
            yield walker
            walker = walker.f_back  # type: ignore[assignment]


def _held_by(value: Any) -> list[Any]:
    kind = type(value)  # itself, and no subclass, whose methods may be the user's
    if kind is dict:
        return list(islice(list(value.values()), _MAX_HELD))
    if kind in (list, tuple, set, frozenset, deque):
        return list(islice(value, _MAX_HELD))
    return gc.get_referents(value)[:_MAX_HELD]
