"""Which names a module's text takes from which other module."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from relive.worker.redefine.reading.definitions import name_of
from relive.worker.sources import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from relive.worker.sources import Sources

_IMPORTS = re.compile(
    r"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]+)|import[ \t]+([^\n#;]+))",
    re.M,
)
_NAMES = re.compile(r"[.\w]+")
_TEXTS_KEPT = 256
"""Texts whose imports are remembered: those of a workspace, mostly."""


def takes(module: ModuleType, local: str, source: str, name: str, sources: Sources) -> bool:
    """Whether the text of `module` has `from source import name [as local]`, or imports all."""
    return any(
        _origin(node, module) == source and _takes(node, name, local)
        for node in _from_imports_of(module, name, sources)
    )


def takes_everything(module: ModuleType, source: str, sources: Sources) -> bool:
    """Whether the text of `module` has `from source import *`."""
    nodes = _from_imports_of(module, "*", sources)
    return any(_origin(each, module) == source and each.names[0].name == "*" for each in nodes)


def stars(module: ModuleType, name: str, sources: Sources) -> list[str]:
    """Return the modules from which one imports everything; none if its text binds `name`."""
    text = _text_of(module, sources) or ""
    if name in text and name in _bound(text):
        return []
    nodes = _from_imports_of(module, name, sources)
    return [_origin(each, module) for each in nodes if each.names[0].name == "*"]


def binds_its_own(module: ModuleType, local: str, home: ModuleType, sources: Sources) -> bool:
    """Whether the text of `module` binds a name, and not to an attribute of the module `home`."""
    text = _text_of(module, sources) or ""
    owners = _bound(text).get(local) if local in text else None
    return owners is not None and not any(_means(each, module, home) for each in owners)


def _means(owner: str, module: ModuleType, home: ModuleType) -> bool:
    """Whether `owner`, as `a` or `a.b`, is the module `home` where `module` says so."""
    first, *rest = owner.split(".")
    found = vars(module).get(first)
    for each in rest:
        found = vars(found).get(each) if isinstance(found, type(home)) else None
    return found is home


@lru_cache(maxsize=_TEXTS_KEPT)
def _bound(text: str) -> dict[str, list[str]]:
    """Return the names that a text binds, each with what it gives it an attribute of."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(_parsed(text)):
        for name in _bound_by(node):
            found.setdefault(name, [])
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Attribute):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (name for each in targets for name in _bound_by(each)):
                found.setdefault(name, []).append(name_of(node.value.value) or "")
    return found


def _bound_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    names = [getattr(node, "name", None), getattr(node, "asname", None)]
    return [each for each in names if isinstance(each, str)]


def modules_imported(node: ast.stmt, module: ModuleType) -> set[str]:
    """Return the full names of what an import in `module` may import: modules, or names in them."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        origin = _origin(node, module)
        return {origin, *(f"{origin}.{alias.name}" for alias in node.names)}
    return set()


def imports_told(text: str, module: ModuleType) -> Iterator[str]:
    """Yield the full names of what `text` seems to import, without parsing it: many are asked."""
    for origin, names, modules in _IMPORTS.findall(text):
        dots = len(origin) - len(origin.lstrip("."))
        aliases = [ast.alias(each) for each in _NAMES.findall(names or modules)]
        node = ast.ImportFrom(origin[dots:], aliases, dots) if origin else ast.Import(aliases)
        yield from modules_imported(node, module)


def _from_imports_of(module: ModuleType, name: str, sources: Sources) -> Iterator[ast.ImportFrom]:
    yield from sources.evaluated_imports(module.__name__)
    text = _text_of(module, sources)
    if text and (name in text or "*" in text):
        yield from _from_imports(text)


def _text_of(module: ModuleType, sources: Sources) -> str | None:
    file = getattr(module, "__file__", None)
    if not isinstance(file, str):
        return None
    return sources.shown(file) or sources.loaded(file) or read(file)


@lru_cache(maxsize=_TEXTS_KEPT)
def _from_imports(text: str) -> tuple[ast.ImportFrom, ...]:
    nodes = ast.walk(_parsed(text))
    return tuple(node for node in nodes if isinstance(node, ast.ImportFrom))


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _takes(node: ast.ImportFrom, name: str, local: str) -> bool:
    pairs = [(alias.name, alias.asname or alias.name) for alias in node.names]
    return (name, local) in pairs or (("*", "*") in pairs and name == local)


def _origin(node: ast.ImportFrom, module: ModuleType) -> str:
    if not node.level:
        return node.module or ""
    package = (module.__package__ or "").split(".")
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])
