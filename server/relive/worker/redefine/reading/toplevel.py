"""Top-level statements that define no function or class. An import of several names is several."""

from __future__ import annotations

import ast
from functools import cached_property

from relive.worker.redefine.reading.codes import Coded
from relive.worker.redefine.reading.definitions import FUNCTIONS, names_at, skeleton
from relive.worker.redefine.reading.plain import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_DEFINES = (*FUNCTIONS, ast.ClassDef)
_TYPE_ALIAS: Any = getattr(ast, "TypeAlias", ())


class DataStatement(Coded):
    """A statement of a module or class body that defines no function or class."""

    @cached_property
    def text(self) -> str:
        """The statement, equal whenever nothing but its place, comments or functions differ."""
        return skeleton(self.node)

    @cached_property
    def exact_text(self) -> str:
        """The statement, equal whenever nothing but its place or comments differ."""
        return ast.dump(self.node)


class TopLevel(DataStatement):
    """A top-level statement of a text."""

    def __init__(self, node: ast.stmt, shift: int = 0) -> None:
        super().__init__(node)
        self.shift = shift

    @property
    def line(self) -> int:
        """0-based first line."""
        return self.node.lineno - 1 + self.shift

    @cached_property
    def key(self) -> str:
        """What makes it the same statement with another text."""
        names = [*assigned(self.node), *_places(self.node)]
        return ",".join(names) if names else _shape(self.node)

    @property
    def binds_names_only(self) -> bool:
        """Whether it gives nothing but names a value: no attribute, no item."""
        return not _places(self.node)

    @cached_property
    def places(self) -> list[ast.expr]:
        """The attributes and items it gives a value, or adds on to."""
        if isinstance(self.node, ast.AugAssign):
            targets: list[ast.expr] = [self.node.target]
        else:
            targets = list(_targets(self.node))
        return [each for each in targets if not isinstance(each, ast.Name)]

    @cached_property
    def binds(self) -> set[str]:
        """The names of the module it gives a value, as far as its text tells."""
        return set(_bound(self.node))

    @property
    def is_import(self) -> bool:
        """Whether it is an import."""
        return isinstance(self.node, (ast.Import, ast.ImportFrom))

    @property
    def is_deletion(self) -> bool:
        """Whether it is a `del` statement."""
        return isinstance(self.node, ast.Delete)

    @property
    def adds_on(self) -> bool:
        """Whether it is an augmented assignment: it takes what is there and puts more to it."""
        return isinstance(self.node, ast.AugAssign)

    def is_plain_data(self, scope: dict[str, Any]) -> bool:
        """Whether it assigns what can be computed in `scope` without any effect."""
        node = self.node
        if isinstance(node, _TYPE_ALIAS):
            return True  # its value is computed only when it is asked for
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            return all(is_plain(each, scope) for each in ast.iter_child_nodes(node))
        return False

    def runs_by_itself(self, scope: dict[str, Any]) -> bool:
        """Whether it may run though nobody has asked for it."""
        return self.is_import or self.is_plain_data(scope)

    def reads(self) -> set[str]:
        """Return the names it looks up, and attributes of such names as `module.name`."""
        return set(_reads(self.node))


def assigned(node: ast.stmt) -> list[str]:
    """Return the names a plain assignment binds; none for any other statement."""
    return [part.id for part in _targets(node) if isinstance(part, ast.Name)]


def single(node: ast.stmt) -> list[ast.stmt]:
    """Return an import of several names as one statement for each; any other as it is."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)) or len(node.names) < 2:
        return [node]
    return [_import_of(alias, node) for alias in node.names]


def docstring_of(nodes: list[ast.stmt]) -> str | None:
    """Return the docstring as the interpreter keeps it: from 3.13 on without its indentation."""
    if not nodes or not isinstance(nodes[0], ast.Expr):
        return None
    scope: dict[str, str | None] = {"__doc__": None}
    if isinstance(nodes[0].value, ast.Constant) and isinstance(nodes[0].value.value, str):
        exec(compile(ast.Module(nodes, type_ignores=[]), "<docstring>", "exec"), scope)
    return scope["__doc__"]


def is_docstring(node: ast.stmt) -> bool:
    """Whether it is nothing but a constant, such as a string."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _import_of(alias: ast.alias, node: ast.Import | ast.ImportFrom) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.copy_location(ast.Import([alias]), node)
    return ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node)


def _targets(node: ast.stmt) -> Iterator[ast.expr]:
    """Yield what an assignment assigns to, tuples taken apart."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    elif isinstance(node, _TYPE_ALIAS):
        targets = [node.name]
    while targets:
        target = targets.pop(0)
        if isinstance(target, (ast.Tuple, ast.List)):
            targets[:0] = target.elts
        elif isinstance(target, ast.Starred):
            targets.insert(0, target.value)
        else:
            yield target


def _places(node: ast.stmt) -> list[str]:
    """Return the attributes and items that an assignment binds, and what only declares a name."""
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return [f"{ast.dump(node.target)}:"]
    if isinstance(node, ast.AugAssign):
        return [f"{ast.dump(node.target)}="]
    return [ast.dump(part) for part in _targets(node) if not isinstance(part, ast.Name)]


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
        return
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Name) and isinstance(each.ctx, (ast.Store, ast.Del)):
            yield each.id
        elif isinstance(each, _DEFINES):
            yield each.name
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            yield from _bound(each)
        if not isinstance(each, (*_DEFINES, ast.Lambda, ast.GeneratorExp)):
            waiting.extend(ast.iter_child_nodes(each))


def _reads(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Load):
        yield from names_at(node)
    if isinstance(node, ast.Lambda):
        yield from _reads(node.args)
    elif not isinstance(node, _DEFINES):
        for child in ast.iter_child_nodes(node):
            yield from _reads(child)


def _shape(node: ast.stmt) -> str:
    """Return what an unnamed statement keeps when its details change."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return f"call {ast.dump(node.value.func)}"
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return f"import {','.join(_bound(node))}"
    return type(node).__name__
