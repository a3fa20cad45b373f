"""Dataclasses that take little to define: what they compare and print by they share.

The standard library writes and compiles an equality, a hash and a repr for each class, when it is
defined. We have more than two hundred, most of which nobody ever compares or prints: that was a
good part of a daemon's start. Here each says the same by way of its fields.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

from relive.source.shared_methods import comparing, printing

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


_eq, _hash = comparing(lambda cls: [each.name for each in dataclasses.fields(cls) if each.compare])
_repr = printing(
    lambda cls: [each.name for each in dataclasses.fields(cls) if each.repr],
    lambda cls: cls.__qualname__,
)
