"""Which names a statement binds in the scope it stands in, without running it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from relive.source.nodes import Definable
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STAR = "*"
"""Stands for the names of a `from m import *`."""


@dataclass(frozen=True)
class Bindings:
    """The names some statements bind, each in order of first appearance."""

    names: tuple[str, ...]
    defined: frozenset[str]
    """Those bound by an import, a function or a class."""
    assigned: frozenset[str]
    """Those bound in any other way: `=`, `for`, `with`, `:=`, patterns."""


def bindings(statements: Iterable[ast.stmt]) -> Bindings:
    """Collect what the statements bind, compound ones with all their branches."""
    names: dict[str, None] = {}
    defined: set[str] = set()
    assigned: set[str] = set()
    for node in _nodes_of_scope(statements):
        now_defined, now_assigned = list(_defined_by(node)), list(assigned_by(node))
        names |= dict.fromkeys(now_defined + now_assigned)
        defined.update(now_defined)
        assigned.update(now_assigned)
    return Bindings(tuple(names), frozenset(defined), frozenset(assigned))


def _nodes_of_scope(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk the nodes that run in the scope, in order. A stack, as expressions can be very deep."""
    pending = list(statements)[::-1]
    while pending:
        node = pending.pop()
        yield node
        pending.extend([*_inner_nodes(node)][::-1])


def _inner_nodes(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, (Definable, ast.Lambda)):
        return ()
    if isinstance(node, ast.comprehension):  # Its target is a local of its own.
        return (node.iter, *node.ifs)
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return ()
    return ast.iter_child_nodes(node)


def _defined_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, Definable):
        yield node.name
    elif isinstance(node, ast.Import):
        # `import a.b` binds `a`.
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in node.names)


def assigned_by(node: ast.AST) -> Iterator[str]:
    """Yield what a node assigns. The name of an `except` is unbound again after it."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
