"""Statements at the start of a function that give a parameter its value: `n = n or 3`, say.

Run again on what they gave, they give the same: for any value they leave either it or one constant,
or convert it to a type that they leave as it is then. Nothing has read the parameter before them.
So a function that begins with the same ones can be called with the value it has now.
"""

from __future__ import annotations

import ast
from itertools import takewhile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CONVERSIONS = {"bool": bool, "float": float, "frozenset": frozenset, "int": int, "str": str}
"""Types whose values they return as they are."""


class Settling:
    """Those of one function."""

    def __init__(self, statements: list[ast.stmt], names: dict[str, Any]) -> None:
        """Find them; `names` are the globals that the function sees."""
        self._names = names
        body = statements[1:] if _is_text(statements[0]) else statements
        found = [(self._settled(each), each) for each in body]
        self._by_name: dict[str | None, ast.stmt] = {}
        for name, each in takewhile(lambda pair: pair[0] is not None, found):
            self._by_name.setdefault(name, each)  # two together need not be so

    def has(self, name: str, line: int, column: int) -> bool:
        """Whether one for that parameter is at a place of the text."""
        found = self._by_name.get(name)
        if found is None:
            return False
        return (found.lineno, found.col_offset) <= (line, column) < _end(found)

    def is_alike(self, name: str, other: Settling) -> bool:
        """Whether another function begins with the same for a parameter."""
        one, other_one = self._by_name.get(name), other._by_name.get(name)
        return one is not None and other_one is not None and ast.dump(one) == ast.dump(other_one)

    def _settled(self, node: ast.stmt) -> str | None:
        """Return the name that a statement settles; None: it does something else."""
        if isinstance(node, ast.If) and len(node.body) == 1 and not node.orelse:
            name, value = _assigned(node.body[0])
            is_it = name is not None and _is_test(node.test, name) and _constant(value) is not None
            return name if is_it else None
        name, value = _assigned(node)
        return name if name is not None and self._leaves(value, name) else None

    def _leaves(self, value: Any, name: str) -> bool:
        """Whether an expression is the value of `name`, a constant or a conversion."""
        if isinstance(value, ast.BoolOp) and len(value.values) == 2:
            return _are_it_and_one(value.values, name)
        if isinstance(value, ast.IfExp):
            return _is_test(value.test, name) and _are_it_and_one([value.body, value.orelse], name)
        if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Name)):
            return False
        function = value.func.id
        is_converted = function in _CONVERSIONS and not value.keywords and len(value.args) == 1
        return is_converted and _is_name(value.args[0], name) and self._is_builtin(function)

    def _is_builtin(self, name: str) -> bool:
        return self._names.get(name) is _CONVERSIONS[name]


def _assigned(node: ast.stmt) -> tuple[str | None, Any]:
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return None, None
    target = node.targets[0]
    return (target.id, node.value) if isinstance(target, ast.Name) else (None, None)


def _are_it_and_one(values: list[ast.expr], name: str) -> bool:
    """Whether one of two expressions is the name, and the other one a constant."""
    one, other = values if _is_name(values[0], name) else values[::-1]
    return _is_name(one, name) and _constant(other) is not None


def _is_test(node: ast.expr, name: str) -> bool:
    """Whether a condition asks about the name alone, by nothing that has to be called by name."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _is_test(node.operand, name)
    if isinstance(node, ast.Compare) and len(node.comparators) == 1:
        return _is_name(node.left, name) and _constant(node.comparators[0]) is not None
    return _is_name(node, name)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _constant(node: ast.expr) -> ast.expr | None:
    """Return the node of a value that nothing can change."""
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    if isinstance(inner, ast.Tuple):
        return node if all(_constant(each) is not None for each in inner.elts) else None
    return node if isinstance(inner, ast.Constant) else None


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _end(node: ast.stmt) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or 0
