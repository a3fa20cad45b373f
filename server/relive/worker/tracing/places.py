"""The workspace's own modules, and what their names are called in a trace."""

from __future__ import annotations

import sys
from itertools import compress
from operator import ne
from types import ModuleType

from relive.worker.keeping.belonging import is_own_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from relive.worker.namespace import Namespaces

    Place = tuple[str | None, str]
    Held = dict[int, tuple[list[str], list[int]]]

_OF_THE_MODULE = frozenset(
    [
        "__annotations__",
        "__conditional_annotations__",
        "__annotate__",
        "__builtins__",
        "__cached__",
        "__doc__",
        "__file__",
        "__loader__",
        "__name__",
        "__package__",
        "__path__",
        "__spec__",
        "__warningregistry__",
    ]
)
"""Names that a module has of itself."""


class Places:
    """The modules that are followed, by their namespaces."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._namespaces = namespaces
        self._passed: set[str] = set()
        """Names of modules that are none of the user's: there are hundreds."""
        self._own: dict[str, tuple[ModuleType, str]] = {}
        """Those that are, with their files."""
        self.files: dict[int, str | None] = {}
        """By the `id` of a module's names: its file."""
        self.scopes: dict[int, dict[str, Any]] = {}
        """The names themselves."""
        self._by_name: dict[str, ModuleType] = {}

    def look(self) -> None:
        """Take in the modules there are by now."""
        self.files, self.scopes, self._by_name = {}, {}, {}
        for namespace in self._namespaces.known():
            self._follow(namespace.module, namespace.file)
        for name in list(sys.modules.keys() - self._passed):
            module = sys.modules.get(name)
            file = self._file_of(name, module)
            if isinstance(module, ModuleType) and file is not None:
                self._follow(module, file)

    def _follow(self, module: ModuleType, file: str | None) -> None:
        scope = vars(module)
        if id(scope) not in self.files:
            self._by_name[str(scope.get("__name__"))] = module
            self.files[id(scope)] = file
            self.scopes[id(scope)] = scope

    def _file_of(self, name: str, module: Any) -> str | None:
        """Return the file of one of the user's modules; None: it is none."""
        known, file = self._own.get(name, (None, None))
        if module is not None and known is module:
            return file
        found = vars(module).get("__file__") if issubclass(type(module), ModuleType) else None
        if isinstance(found, str) and is_own_module(module):
            self._own[name] = (module, found)
            return found
        self._passed.add(name)
        return None

    def of(self, scope: dict[str, Any], name: str) -> Place | None:
        """Return what a name is called; None: the module is not followed."""
        key = id(scope)
        return (self.files[key], name) if key in self.files else None

    def has(self, scope: dict[str, Any]) -> bool:
        """Whether a module's names are followed."""
        return id(scope) in self.files

    def named(self, texts: set[str]) -> list[ModuleType]:
        """Return the modules whose names are among some texts."""
        return [self._by_name[each] for each in texts & self._by_name.keys()]

    def __iter__(self) -> Iterator[tuple[str | None, dict[str, Any]]]:
        """Yield the file and the names of each module."""
        for key, scope in self.scopes.items():
            yield self.files[key], scope

    def held(self, scopes: Iterable[int]) -> Held:
        """Return what each name of some modules holds, by identity."""
        found = {}
        for key in scopes:
            names = dict(self.scopes[key])  # other threads may be at it
            found[key] = (list(names), list(map(id, names.values())))
        return found

    def rebound(self, before: Held) -> set[Place]:
        """Return the names that hold something else than before, or that are new or gone."""
        found: set[Place] = set()
        for key, now in self.held(before.keys() & self.scopes.keys()).items():
            then = before[key]
            if then != now:
                names = _other(then, now)
                found |= {(self.files[key], name) for name in names if is_followed(name)}
        return found

    def values_of(self, places: set[Place]) -> list[Any]:
        """Return what some names hold."""
        return [
            scope[name] for file, scope in self for name in list(scope) if (file, name) in places
        ]

    def holding(self, objects: set[int]) -> set[Place]:
        """Return the names that hold one of some objects."""
        return {
            (file, name)
            for file, scope in self
            for name, value in list(scope.items())
            if id(value) in objects and is_followed(name)
        }


def _other(then: tuple[list[str], list[int]], now: tuple[list[str], list[int]]) -> set[str]:
    """Return the names that are not in both with the same identity.

    Without a step in Python for each: a module may have ten thousand, and a statement binds one. As
    a rule those that come are the last.
    """
    names, has = then
    if now[0][: len(names)] == names:
        return {*compress(names, map(ne, has, now[1])), *now[0][len(names) :]}
    before, after = dict(zip(*then)), dict(zip(*now))
    return {name for name, _ in before.items() ^ after.items()}


def is_followed(name: str) -> bool:
    """Whether a name is the program's, and not one that each module has."""
    return name not in _OF_THE_MODULE and name.isidentifier()
