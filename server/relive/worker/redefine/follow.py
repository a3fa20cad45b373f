"""Names elsewhere that hold what was replaced: `from m import X`, re-exports, star imports.

A function, class or other object of identity is followed wherever a module holds that very object.
Data is followed only where the source says that it was imported, since equal numbers and strings
are often one object.
"""

from __future__ import annotations

import ast
import sys
from types import ModuleType

from relive.worker.sources import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.redefine.transaction import Transaction
    from relive.worker.sources import Sources

_SHARED = (int, float, complex, str, bytes, bool, tuple, frozenset, type(None))
"""Types of which unrelated names may hold one and the same object."""


class Follower:
    """Plans that names in other modules follow a replaced object."""

    def __init__(self, home: ModuleType, sources: Sources, transaction: Transaction) -> None:
        self._home = home
        self._sources = sources
        self._transaction = transaction

    def follow(self, name: str, old: Any, new: Any) -> int:
        """Plan that whoever took `name` of the home module while it was `old` has `new`.

        Returns:
            How many names follow.
        """
        if isinstance(old, _SHARED):
            holders = set(self._importers(self._home.__name__, name, old))
        else:
            holders = set(self._holders(old))
        for module_name, local in holders:
            self._transaction.set_item(vars(sys.modules[module_name]), local, new)
        return len(holders)

    def _holders(self, old: Any) -> Iterator[tuple[str, str]]:
        for key, module in self._others():
            for local, value in list(vars(module).items()):
                if value is old:
                    yield key, local

    def _importers(self, source: str, name: str, old: Any) -> Iterator[tuple[str, str]]:
        for key, module in self._others():
            candidates = [local for local, value in list(vars(module).items()) if value is old]
            for local in candidates:
                if _imports(module, local, source, name, self._sources):
                    yield key, local
                    yield from self._importers(key, local, old)  # a package that passes it on

    def _others(self) -> Iterator[tuple[str, ModuleType]]:
        for key, module in list(sys.modules.items()):
            if isinstance(module, ModuleType) and module is not self._home:
                yield key, module


def _imports(module: ModuleType, local: str, source: str, name: str, sources: Sources) -> bool:
    """Whether the text of `module` has `from source import name [as local]`."""
    file = getattr(module, "__file__", None)
    text = None if file is None else sources.shown(file) or sources.loaded(file) or read(file)
    if not text or name not in text:
        return False
    try:
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    except SyntaxError:
        return False
    return any(_origin(node, module) == source and _takes(node, name, local) for node in nodes)


def _takes(node: ast.ImportFrom, name: str, local: str) -> bool:
    pairs = [(alias.name, alias.asname or alias.name) for alias in node.names]
    return (name, local) in pairs or (("*", "*") in pairs and name == local)


def _origin(node: ast.ImportFrom, module: ModuleType) -> str:
    if not node.level:
        return node.module or ""
    package = (module.__package__ or "").split(".")
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])
