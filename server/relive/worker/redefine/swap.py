"""Putting new code into live functions, and telling how many got it and who could not."""

from __future__ import annotations

from collections import Counter
from types import CellType, CodeType
from weakref import ref

from relive.worker.redefine.codes import Coded, Pair, documentation, same_code
from relive.worker.redefine.metadata import plan_attributes
from relive.worker.redefine.trampoline import cells_of, fitted

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
        self._kept: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._changed: list[CodeType] = []

    def plan(self, pair: Pair, attributes: dict[str, Any], wrappers: Iterable[Any] = ()) -> None:
        """Plan that the live functions of `pair` run its new code and get `attributes`."""
        for live in pair.live:
            self.plan_one(pair, live, attributes, wrappers)
        self.note(pair)

    def note(self, pair: Pair) -> None:
        """Note which code is replaced, for `told`."""
        if not same_code(pair.old, pair.new, lines=False):
            self._changed.append(pair.old)

    def plan_one(
        self,
        pair: Pair,
        live: FunctionType,
        attributes: dict[str, Any],
        wrappers: Iterable[Any] = (),
    ) -> None:
        """Do as `plan` for one of the functions."""
        code = fitted(pair.new, live, self._supplied)
        if code is None:
            return self._keep(pair, live)
        self._planning.transaction.set_attribute(live, "__code__", code)
        if code is not pair.new:
            self._new.stand_ins.append(ref(live))
        before, now = documentation(pair.old), documentation(pair.new)
        if before != now:
            attributes = {**attributes, "__doc__": now}
        plan_attributes(live, attributes, wrappers, self._planning.transaction)
        self.functions += not same_code(pair.old, pair.new, lines=False) or bool(attributes)
        return None

    def _keep(self, pair: Pair, live: FunctionType) -> None:
        missing = set(pair.new.co_freevars) - set(cells_of(live))
        self._kept[(pair.old.co_name, tuple(sorted(missing)))] += 1
        if self._old is not None:
            for codes in (self._old.codes, *self._old.older):
                if not any(codes is each for each in self._new.older):
                    self._new.older.append(codes)

    def told(self) -> str | None:
        """Say which closures keep their code and what else goes on with it; None if nothing."""
        told = [_kept(*key, count) for key, count in self._kept.items()]
        running = self._planning.running.told(self._changed)
        return "; ".join([*told, *([running] if running else [])]) or None


def _kept(name: str, missing: tuple[str, ...], count: int) -> str:
    variables = ", ".join(map(repr, missing))
    closures = "1 closure" if count == 1 else f"{count} closures"
    keep = "keeps its code: it was made" if count == 1 else "keep their code: they were made"
    return f"{closures} {name!r} made before {keep} without {variables}"
