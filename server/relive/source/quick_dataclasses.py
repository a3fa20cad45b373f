"""Dataclasses that take little to define: what they compare and print by they share.

The standard library writes and compiles an equality, a hash and a repr for each class, when it is
defined. We have more than two hundred, most of which nobody ever compares or prints: that was a
good part of a daemon's start. Here each says the same by way of its fields.
"""

from __future__ import annotations

import dataclasses
import reprlib
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["dataclass"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: Any = None, /, *, frozen: bool = False, eq: bool = True) -> Any:
        """Do as the standard library's, which may be called with these arguments or none."""

        def decorate(cls: type[T]) -> type[T]:
            shared = _shared(cls, frozen=frozen, eq=eq)
            made = dataclasses.dataclass(frozen=frozen, eq=False, repr=False)(cls)
            for name, method in shared.items():
                setattr(made, name, method)
            return made

        return decorate if cls is None else decorate(cls)


def _shared(cls: type, *, frozen: bool, eq: bool) -> dict[str, Any]:
    """Return what a class is given, unless it says so itself."""
    shared: dict[str, Any] = {"__repr__": _repr}
    if eq:
        shared |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
    own = vars(cls)
    return {name: method for name, method in shared.items() if own.get(name) is None}


@cache
def _values(cls: Any) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gets the values that objects of a class are compared by."""
    names = [each.name for each in dataclasses.fields(cls) if each.compare]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _eq(self: Any, other: object) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    kind: Any = type(self)
    values = _values(kind)
    return values(self) == values(other)


def _hash(self: Any) -> int:
    kind: Any = type(self)
    return hash(_values(kind)(self))


@reprlib.recursive_repr()
def _repr(self: Any) -> str:
    names = (each.name for each in dataclasses.fields(self) if each.repr)
    told = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
    return f"{type(self).__qualname__}({told})"
