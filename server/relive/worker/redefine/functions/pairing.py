"""A function's text before and after an edit, compiled: which code is which, and what runs it."""

from __future__ import annotations

import gc

from relive.worker.redefine.finding.holders import find_holders, note_defaults
from relive.worker.redefine.finding.live import functions_in, is_from, made_at
from relive.worker.redefine.functions.build import Making
from relive.worker.redefine.functions.meaning import reaches_namesake
from relive.worker.redefine.functions.trampoline import other_self_of
from relive.worker.redefine.reading.codes import (
    marked_as,
    moved,
    paired,
    paired_in_place,
    pairs_between,
    same_code,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, FunctionType
    from typing import Any

    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.codes import Pair
    from relive.worker.redefine.reading.definitions import Definition


class Pairing:
    """The code of both texts in pairs, each with the live functions that run the old one."""

    def __init__(
        self,
        planning: Planning,
        new: Definition,
        old: Definition | None,
        cls: type | None,
        bound: Any,
    ) -> None:
        """Compile the new text; `bound` is what its name means, in the class or the module."""
        self._planning = planning
        self._new = new
        self._old = old
        self._class = cls
        self._bound = bound
        self._made: Making | None = None
        self.is_same_text = old is not None and old.source == new.source
        self.is_moved = False
        """Whether its code is what it was, but for the lines."""
        self.all: list[Pair] = []
        new.codes = self._compiled()
        if old is not None:
            new.succeed(old)
            if old.decorators == new.decorators:
                self.mark_as(old.codes)
            self.all = self._paired_with(old)

    def _compiled(self) -> list[CodeType]:
        """Return the code of the new text; what is the same further down is not compiled anew."""
        old, flags = self._old, self._planning.namespace.future_flags
        if old is None or not self.is_same_text or not old.codes:
            return self.making.codes
        is_other = self._planning.has_other_features
        if is_other or any(flags & ~each.co_flags for each in old.codes):
            return self.making.codes  # the file asks for other features of the language by now
        self.is_moved = True
        return [moved(each, self._new.line - old.line) for each in old.codes]

    def _paired_with(self, old: Definition) -> list[Pair]:
        if self.is_moved and not (old.older or old.stand_ins):
            return list(paired_in_place(old.codes, self._new.codes))
        return pairs_between(old, self._new)

    @property
    def making(self) -> Making:
        """The statement, compiled when it is needed; not by the library, whose frame would show."""
        if self._made is None:
            self._made = Making(self._new, self._planning.namespace, self._class)
        return self._made

    def own(self) -> list[Pair]:
        """Return the pairs of the function itself, without what is inside or in its header."""
        name = self._new.own_name
        return [each for each in self.all if each.outermost and each.old.co_name == name]

    def inner(self) -> list[Pair]:
        """Return the pairs of what functions of the text make."""
        return [each for each in self.all if not each.outermost]

    def live(self) -> list[FunctionType]:
        """Return the functions made from the old text that have been found."""
        return [live for pair in self.own() for live in pair.live]

    def find_named(self) -> list[FunctionType]:
        """Return the functions found under the definition's name, which need no further search."""
        found = []
        by_code = {id(pair.old): pair for pair in self.own()}
        named = functions_in(self._bound, self._new)
        by_place: list[FunctionType] | None = None
        for each in named:
            running = other_self_of(each) or each
            pair = by_code.get(id(running.__code__))
            if pair is None:
                by_place = self._made_here(named) if by_place is None else by_place
                pair = self._pair_with(each) if any(each is other for other in by_place) else None
            if pair is not None:
                found.append(each)
                if not any(other is running for other in pair.functions):
                    pair.functions.append(running)
        note_defaults(self.all, found)
        return found

    def find_changed(self) -> None:
        """Find who runs code that changes, or gets another header."""
        own = self.own()
        changed = [each for each in self.all if not each.stays or each in own]
        find_holders(changed, self._planning.running)

    def find_all(self) -> None:
        """Find who runs any of the code."""
        find_holders(self.all, self._planning.running)

    def find_again(self) -> None:
        """Leave of the functions found those that are no garbage, such as earlier steps leave."""
        for pair in self.all:
            pair.functions.clear()
        gc.collect()
        self.find_all()

    def _made_here(self, named: list[FunctionType]) -> list[FunctionType]:
        """Leave of functions those that were made where the text stands, and are no namesake's."""
        if reaches_namesake(self._planning, self._new, self._bound):
            return []  # which stood there until now
        text, files = self._old or self._new, self._planning.files
        return made_at(self._old, [each for each in named if is_from(each, text, files)])

    def _pair_with(self, function: FunctionType) -> Pair | None:
        """Pair the code of a function whose text is known, but not what it was compiled to."""
        self.mark_as([function.__code__])
        pairs = list(paired([function.__code__], self._new.codes))
        self.all += pairs
        return pairs[0] if pairs else None

    def mark_as(self, others: Iterable[CodeType]) -> None:
        """Have the new code be marked as a decorator has marked other code of the function."""
        for other in others:
            marked = {id(each): marked_as(each, other) for each in self._new.codes}
            self._new.codes = list(marked.values())
            for pair in self.all:
                pair.new = marked.get(id(pair.new), pair.new)

    def does_something_else(self) -> bool:
        """Whether the code differs in more than its lines."""
        old, new = self._old, self._new
        if old is None:
            return True
        if self.is_moved:
            return False
        if not old.codes:
            return old.source != new.source
        return len(old.codes) != len(new.codes) or not all(
            same_code(one, other, lines=False) for one, other in zip(old.codes, new.codes)
        )
