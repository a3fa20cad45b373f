"""Whether code can act on nothing but its own values, told without running it.

It errs to one side: what may be anything, such as a method of an object, counts as harmful.
"""

from __future__ import annotations

import ast
from collections.abc import Set

_NAMES = (
    "abs all any ascii bin bool bytes chr complex dict divmod enumerate filter float format "
    "frozenset hash hex int isinstance issubclass len list map max min oct ord pow range repr "
    "reversed round set slice sorted str sum tuple type zip "
)
_PLAIN = frozenset(_NAMES.split())
"""Built-ins that make values, and call nothing but what they are given."""
_HARMFUL = (
    ast.Import,
    ast.ImportFrom,
    ast.With,
    ast.AsyncWith,
    ast.AsyncFor,
    ast.Await,
    ast.Delete,
    ast.Global,
    ast.Nonlocal,
)


def is_harmless(text: str, called: Set[str] = frozenset()) -> bool:
    """Whether running `text` calls nothing but plain built-ins and functions called so.

    `called` are names of functions that are known to be harmless themselves.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(_is_fine(node, called) for node in ast.walk(tree))


def _is_fine(node: ast.AST, called: Set[str]) -> bool:
    if isinstance(node, _HARMFUL):
        return False
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else None
        return name in _PLAIN or name in called
    return True
