"""Binding a name to something new, and making go over to it who holds what was there."""

from __future__ import annotations

import gc
from functools import _lru_cache_wrapper, partial
from types import FunctionType
from weakref import ref

from relive.worker.redefine.finding.live import bound_to, functions_behind, reachable
from relive.worker.redefine.functions.build import attribute_name
from relive.worker.redefine.functions.meaning import reaches_namesake
from relive.worker.redefine.functions.registries import leave_one
from relive.worker.redefine.functions.trampoline import passing_on_to, plan_passing_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction
    from relive.worker.redefine.change import Change
    from relive.worker.redefine.functions.build import Built
    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.codes import Coded
    from relive.worker.redefine.reading.definitions import Definition

_BOUND_TO_CLASSES = (staticmethod, classmethod)
_DESCRIPTORS = (*_BOUND_TO_CLASSES, property)


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
            defined = self._old is not None
            references = follow(self._new.own_name, self._bound, made, own=own, defined=defined)
            self._change.references += references
        called = self._called_for(made)
        if _can_be_called(called) and not self.reaches_namesake():
            stand_ins = self.stand_ins()
            for held in [self._bound, *stand_ins] if own else stand_ins:
                if isinstance(held, FunctionType) and held is not called:
                    self._pass_on(held, called)
            if stand_ins:
                drop = partial(drop_what_caches_keep, stand_ins)
                self._planning.transaction.afterwards(drop)

    def _called_for(self, made: Any) -> Any:
        """Return what those are to call that called the class whose place `made` takes."""
        is_opened = isinstance(made, _BOUND_TO_CLASSES) and isinstance(self._bound, type)
        return made.__get__(None, self._owner) if is_opened else made

    def take_over_kind(self, old: Definition | None, made: Built) -> None:
        """Plan that who held a function calls the class that has its place; or the reverse.

        `old`: what the function was made from.
        """
        before = [self._bound]
        if old is not None:
            before += self._pass_on_inside(old, made.value)
        for each in (made.value, made.function):
            leave = partial(leave_one, before, each, spares_scopes=True)
            self._planning.transaction.afterwards(leave)

    def _pass_on_inside(self, old: Definition, made: Any) -> list[FunctionType]:
        """Plan that functions inside of decorators, or of a static method, call the class `made`.

        One that is given an object or class first goes on with what it does. Returns the others.
        """
        if isinstance(self._bound, (property, classmethod)) or not callable(made):
            return []
        inside = [each for each in functions_behind(self._bound, old) if each is not self._bound]
        for held in inside:
            self._pass_on(held, made)
        return inside

    def _is_given_by_statement(self) -> bool:
        """Whether a statement has given the name what it means: that stays what it is elsewhere."""
        return self._new.key in self._planning.given_by_statements

    def _is_of_another_module(self) -> bool:
        """Whether the name was imported until now: what it was stays what it is elsewhere."""
        in_module = not isinstance(self._owner, type)
        return in_module and self._old is None and self._planning.is_imported(self._new.own_name)

    def _pass_on(self, held: FunctionType, made: Any) -> None:
        plan_passing_on(held, made, self._planning.transaction, is_noted=True)
        self._new.stand_ins = (*self._new.stand_ins, ref(held))
        self._change.functions += 1

    def stand_ins(self) -> list[FunctionType]:
        """Return the functions that pass calls on to what the name is bound to."""
        known = [] if self._old is None else passing_on_to(self._bound, self._old)
        if isinstance(self._owner, type):
            return known
        others = self._planning.passing_on(self._new.own_name, self._bound)
        return [*known, *(each for each in others if all(each is not one for one in known))]

    def reaches_namesake(self) -> bool:
        """Whether what another definition of the name has made is behind what the name means."""
        return reaches_namesake(self._planning, self._new, self._bound)


def pass_on_to(
    old: type, now: Any, text: Coded, transaction: Transaction, spared: Container[int] = ()
) -> None:
    """Plan that functions whose place a class has taken call what has its place now.

    `spared`: by `id`, those that are seen to otherwise.
    """
    if not callable(now):
        return
    called = set(map(id, reachable(now)))  # which it may call
    others = [
        each
        for each in passing_on_to(old, text)
        if id(each) not in called and id(each) not in spared
    ]
    for each in others:
        plan_passing_on(each, now, transaction)
    if others:
        transaction.afterwards(partial(drop_what_caches_keep, others))


def drop_what_caches_keep(functions: list[FunctionType]) -> None:
    """Have caches over functions that call another object now lose what the former one gave."""
    for each in gc.get_referrers(*functions):
        if isinstance(each, _lru_cache_wrapper):
            each.cache_clear()


def _can_be_called(made: Any) -> bool:
    return callable(made) and not isinstance(made, _DESCRIPTORS)
