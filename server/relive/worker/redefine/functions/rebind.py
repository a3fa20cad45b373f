"""Binding a name to something new, and making go over to it who holds what was there."""

from __future__ import annotations

from types import FunctionType
from weakref import ref

from relive.worker.redefine.finding.live import bound_to, functions_in
from relive.worker.redefine.functions.build import attribute_name
from relive.worker.redefine.functions.trampoline import target_of, trampoline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.codes import Coded
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.receipt import Change

_DESCRIPTORS = (staticmethod, classmethod, property)


class Rebinding:
    """The name of a definition on its way to something new."""

    def __init__(
        self, planning: Planning, new: Definition, old: Coded | None, owner: Any, change: Change
    ) -> None:
        self._planning = planning
        self._new = new
        self._old = old
        self._owner = owner
        self._change = change
        self._bound = bound_to(new, owner)

    def plan(self, made: Any) -> None:
        """Plan that the name, names elsewhere and held functions go over to `made`."""
        self._planning.bind(self._owner, attribute_name(self._new), made)
        if self._bound is None:
            return
        own = not (self._is_of_another_module() or self._is_given_by_statement())
        if not isinstance(self._owner, type):
            if made is not self._bound and not isinstance(self._bound, type):
                self._planning.replaced.add(self._new.own_name)
            follow = self._planning.follower.follow
            self._change.references += follow(self._new.own_name, self._bound, made, own=own)
        if own and _can_be_called(made) and not self.is_of_namesake():
            for held in [self._bound, *self.stand_ins()]:
                if isinstance(held, FunctionType) and held is not made:
                    self._pass_on(held, made)

    def _is_given_by_statement(self) -> bool:
        """Whether a statement has given the name what it means: that stays what it is elsewhere."""
        return self._new.key in self._planning.given_by_statements

    def _is_of_another_module(self) -> bool:
        """Whether the name was imported until now: what it was stays what it is elsewhere."""
        in_module = not isinstance(self._owner, type)
        return in_module and self._old is None and self._planning.is_imported(self._new.own_name)

    def _pass_on(self, held: FunctionType, made: Any) -> None:
        self._planning.transaction.set_attribute(held, "__code__", trampoline(made, held))
        self._new.stand_ins = (*self._new.stand_ins, ref(held))
        self._change.functions += 1

    def stand_ins(self) -> list[FunctionType]:
        """Return the functions that pass calls on to what the name is bound to."""
        known = [each() for each in ([] if self._old is None else self._old.stand_ins)]
        return [each for each in known if each is not None and target_of(each) is self._bound]

    def is_of_namesake(self) -> bool:
        """Whether the name means another definition of the text: a later one, another branch."""
        codes = [each.__code__ for each in functions_in(self._bound, self._new)]
        key, shared = self._new.key, self._new.shared_key
        # A namesake of this step may run its new code already.
        known = [*self._planning.live.namesakes(shared), *self._planning.planned.values()]
        others = [each for each in known if each.shared_key == shared and each.key != key]
        return any(code is own for code in codes for each in others for own in each.own_codes)


def _can_be_called(made: Any) -> bool:
    return callable(made) and not isinstance(made, _DESCRIPTORS)
