"""What all that follows code has in common: names, what is put into data, and a bound to it."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from relive.source.acting.values import (
    BOX,
    PLAIN,
    UNKNOWN,
    Builtin,
    Class,
    Scope,
    Value,
    is_plain,
    joined,
)

if TYPE_CHECKING:
    import ast

_MOST_NODES = 20_000
"""Of code that is followed for one text."""


class MayActError(Exception):
    """The code may act, or is not understood well enough to say that it does not."""


class Following(ABC):
    """Follows code along with what is known of its values."""

    def __init__(self, scopes: list[Scope], classes: list[Class], shadowed: Iterable[str]) -> None:
        self.scopes = scopes
        """All that there are, to be doubted when data is not what it was."""
        self.classes = classes
        self.shadowed = frozenset(shadowed)
        """Names of the document of which nobody knows whether they were bound."""
        self.scope = Scope()
        self.followed: set[str] = set()
        """What the functions are called whose bodies were."""
        self.changes = 0
        """How often a name came to stand for something else."""
        self._doubtful = 0
        self._nodes = 0

    @abstractmethod
    def value(self, node: ast.expr) -> Value:
        """Return what is known of an expression's value, having followed what it runs."""

    @abstractmethod
    def call(self, function: Value, given: list[Value], named: dict[str, Value]) -> Value:
        """Return what is known of what a call gives."""

    @abstractmethod
    def run(self, statements: Iterable[ast.stmt]) -> None:
        """Follow statements."""

    def spend(self) -> None:
        """Count a node that was followed.

        Raises:
            MayActError: it has been far too much.
        """
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise MayActError

    @contextmanager
    def perhaps(self) -> Iterator[None]:
        """Follow what may run, or run several times: names may still be what they were after it."""
        self._doubtful += 1
        try:
            yield
        finally:
            self._doubtful -= 1

    @contextmanager
    def within(self, scope: Scope) -> Iterator[None]:
        """Follow with the names of a scope."""
        outer, self.scope = self.scope, scope
        self.scopes.append(scope)
        try:
            yield
        finally:
            self.scope = outer

    def find(self, name: str) -> Value:
        """Return what is known of what a name stands for."""
        found = self.scope.find(name)
        if found is not None:
            return found
        is_builtin = hasattr(builtins, name) and name not in self.shadowed
        return Builtin(name) if is_builtin else UNKNOWN

    def bind(self, name: str, value: Value) -> None:
        """Note that a name stands for something, or may."""
        elsewhere = name in self.scope.of_module
        scope = self.scope.module if elsewhere else self.scope
        former = scope.names.get(name)
        if former is not None and (self._doubtful or elsewhere):
            value = joined(former, value)
        if former != value:
            scope.names[name] = value
            self.changes += 1

    def put_in(self, receiver: Value, value: Value) -> None:
        """Note that built-in data now holds a value, too."""
        if receiver is PLAIN and not is_plain(value):
            self._doubt()

    def _doubt(self) -> None:
        """Any plain data may hold anything from now on, since it may be what was put into."""
        self.changes += 1
        places = [scope.names for scope in self.scopes]
        for names in (*places, *(each.attributes for each in self.classes)):
            names.update({name: BOX for name, value in names.items() if value is PLAIN})
