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
_SPARE = 10_000
"""Marks that are added at least before the list is rid of what is known no more."""


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
        self.listed: object = None
        """In which list it is, of those that know an object; see `Known`."""

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
        self._marks = 0
        """How many marks they have in all."""
        self._having: dict[int, list[Block]] = {}
        """By the `id` of an object: those with a mark of it, and some that are known no more."""
        self._list = object()
        """Stands for that list, until it is made anew."""
        self._added = 0
        """How many marks were added to it since."""

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
            self._let_go(each.root)
            self._blocks[each.root] = each
            self._marks += len(each.marks)
            self._list_whole(each)
        while self._marks > _MOST:
            self._let_go(next(iter(self._blocks)))
        if self._added > self._marks + _SPARE:
            self._list_anew()

    def _let_go(self, root: int) -> None:
        gone = self._blocks.pop(root, None)
        if gone is not None:
            self._marks -= len(gone.marks)

    def _list_whole(self, block: Block) -> None:
        """List a block, and those that it goes on in, by the objects that they have marks of."""
        waiting = [block]
        while waiting:
            each = waiting.pop()
            if each.listed is not self._list:
                each.listed = self._list
                waiting += each.others.values()
                self._added += len(each.marks)
                for key in each.marks:
                    self._having.setdefault(key, []).append(each)

    def _list_anew(self) -> None:
        self._having, self._list = {}, object()
        for each in self._blocks.values():
            self._list_whole(each)
        self._added = 0

    def spoil(self, objects: set[int]) -> None:
        """Note that objects are not what they were, so nothing that holds them is known.

        Each statement of a file does, and a file of many functions has as many blocks.
        """
        for key in objects:
            for each in self._having.get(key, ()):
                each.is_whole = False
                if self._blocks.get(each.root) is each:
                    self._let_go(each.root)

    def forget(self) -> None:
        """Begin anew: something else than a traced statement ran."""
        self._blocks, self._marks = {}, 0
        self._list_anew()


def _is_leading(value: Any) -> bool:
    kind = type(value)
    if issubclass(kind, type):
        return is_own_class(value)
    return issubclass(kind, _LEADING) or is_cache(value)
