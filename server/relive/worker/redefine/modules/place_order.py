"""Attributes and items that several statements of a text give a value: the last of them counts."""

from __future__ import annotations

import ast
from functools import cached_property

from relive.worker.redefine.modules.places import place_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from relive.worker.redefine.reading.matching import Ran
    from relive.worker.redefine.reading.source import Source
    from relive.worker.redefine.reading.toplevel import TopLevel

    Ends = dict[str, list[TopLevel]]
    """By place: the last statement that gives it its value, and what adds on to that."""


class PlaceOrder:
    """The order of statements in a new text, and that in which they have run."""

    def __init__(self, former: Source | None, new: Source, ran: Ran) -> None:
        """Compare two texts; `former`: the one that was brought in before."""
        self._former = former
        self._new = new
        self._ran = ran
        self._given: set[str] = set()
        """Places that have got another value while the new text is gone through."""
        self._read: dict[str, str] = {}
        """How those are looked up, with their words."""

    def __bool__(self) -> bool:
        """Whether there are such places."""
        return bool(self._given)

    def read_by(self, each: TopLevel) -> set[str]:
        """Return those of such places that a statement looks up, in words."""
        return {words for read, words in self._read.items() if read in each.exact_text}

    def note(self, each: TopLevel) -> None:
        """Note that a statement has run."""
        if each.places:
            self._given.update(place_keys(each))
            for place in each.places:
                read = ast.parse(words := ast.unparse(place), mode="eval").body
                self._read[ast.dump(read)] = words

    def comes_after(self, each: TopLevel) -> bool:
        """Whether it has to do with a place that has just been given another value."""
        return bool(self) and not self._given.isdisjoint(place_keys(each))

    def is_covered(self, each: TopLevel) -> bool:
        """Whether all that it gives a value is given another one further down."""
        if not each.places or each.binds:
            return False
        ends = [self._now.get(key) for key in place_keys(each)]
        return all(end and end[0].line > each.line for end in ends)

    def former(self, each: TopLevel) -> TopLevel | None:
        """Return what gave a place its value, if this statement, which had run too, does by now."""
        if len(each.places) != 1 or each.adds_on or each.binds:
            return None
        key = place_keys(each)[0]
        before, now = self._before.get(key), self._now.get(key)
        if not before or not now or now[0].node is not each.node or key not in self._moved:
            return None
        return before[0]

    def is_settled(self, gone: TopLevel) -> bool:
        """Whether what a statement gave that is gone was taken back by another one."""
        return (
            bool(gone.places)
            and self._moved.issuperset(place_keys(gone))
            and (self._given.issuperset(place_keys(gone)))
        )

    @cached_property
    def _moved(self) -> set[str]:
        """The places whose value other statements give than before, all of which have run."""
        ran: dict[str, list[TopLevel]] = {}
        for each in self._ran:
            for key in place_keys(each) if each.places else ():
                ran.setdefault(key, []).append(each)
        several = {key for key, statements in ran.items() if len(statements) > 1}
        if not several or self._former is None:
            return set()
        done = _ends(self._ran)
        return {
            key
            for key in several & self._before.keys() & self._now.keys()
            if _told(self._now[key]) not in (_told(self._before[key]), _told(done.get(key, ())))
            and set(_told(self._now[key])) <= set(_told(ran[key]))
        }

    @cached_property
    def _before(self) -> Ends:
        return {} if self._former is None else _ends(self._former.everything())

    @cached_property
    def _now(self) -> Ends:
        return _ends(self._new.everything())


def _ends(statements: Iterable[TopLevel]) -> Ends:
    """Return them; none of a place that a branch gives a value: it may not be in force."""
    found: Ends = {}
    branches: set[str] = set()
    for each in statements:
        for key in place_keys(each) if each.places else ():
            if each.node.col_offset:
                branches.add(key)
            elif not each.adds_on:
                found[key] = [each]
            elif key in found:
                found[key].append(each)
    return {key: end for key, end in found.items() if key not in branches}


def _told(statements: Iterable[TopLevel]) -> list[str]:
    return [each.text for each in statements]
