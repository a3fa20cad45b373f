"""What objects compare and print by, from what lists their fields: one for all classes.

Whoever makes classes gives these to each, in place of having them written and compiled for it.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

Names = Callable[[Any], Sequence[str]]
"""Returns names of a class's fields."""


def comparing(names: Names) -> tuple[Callable[[Any, object], Any], Callable[[Any], int]]:
    """Return the equality and the hash of objects, by the values of these fields."""

    @cache
    def values(cls: Any) -> Callable[[Any], tuple[Any, ...]]:
        compared = names(cls)
        if len(compared) > 1:
            return attrgetter(*compared)
        return lambda self: tuple(getattr(self, name) for name in compared)

    def eq(self: Any, other: object) -> Any:
        if type(other) is not type(self):
            return NotImplemented
        kind: Any = type(self)
        of = values(kind)
        return of(self) == of(other)

    def hash_(self: Any) -> int:
        kind: Any = type(self)
        return hash(values(kind)(self))

    return eq, hash_


def printing(names: Names, called: Callable[[type], str]) -> Callable[[Any], str]:
    """Return the repr of objects: what their class is called, with the values of these fields."""

    @reprlib.recursive_repr()
    def repr_(self: Any) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in names(type(self)))
        return f"{called(type(self))}({told})"

    return repr_
