"""What is known of values without running anything: how far what is done with one can reach.

Plain data reaches nothing else, however it is turned about: what its methods and operators give
is plain again. So most code can be followed by knowing no more of its values than that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import field
from enum import IntEnum
from typing import TypeAlias

from relive.source.quick_dataclasses import dataclass


class Kind(IntEnum):
    """How much is known of data, the least last."""

    ATOM = 0
    """Numbers, strings and the like: they hold nothing."""
    PLAIN = 1
    """Built-in data all the way down."""
    BOX = 2
    """Built-in data that holds anything: its own methods are known, what is in it is not."""
    UNKNOWN = 3


ATOM, PLAIN, BOX, UNKNOWN = Kind


@dataclass(frozen=True)
class Lazy:
    """What is only worked out where it is gone through: it is known where that is at once."""

    element: Value


@dataclass(frozen=True)
class Builtin:
    """A function or a type that is built in, or one of its methods, with a dot."""

    name: str


@dataclass(frozen=True)
class Library:
    """A module whose functions only compute, or one of them."""

    name: str


@dataclass(frozen=True)
class Method:
    """A method of built-in data."""

    receiver: Kind
    name: str


@dataclass(frozen=True, eq=False)
class Function:
    """A function whose text is known."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    """Where it was defined."""


@dataclass(frozen=True)
class Bound:
    """A function with what it is called on."""

    function: Function
    receiver: Value


@dataclass(eq=False)
class Class:
    """A class whose text is known."""

    node: ast.ClassDef
    scope: Scope
    bases: tuple[Class, ...] = ()
    members: dict[str, ast.stmt] = field(default_factory=dict)
    attributes: dict[str, Value] = field(default_factory=dict)
    """What its instances hold, as far as that was seen."""

    def member(self, name: str) -> tuple[ast.stmt, Class] | None:
        """Return what it has under a name, and the class that says so."""
        if name in self.members:
            return self.members[name], self
        return next(filter(None, (each.member(name) for each in self.bases)), None)

    def lineage(self) -> Iterator[Class]:
        """Yield it and the classes it is made of."""
        yield self
        for each in self.bases:
            yield from each.lineage()


@dataclass(frozen=True)
class Instance:
    """An object of a class whose text is known."""

    kind: Class


Value: TypeAlias = Kind | Lazy | Builtin | Library | Method | Function | Bound | Class | Instance


class Scope:
    """The names of a module or of a function, and what is known of what they stand for."""

    def __init__(self, outer: Scope | None = None) -> None:
        self.names: dict[str, Value] = {}
        self.outer = outer
        self.of_module: set[str] = set()
        """Names that are not its own, but its module's."""
        self.is_inner = False
        """Whether it is a comprehension's, out of which `:=` binds."""
        self.is_open = False
        """Whether it may have any further names."""

    @property
    def module(self) -> Scope:
        """The scope of the module that it is in."""
        return self if self.outer is None else self.outer.module

    def find(self, name: str) -> Value | None:
        """Return what a name stands for; None: nobody is known to have bound it."""
        if name in self.names:
            return self.names[name]
        if self.outer is not None:
            return self.outer.find(name)
        return UNKNOWN if self.is_open else None


def is_plain(value: Value) -> bool:
    """Tell whether nothing but built-in data can be reached from it."""
    return value in (ATOM, PLAIN)


def is_data(value: Value) -> bool:
    """Tell whether it is built-in data."""
    return is_plain(value) or value is BOX


def joined(one: Value, other: Value) -> Value:
    """Return what is known of what is one or the other."""
    if isinstance(one, Kind) and isinstance(other, Kind):
        return max(one, other)
    return one if one == other else UNKNOWN
