"""What is known of objects from the last time they were looked at, so that they need not be again.

A trace tells all that a statement has changed, so what it is silent about is what it was. Objects
are known by their `id` here, and the `id` of one that is gone may be another's by now. That one has
another mark, or refers to the same objects and holds the same values: nothing is missed by it.
"""

from __future__ import annotations

from _weakref import ref
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType, ModuleType

from relive.worker.keeping.belonging import is_own_class
from relive.worker.tracing.kinds import is_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_LEADING = (FunctionType, ModuleType, GeneratorType, CoroutineType, AsyncGeneratorType)
_MOST = 300_000
"""Objects that are known at a time."""


class Block:
    """What can be reached from an object, and was looked at there and then."""

    def __init__(self, root: int) -> None:
        self.root = root
        """The `id` of that object."""
        self.marks: dict[int, Any] = {}
        self.is_whole = True
        """Whether nothing was left out."""
        self.others: dict[int, Block] = {}
        """Where the rest was looked at that can be reached from it."""
        self._leading: list[Any] = []

    def note(self, value: Any) -> None:
        """Note an object if code may be come by through it."""
        if _is_leading(value):
            self._leading.append(ref(value))

    def go_on_in(self, other: Block) -> None:
        """Note that an object that this one comes to was looked at in another."""
        if other is not self:
            self.others[id(other)] = other

    def leading(self) -> list[Any]:
        """Return the objects through which code may be come by."""
        return [each for each in (link() for link in self._leading) if each is not None]

    def with_others(self) -> list[Block]:
        """Return this one and all that it goes on in."""
        found: dict[int, Block] = {}
        waiting = [self]
        while waiting:
            each = waiting.pop()
            if id(each) not in found:
                found[id(each)] = each
                waiting += each.others.values()
        return list(found.values())


class Known:
    """What was looked at by the last statements, as far as it is what it was."""

    def __init__(self) -> None:
        self._blocks: dict[int, Block] = {}
        """By the `id` of the object that they begin with, the latest at the end."""
        self._too_large: set[int] = set()

    def of(self, root: int) -> Block | None:
        """Return what is known of all that can be reached from an object; None: not all of it."""
        block = self._blocks.get(root)
        if block is None or not all(each.is_whole for each in block.with_others()):
            return None
        return block

    def is_too_large(self, root: Any) -> bool:
        """Whether not all could be looked at of what this object leads to, though there was time.

        It may be another object by now: then the next statement takes the time to look at it.
        """
        return id(root) in self._too_large

    def keep(self, blocks: Iterable[Block], *, had_time: bool = False) -> None:
        """Keep what was looked at; `had_time`: more would be too much another time, too."""
        for each in blocks:
            if had_time and not each.is_whole:
                self._too_large.add(each.root)
            self._blocks.pop(each.root, None)
            self._blocks[each.root] = each
        while sum(len(each.marks) for each in self._blocks.values()) > _MOST:
            del self._blocks[next(iter(self._blocks))]

    def spoil(self, objects: set[int]) -> None:
        """Note that objects are not what they were, so nothing that holds them is known."""
        blocks = {id(each): each for one in self._blocks.values() for each in one.with_others()}
        for each in blocks.values():
            if any(key in each.marks for key in objects):
                each.is_whole = False
        self._blocks = {key: each for key, each in self._blocks.items() if each.is_whole}

    def forget(self) -> None:
        """Begin anew: something else than a traced statement ran."""
        self._blocks = {}


def _is_leading(value: Any) -> bool:
    kind = type(value)
    if issubclass(kind, type):
        return is_own_class(value)
    return issubclass(kind, _LEADING) or is_cache(value)
