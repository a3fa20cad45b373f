"""Attributes of answers whose last items are made only when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar, overload

from relive.source.quick_dataclasses import dataclass

T = TypeVar("T")


@dataclass(frozen=True)
class Late(Generic[T]):
    """Items that are known, and what makes those that come after them."""

    known: tuple[T, ...]
    rest: Callable[[], Iterable[T]]


class LateTuple(Generic[T]):
    """A field of a dataclass that is a tuple, and may be given as a Late; empty by default."""

    def __set_name__(self, owner: type, name: str) -> None:
        """Note what it is called."""
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> tuple[T, ...]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> tuple[T, ...]: ...
    def __get__(self, instance: object | None, owner: type) -> tuple[T, ...]:
        """Return all items; without an instance the default, as dataclasses ask for it."""
        if instance is None:
            return ()
        items: tuple[T, ...] | Late[T] = vars(instance)[self._name]
        if isinstance(items, Late):
            vars(instance)[self._name] = items = (*items.known, *items.rest())
        return items

    def __set__(self, instance: object, items: tuple[T, ...] | Late[T]) -> None:
        """Take all items, or those that are known."""
        vars(instance)[self._name] = items


def known(instance: object, name: str) -> tuple[Any, ...]:
    """Return the items of a field that are known without making any."""
    items = vars(instance)[name]
    return items.known if isinstance(items, Late) else items
