"""Classes of attrs that take little to define: what they compare and print by they share.

attrs writes and compiles an equality, a hash and a repr for each class, when it is defined. LSP has
more than five hundred classes and we have near two hundred, most of which nobody ever compares or
prints: that was a good part of a daemon's start. Here each says the same by way of its fields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from relive.source.shared_methods import comparing, printing

__all__ = ["message", "sharing"]

T = TypeVar("T")

if TYPE_CHECKING:
    from attrs import frozen as message
else:

    def message(cls: type[T]) -> type[T]:
        """Make `cls` a message: what `attrs.frozen` makes of it, but that it shares its methods."""
        return sharing(attrs.frozen)(cls)


def sharing(define: Callable[..., Any]) -> Callable[[type[T]], type[T]]:
    """Return a decorator that does what `define` does, and gives the class what all share."""

    def decorate(cls: type[T]) -> type[T]:
        own = vars(cls).keys() & {"__eq__", "__repr__"}
        made: type[T] = define(cls, eq=False, repr=False)
        shared: dict[str, Any] = {}
        if "__repr__" not in own:
            shared["__repr__"] = _repr
        if "__eq__" not in own:
            shared |= {"__eq__": _eq, "__hash__": _hash if define is attrs.frozen else None}
        for name, method in shared.items():
            setattr(made, name, method)
        return made

    return decorate


def _names(cls: Any) -> list[str]:
    return [each.name for each in attrs.fields(cls)]


_eq, _hash = comparing(_names)
_repr = printing(_names, lambda cls: cls.__qualname__.rpartition(">.")[2])
