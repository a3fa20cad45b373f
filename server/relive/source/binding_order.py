"""In which order statements bind names and look them up, told from their text."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from relive.source.bindings import assigned_by, bindings
from relive.source.nodes import syntax_tree
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TryStar = getattr(ast, "TryStar", ast.Try)
"""Of `except*`, which Python 3.10 does not have."""
_LOOK_UP_ANY = frozenset({"eval", "exec", "globals", "locals", "vars"})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Order:
    """In which order statements bind names and look them up."""

    read_first: frozenset[str]
    """Those that they may look up before they have bound them. What stands inside a function counts
    where the function is made."""
    bound_first: frozenset[str]
    """Those that they bind, and have not looked up before, such as the variable of a loop."""
    surely: frozenset[str]
    """Those that they have bound by their end, whichever branches are taken, and without a turn of
    their loops."""


def order_of(text: str) -> Order:
    """Return the order in a text.

    Of one that does not parse all names may be looked up first and none bound, as far as anybody
    can tell.
    """
    order = _Order()
    try:
        statements = syntax_tree(text).body
        surely = order.block(statements, frozenset())
        bound = frozenset(bindings(statements).names) - order.first
        own = bound if order.safe is None else bound & order.safe
        return Order(frozenset(order.first), own, surely)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Order(frozenset(_WORD.findall(text)), frozenset(), frozenset())


class _Order:
    """Goes through statements in the order in which they run.

    What it hands on are the names that are surely bound by then.
    """

    def __init__(self) -> None:
        self.first: set[str] = set()
        """Names that are looked up where they may not be bound yet."""
        self.safe: frozenset[str] | None = None
        """Those that are bound wherever text may be run that looks up any; None: nowhere is it."""

    def block(self, statements: Iterable[ast.stmt], bound: frozenset[str]) -> frozenset[str]:
        for each in statements:
            bound = self._statement(each, bound)
        return bound

    def _statement(self, node: ast.stmt, bound: frozenset[str]) -> frozenset[str]:
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return self._loop(node, bound)
        if isinstance(node, ast.If):
            bound = self._reads(bound, node.test)
            return self.block(node.body, bound) & self.block(node.orelse, bound)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return self._with(node, bound)
        if isinstance(node, (ast.Try, _TryStar)):
            return self._try(node, bound)
        return (
            self._match(node, bound) if isinstance(node, ast.Match) else self._simple(node, bound)
        )

    def _loop(
        self, node: ast.For | ast.AsyncFor | ast.While, bound: frozenset[str]
    ) -> frozenset[str]:
        """Go through a loop, which may have no turn, and then binds nothing."""
        bound = self._reads(bound, node.test if isinstance(node, ast.While) else node.iter)
        turn = bound if isinstance(node, ast.While) else self._given(bound, node.target)
        self.block(node.body, turn)
        self.block(node.orelse, bound)
        return bound

    def _with(self, node: ast.With | ast.AsyncWith, bound: frozenset[str]) -> frozenset[str]:
        """Go through a block that its context may end early: what is bound there is not sure."""
        for item in node.items:
            bound = self._reads(bound, item.context_expr)
            if item.optional_vars is not None:
                bound = self._given(bound, item.optional_vars)
        self.block(node.body, bound)
        return bound

    def _try(self, node: ast.Try, bound: frozenset[str]) -> frozenset[str]:
        surely = self.block(node.orelse, self.block(node.body, bound))
        for each in node.handlers:
            self._reads(bound, each.type)
            surely &= self.block(each.body, bound | {each.name or ""})
        return surely | self.block(node.finalbody, bound)

    def _match(self, node: ast.Match, bound: frozenset[str]) -> frozenset[str]:
        bound = self._reads(bound, node.subject)
        ends = []
        for each in node.cases:
            inside = self._reads(self._given(bound, each.pattern), each.guard)
            ends.append(self.block(each.body, inside))
        last = node.cases[-1]
        takes_all = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
        return frozenset.intersection(*ends) if takes_all and last.guard is None else bound

    def _simple(self, node: ast.stmt, bound: frozenset[str]) -> frozenset[str]:
        bound = self._reads(bound, node)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self.first |= {node.target.id} - bound
        if isinstance(node, ast.Delete):
            return bound - {each.id for each in node.targets if isinstance(each, ast.Name)}
        return bound | {*bindings([node]).names}

    def _given(self, bound: frozenset[str], target: ast.AST) -> frozenset[str]:
        return self._reads(bound, target) | {*_assigned_in(target)}

    def _reads(self, bound: frozenset[str], node: ast.AST | None) -> frozenset[str]:
        """Note what an expression looks up; what it surely binds itself is bound after it."""
        found = () if node is None else ast.walk(node)
        names = {each.id for each in found if isinstance(each, ast.Name) and _is_read(each)}
        self.first |= names - bound
        if not names.isdisjoint(_LOOK_UP_ANY):
            self.safe = bound if self.safe is None else self.safe & bound
        return bound | {*_walrus(node)}


def _is_read(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Store)


def _assigned_in(target: ast.AST) -> Iterator[str]:
    for node in ast.walk(target):
        yield from assigned_by(node)


def _walrus(node: ast.AST | None) -> Iterator[str]:
    """Yield what `:=` binds in a condition that is one, or compares one."""
    while isinstance(node, (ast.Compare, ast.UnaryOp)):
        node = node.left if isinstance(node, ast.Compare) else node.operand
    if isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name):
        yield node.target.id
