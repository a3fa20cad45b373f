"""Putting new code into live functions, and telling how many got it and who could not."""

from __future__ import annotations

from collections import Counter
from types import CellType, CodeType
from weakref import ref

from relive.worker.redefine.finding.live import class_holding
from relive.worker.redefine.functions.defaults import Headers, Unknown, adapted
from relive.worker.redefine.functions.metadata import plan_attributes
from relive.worker.redefine.functions.trampoline import (
    DEFAULTS,
    cells_of,
    fitted,
    passing_on_to,
    trampoline,
)
from relive.worker.redefine.reading.codes import Coded, Pair, documentation, same_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FunctionType
    from typing import Any

    from relive.worker.redefine.planning import Planning


class Swap:
    """The new code of one piece of text on its way into live functions."""

    def __init__(
        self, planning: Planning, old: Coded | None, new: Coded, owner: type | None = None
    ) -> None:
        """Plan for one text.

        Args:
            planning: takes the writes.
            old: what the image has of it.
            new: the text as it is now, compiled.
            owner: the live class it stands in, which `super()` in it means.
        """
        self.functions = 0
        """How many live functions got other code than before."""
        self._planning = planning
        self._old = old
        self._new = new
        self._supplied = {"__class__": CellType(owner)} if owner is not None else {}
        self._headers: tuple[Headers, Headers] | None = None
        self._kept: Counter[tuple[str, str]] = Counter()
        self._changed: list[CodeType] = []

    def plan_inner(self, pair: Pair) -> None:
        """Do so for functions made by others, or by a statement that does not run again."""
        for live in pair.live:
            try:
                attributes = adapted(pair, live, *self._known_headers())
            except Unknown as parameter:
                self._keep(pair, f"a value for {str(parameter)!r}")
                continue
            self.plan_one(pair, live, attributes)
        self.note(pair)

    def _known_headers(self) -> tuple[Headers, Headers]:
        if self._headers is None:
            texts = (self._old or self._new, self._new)
            old, new = (Headers(each.node, each.shift) for each in texts)
            self._headers = old, new
        return self._headers

    def note(self, pair: Pair) -> None:
        """Note which code is replaced, for `told`."""
        if not same_code(pair.old, pair.new, lines=False):
            self._changed.append(pair.old)
            if self._old is not None:
                self._planning.exchanged.append((self._old, pair.old))

    def plan_one(
        self,
        pair: Pair,
        live: FunctionType,
        attributes: dict[str, Any],
        wrappers: Iterable[Any] = (),
    ) -> None:
        """Do as `plan` for one of the functions."""
        code = fitted(pair.new, live, self._supply(pair, live))
        if code is None:
            missing = sorted(set(pair.new.co_freevars) - set(cells_of(live)))
            return self._keep(pair, ", ".join(map(repr, missing)))
        self._planning.transaction.set_attribute(live, "__code__", code)
        if code is not pair.new:
            self._new.stand_ins = (*self._new.stand_ins, ref(live))
        before, now = documentation(pair.old), documentation(pair.new)
        if before != now:
            attributes = {**attributes, "__doc__": now}
        plan_attributes(live, attributes, wrappers, self._planning.transaction)
        self._fit_those_passing_on_to(live, pair.new, attributes)
        self.functions += not same_code(pair.old, pair.new, lines=False) or bool(attributes)
        return None

    def _fit_those_passing_on_to(
        self, live: FunctionType, code: CodeType, attributes: dict[str, Any]
    ) -> None:
        """Have functions that pass calls on to a live one take the parameters that it takes."""
        for held in [] if self._old is None else passing_on_to(live, self._old):
            passing = trampoline(live, held, code=code)
            self._planning.transaction.set_attribute(held, "__code__", passing)
            for name in DEFAULTS:
                if name in attributes:
                    self._planning.transaction.set_attribute(held, name, attributes[name])

    def _supply(self, pair: Pair, live: FunctionType) -> dict[str, CellType]:
        """Return cells that can be made: that of `super()`, if a class has the function."""
        needed = "__class__" in pair.new.co_freevars and "__class__" not in cells_of(live)
        if not needed or self._supplied:
            return self._supplied
        cls = class_holding(live)
        return {} if cls is None else {"__class__": CellType(cls)}

    def _keep(self, pair: Pair, missing: str) -> None:
        self._kept[(pair.old.co_name, missing)] += 1
        if self._old is not None:
            for codes in (self._old.codes, *self._old.older):
                if not any(codes is each for each in self._new.older):
                    self._new.older = (*self._new.older, codes)

    def told(self) -> str | None:
        """Say which closures keep their code and what else goes on with it; None if nothing."""
        told = [_kept(*key, count) for key, count in self._kept.items()]
        running = self._planning.running.told(self._changed)
        return "; ".join([*told, *([running] if running else [])]) or None


def _kept(name: str, missing: str, count: int) -> str:
    closures = "1 closure" if count == 1 else f"{count} closures"
    keep = "keeps its code: it was made" if count == 1 else "keep their code: they were made"
    return f"{closures} {name!r} made before {keep} without {missing}"
