"""A class that cannot stay the object it is: the new one takes over from it.

Whoever holds the old class is made to hold the new one, subclasses get it as their base, instances
become its own. Objects whose layout differs cannot: with such objects alive the change is refused,
except for tuples, which are values of what was; those stay with the old class and are counted.
"""

from __future__ import annotations

import gc
from abc import ABCMeta
from functools import partial
from types import FunctionType

from relive.worker.redefine.classes.abstract import (
    forget_dispatch,
    settle_abstract,
    virtual_subclasses,
)
from relive.worker.redefine.classes.exchange import (
    Exchange,
    classes_with,
    compiled_holders,
    forget_subclass,
)
from relive.worker.redefine.classes.merge import is_slot, refuses
from relive.worker.redefine.finding.live import instances_of
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction
    from relive.worker.redefine.change import Change
    from relive.worker.redefine.planning import Planning

_put_class = object.__setattr__
_ABSENT = object()
_FUNCTIONS = (FunctionType, staticmethod, classmethod, property)


def moves_not(instance: Any, cls: type) -> str | None:
    """Return why an object does not take `cls` as its class; None if it does. It has its own."""
    before = type(instance)
    try:
        _put_class(instance, "__class__", cls)
    except TypeError as error:
        return str(error)
    _put_class(instance, "__class__", before)
    return None


