"""A class whose statement has to run again: what it makes is merged into the live class.

Bases, keywords, decorators and generated members (those of a dataclass, say) come only from running
the statement. It runs aside and makes a second class, which nobody is to see: its members move into
the live one, so that `isinstance`, pickling, registries and instances go on with the class they
have. What cannot be merged (another layout, another metaclass) is refused before anything changes.
"""

from __future__ import annotations

import gc
import sys
from types import FunctionType, MemberDescriptorType

from relive.worker.redefine.receipt import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn

    from relive.worker.redefine.transaction import Transaction

_NOT_MEMBERS = frozenset(
    ["__dict__", "__weakref__", "__module__", "__qualname__", "__abstractmethods__", "_abc_impl"]
)
_FILLED_BLOCKS = 2_000_000
"""Memory blocks up to which live instances are given the new fields: it walks the whole heap."""


class Merge:
    """Plans that the live class `old` becomes what `fresh` is."""

    def __init__(self, old: type, fresh: type, transaction: Transaction) -> None:
        """Plan for a pair.

        Raises:
            Refused: the classes cannot be one.
        """
        self._old = old
        self._fresh = fresh
        self._transaction = transaction
        self._check()

    def plan(self, kept: set[str], members: set[str], gone: set[str]) -> None:
        """Plan the writes.

        Args:
            kept: names whose statement did not change: the live value stays, even if the program
                has changed it since.
            members: names of the functions in the text, which are planned one by one.
            gone: names the old text bound and the new one does not.
        """
        old, fresh = vars(self._old), vars(self._fresh)
        for name, value in fresh.items():
            if name in _NOT_MEMBERS or name in kept or name in members:
                continue
            if isinstance(value, MemberDescriptorType):
                continue  # a slot's place in the objects of `fresh`; those of `old` have their own
            if name not in old or old[name] is not value:
                self._adopt(value)
                self._transaction.set_attribute(self._old, name, value)
        for name in gone & set(old) - set(fresh):
            self._transaction.delete_attribute(self._old, name)
        if self._old.__bases__ != self._fresh.__bases__:
            self._transaction.set_attribute(self._old, "__bases__", self._fresh.__bases__)
        self._transaction.afterwards(self._settle)

    def _check(self) -> None:
        """Refuse what cannot be one class."""
        old, fresh = self._old, self._fresh
        if type(old) is not type(fresh):
            self._refuse("its metaclass changed")
        if type(old) is not type and not _is_abc(type(old)):
            self._refuse("it is made by a metaclass of its own")
        if vars(old).get("__slots__") != vars(fresh).get("__slots__"):
            self._refuse("its slots changed, and with them the layout of its objects")
        if old.__bases__ != fresh.__bases__:
            self._try_bases()

    def _refuse(self, reason: str) -> NoReturn:
        raise Refused(
            f"class {self._old.__qualname__!r} cannot be changed in place: {reason}; evaluate it "
            "to make a new one: objects that exist stay of the old one"
        )

    def _try_bases(self) -> None:
        """Find out whether the live class takes the bases, and put its own back."""
        before = self._old.__bases__
        try:
            self._old.__bases__ = self._fresh.__bases__
        except TypeError as error:
            self._refuse(f"it does not take the new bases ({error})")
        self._old.__bases__ = before

    def _adopt(self, value: Any) -> None:
        """Make `super()` in a new method mean the live class."""
        for function in _functions_of(value):
            for cell in function.__closure__ or ():
                if _content(cell) is self._fresh:
                    self._transaction.set_attribute(cell, "cell_contents", self._old)

    def _settle(self) -> None:
        """Do what follows from the members: abstract methods, registries, fields of instances."""
        if _is_abc(type(self._old)) and sys.version_info >= (3, 10):
            import abc

            abc.update_abstractmethods(self._old)
        self._replace_where_registered()
        self._fill_new_fields()

    def _replace_where_registered(self) -> None:
        """Put the live class where the statement's run has registered the second one."""
        for holder in gc.get_referrers(self._fresh):
            if type(holder) is list:
                holder[:] = _without_twice(
                    [self._old if each is self._fresh else each for each in holder], self._old
                )
            elif type(holder) is set:
                holder.discard(self._fresh)
                holder.add(self._old)
            elif holder is not self:
                # The attributes of an object may be held by itself, with no dictionary yet.
                self._replace_in(holder if type(holder) is dict else _attributes(holder))

    def _replace_in(self, held: dict[Any, Any]) -> None:
        if held is not vars(self):
            for key in [key for key, value in held.items() if value is self._fresh]:
                held[key] = self._old

    def _fill_new_fields(self) -> None:
        """Give live instances of a dataclass the fields they were made without."""
        fields = getattr(self._fresh, "__dataclass_fields__", None)
        if not fields or sys.getallocatedblocks() > _FILLED_BLOCKS:
            return
        from dataclasses import MISSING

        made = {name: each.default_factory for name, each in fields.items()}
        made = {name: factory for name, factory in made.items() if factory is not MISSING}
        if not made:
            return
        for instance in [each for each in gc.get_objects() if type(each) is self._old]:
            for name, factory in made.items():
                if name not in getattr(instance, "__dict__", {name: None}):
                    object.__setattr__(instance, name, factory())


def _is_abc(metaclass: type) -> bool:
    return metaclass.__module__ == "abc" and metaclass.__name__ == "ABCMeta"


def _attributes(holder: Any) -> dict[Any, Any]:
    """Return the attributes of an instance; none for what has no dictionary of its own."""
    held = None if isinstance(holder, type) else getattr(holder, "__dict__", None)
    return held if type(held) is dict else {}


def _without_twice(items: list[Any], value: Any) -> list[Any]:
    """Return `items` with all but the first occurrence of `value` left out."""
    kept: list[Any] = []
    for each in items:
        if each is not value or not any(other is value for other in kept):
            kept.append(each)
    return kept


def _functions_of(value: Any) -> Iterator[FunctionType]:
    if isinstance(value, FunctionType):
        yield value
    elif isinstance(value, (staticmethod, classmethod)):
        yield from _functions_of(value.__func__)
    elif isinstance(value, property):
        for part in (value.fget, value.fset, value.fdel):
            yield from _functions_of(part)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None
