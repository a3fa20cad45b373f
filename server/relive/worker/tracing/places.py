"""The workspace's own modules, and what their names are called in a trace."""

from __future__ import annotations

import sys
from types import ModuleType

from relive.worker.keeping.belonging import is_own_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.namespace import Namespaces

    Place = tuple[str | None, str]

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
        self.files: dict[int, str | None] = {}
        """By the `id` of a module's names: its file."""
        self.scopes: dict[int, dict[str, Any]] = {}
        """The names themselves."""

    def look(self) -> None:
        """Take in the modules there are by now."""
        self.files, self.scopes = {}, {}
        for module, file in self._modules():
            self.files.setdefault(id(vars(module)), file)
            self.scopes.setdefault(id(vars(module)), vars(module))

    def of(self, scope: dict[str, Any], name: str) -> Place | None:
        """Return what a name is called; None: the module is not followed."""
        key = id(scope)
        return (self.files[key], name) if key in self.files else None

    def has(self, scope: dict[str, Any]) -> bool:
        """Whether a module's names are followed."""
        return id(scope) in self.files

    def __iter__(self) -> Iterator[tuple[str | None, dict[str, Any]]]:
        """Yield the file and the names of each module."""
        for key, scope in self.scopes.items():
            yield self.files[key], scope

    def held(self) -> dict[Place, int]:
        """Return the `id` of what each name holds."""
        return {
            (file, name): id(value)
            for file, scope in self
            for name, value in list(scope.items())
            if is_followed(name)
        }

    def _modules(self) -> Iterator[tuple[ModuleType, str | None]]:
        for namespace in self._namespaces.known():
            yield namespace.module, namespace.file
        for name in list(sys.modules.keys() - self._passed):
            module = sys.modules.get(name)
            if isinstance(module, ModuleType) and is_own_module(module):
                file = vars(module).get("__file__")
                if isinstance(file, str):
                    yield module, file
            else:
                self._passed.add(name)


def is_followed(name: str) -> bool:
    """Whether a name is the program's, and not one that each module has."""
    return name not in _OF_THE_MODULE and name.isidentifier()