class Replacement:
    """Plans that `fresh` takes the place of the live class `old`."""

    __slots__ = ("_fresh", "_moving", "_old", "_planning", "_reason", "_transaction")

    def __init__(self, old: type, fresh: type, reason: str, planning: Planning) -> None:
        """Plan for a pair.

        Raises:
            Refused: live objects cannot go over.
        """
        self._old = old
        self._fresh = fresh
        self._reason = reason
        self._planning = planning
        self._transaction = planning.transaction
        self._moving = self._movable()

    def plan(self, carried: Iterable[str], change: Change) -> None:
        """Plan the writes.

        Args:
            carried: names whose live value goes over: their statement did not change, or they are
                planned one by one.
            change: is told what became of instances and references.
        """
        self._carry(carried)
        exchange = Exchange([(self._old, self._fresh)], leaving=self._own_cells())
        for do, undo in exchange.writes:
            self._transaction.call(partial(do), partial(undo))
        self._rebase_subclasses()
        self._note_compiled(exchange)
        for instance in self._moving:
            self._transaction.call(
                partial(_put_class, instance, "__class__", self._fresh),
                partial(_put_class, instance, "__class__", self._old),
            )
        self._transaction.afterwards(self._settle)
        if not (exchange.stuck or self._staying()):
            self._transaction.afterwards(partial(forget_subclass, self._old))
        is_stuck = bool(exchange.stuck) and not issubclass(self._old, tuple)
        note = self._planning.kin.formers.note
        self._transaction.afterwards(partial(note, self._old, self._fresh, is_stuck=is_stuck))
        change.references += exchange.references
        change.reason = self._staying()

    def _note_compiled(self, exchange: Exchange) -> None:
        """Note the classes that are made from this one by an extension, to make them anew."""
        for holder in compiled_holders(exchange):
            owners = [each for each in classes_with(holder) if each is not self._old]
            known = [each for each in owners if self._planning.kin.text_of(each) is not None]
            self._planning.kin.stale.extend(known)

    def _own_cells(self) -> list[Any]:
        """Return the cells by which methods know their class, where objects stay with it."""
        functions = [each for value in vars(self._old).values() for each in _functions(value)]
        cells = [cell for each in functions for cell in each.__closure__ or ()]
        return cells if self._staying() else []

    def _movable(self) -> list[Any]:
        """Return the instances to move.

        Raises:
            Refused: they have another layout than the new class wants.
        """
        instances = [each for each in instances_of(self._old) if type(each) is self._old]
        if not instances or (error := self._moves_not(instances[0])) is None:
            return instances
        del instances
        gc.collect()  # what waits to be collected is no reason
        left = [each for each in instances_of(self._old) if type(each) is self._old]
        if left and not issubclass(self._old, tuple):
            raise Refused(self._cannot(len(left), error))
        return []

    def _moves_not(self, instance: Any) -> str | None:
        """Return why an object cannot become one of the new class; None if it can."""
        if issubclass(self._old, tuple):
            return "a tuple's fields are fixed"
        return moves_not(instance, self._fresh)

    def _cannot(self, count: int, error: str) -> str:
        objects = "1 object of it is alive" if count == 1 else f"{count} objects of it are alive"
        return (
            f"class {self._old.__qualname__!r} cannot be changed while {objects}: {self._reason} "
            f"({error}); let go of them, or evaluate the class to make a new one beside the old, "
            "of which they stay"
        )

    def _staying(self) -> str | None:
        """Say how many objects stay with the old class."""
        if self._moving or not issubclass(self._old, tuple):
            return None
        count = len(instances_of(self._old))
        objects = "1 object stays" if count == 1 else f"{count} objects stay"
        return f"{objects} with the class as it was: {self._reason}" if count else None

    def _carry(self, names: Iterable[str]) -> None:
        """Give the new class, which nobody looks at yet, the state that the program has made.

        One that another metaclass than the common ones has made keeps what that made of it.
        """
        had, made = vars(self._old), vars(self._fresh)
        common = type(self._fresh) in (type, ABCMeta)
        for name in names:
            value, new = had.get(name, _ABSENT), made.get(name, _ABSENT)
            if value is _ABSENT or new is _ABSENT or is_slot(value) or is_slot(new):
                continue
            if isinstance(value, _FUNCTIONS) and common and not self._staying():
                type.__setattr__(self._fresh, name, value)
            elif isinstance(value, _FUNCTIONS):
                _share_code(value, new, self._transaction)
            elif not hasattr(value, "__get__"):
                type.__setattr__(self._fresh, name, value)

    def _rebase_subclasses(self) -> None:
        """Plan that subclasses have the new class as their base, or are made anew themselves."""
        subclasses: list[type] = type.__subclasses__(self._old)
        for each in subclasses:
            bases = tuple(self._fresh if base is self._old else base for base in each.__bases__)
            error = refuses(each, "__bases__", bases)
            if error is None:
                self._transaction.set_attribute(each, "__bases__", bases)
            if error is not None or not issubclass(type(each), type(self._fresh)):
                self._planning.kin.stale.append(each)
            if error is not None and self._planning.kin.text_of(each) is None:
                raise Refused(
                    f"class {self._old.__qualname__!r} cannot be changed: {self._reason}, and its "
                    f"subclass {each.__qualname__!r} does not take it as its base ({error})"
                )

    def _settle(self) -> None:
        self._planning.kin.retired.add(self._old)
        for each in virtual_subclasses(self._old):
            self._fresh.register(each)  # type: ignore[attr-defined]
        settle_abstract(self._fresh)
        forget_dispatch()


def _share_code(old: Any, fresh: Any, transaction: Transaction) -> None:
    """Plan that both classes' functions run one code, so that a later edit finds them all."""
    for one, other in zip(_functions(old), _functions(fresh)):
        if len(one.__code__.co_freevars) == len(other.__code__.co_freevars):
            transaction.afterwards(partial(_run_code_of, one, other))


def _run_code_of(one: FunctionType, other: FunctionType) -> None:
    if len(one.__code__.co_freevars) == len(other.__code__.co_freevars):
        other.__code__ = one.__code__


def _functions(value: Any) -> list[FunctionType]:
    if isinstance(value, FunctionType):
        return [value]
    if isinstance(value, (staticmethod, classmethod)):
        return _functions(value.__func__)
    if isinstance(value, property):
        return [part for each in (value.fget, value.fset, value.fdel) for part in _functions(each)]
    return []
