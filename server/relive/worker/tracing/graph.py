"""The objects that can be reached from some, with a mark of each: taken twice they tell a change.

Before a statement runs they are known by their `id` alone: none lives longer for being looked at.
"""

from __future__ import annotations

from itertools import count
from time import thread_time

from relive.worker.tracing.kinds import Kinds
from relive.worker.tracing.known import Block
from relive.worker.tracing.parts import PLAIN, look_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.tracing.known import Known

_OFTEN = 64
"""Objects between two looks at the clock."""
_LEADING_NOWHERE = frozenset([dict, list, tuple, set, frozenset])
"""Types whose objects lead to no code by themselves."""


class Graph:
    """Objects and what they refer to."""

    def __init__(self, seconds: float, *, holds: bool = False, known: Known | None = None) -> None:
        """Begin; no more time than `seconds` is spent.

        `holds`: the objects are kept in it. `known`: what need not be looked at again.
        """
        self.objects: dict[int, Any] = {}
        self._holds = holds
        self._known = known
        self._kinds = Kinds()
        self._until = thread_time() + seconds
        self.moving: set[int] = set()
        """Objects whose state cannot be seen, and which using them changes."""
        self.partial: set[int] = set()
        """Objects of which not everything was looked at."""
        self.blocks: list[Block] = []
        """What was looked at, by where that began."""
        self._block_of: dict[int, Block] = {}
        """By object: where it was looked at."""

    def walk(self, root: Any, share: float = 0.75) -> list[Any]:
        """Look at all that can be reached from `root`; return those new that may lead to code.

        `share`: how much of the time that is left this one may take.
        """
        if type(root) in PLAIN or id(root) in self._block_of:
            return []
        block = None if self._known is None else self._known.of(id(root))
        if block is not None:
            return self._take(block)
        now = thread_time()
        block = Block(id(root))
        self.blocks.append(block)
        self._walk(root, block, now + max((self._until - now) * share, 0.0))
        return block.leading()

    def _walk(self, root: Any, block: Block, until: float) -> None:
        waiting, blocks = [root], self._block_of
        for passed in count(1):
            if not waiting:
                return
            value = waiting.pop()
            if type(value) in PLAIN:
                continue
            known = blocks.get(id(value))
            if known is not None:
                block.go_on_in(known)
            elif passed % _OFTEN == 0 and thread_time() > until:
                self.partial.add(block.root)
                block.is_whole = False
                return
            else:
                waiting += self._look(value, block)

    def _look(self, value: Any, block: Block) -> Iterable[Any]:
        key = id(value)
        self._block_of[key] = block
        if self._holds:
            self.objects[key] = value
        if type(value) not in _LEADING_NOWHERE:
            block.note(value)
        look = look_at(value, self._kinds)
        if look is None:
            block.marks[key] = None
            return ()
        block.marks[key] = look.mark
        if look.moves:
            self.moving.add(key)
        if not look.whole:
            self.partial.add(key)
            block.is_whole = False
        return look.parts

    def _take(self, block: Block) -> list[Any]:
        """Take in what is known already; return what of it may lead to code."""
        leading = []
        for each in block.with_others():
            self._block_of.update(dict.fromkeys(each.marks, each))
            leading += each.leading()
        return leading

    def recall(self, roots: Iterable[int]) -> None:
        """Take in what is known of objects that were not come by so far."""
        for key in roots:
            block = None if self._known is None or key in self else self._known.of(key)
            if block is not None:
                self._take(block)

    def __contains__(self, key: int) -> bool:
        """Whether an object was looked at."""
        return key in self._block_of

    def can_change(self, key: int) -> bool:
        """Whether an object was looked at, and is of a kind that can change."""
        block = self._block_of.get(key)
        return block is not None and block.marks[key] is not None

    def changed_since(self, before: Graph) -> set[int]:
        """Return the objects that are in both, and not what they were."""
        return {
            key
            for block in self.blocks
            for key, mark in block.marks.items()
            if key in before and before._block_of[key].marks[key] != mark
        }

    def let_go(self, after: Graph) -> set[int]:
        """Return the objects that can change, and were not come by any more."""
        return {key for key in self._block_of if key not in after and self.can_change(key)}

    def reaching(self, objects: set[int]) -> set[int]:
        """Return the objects by which one of `objects` is reached, those themselves too."""
        holders: dict[int, list[int]] = {}
        for key, value in self.objects.items():
            look = look_at(value, self._kinds)
            for part in () if look is None else look.parts:
                holders.setdefault(id(part), []).append(key)
        found: set[int] = set()
        waiting = list(objects)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += holders.get(key, ())
        return found
