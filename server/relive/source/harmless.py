"""Whether code can act on nothing but its own values, told without running it.

It errs to one side: what may be anything, such as a method of an object, counts as harmful.
"""

from __future__ import annotations

import ast
from collections.abc import Set

from relive.source.nodes import syntax_tree

_NAMES = (
    "abs all any ascii bin bool bytes chr complex dict divmod enumerate filter float format "
    "frozenset hash hex int isinstance issubclass len list map max min oct ord pow range repr "
    "reversed round set slice sorted str sum tuple type zip "
)
PLAIN_CALLS = frozenset(_NAMES.split())
"""Built-ins that make values, and call nothing but what they are given."""
CALLING = ("map", "filter")
"""Those that call the first that they are given; others call a `key`."""
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
        tree = syntax_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(_is_fine(node, called) for node in ast.walk(tree))


def _is_fine(node: ast.AST, called: Set[str]) -> bool:
    if isinstance(node, _HARMFUL):
        return False
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Call):
        functions = [node.func, *_called_by(node)]
        return isinstance(node.func, ast.Name) and all(_is_known(f, called) for f in functions)
    return True


def _called_by(call: ast.Call) -> list[ast.expr]:
    """Return what a built-in is given to be called, or may be."""
    given = [each.value for each in call.keywords if each.arg in ("key", None)]
    name = call.func.id if isinstance(call.func, ast.Name) else None
    return [*given, *call.args[:1]] if name in CALLING else given


def _is_known(function: ast.expr, called: Set[str]) -> bool:
    """Whether it is a function that is harmless; what a lambda does is looked at by itself."""
    match function:
        case ast.Name(id=name):
            return name in PLAIN_CALLS or name in called
        case ast.Lambda() | ast.Constant(value=None):
            return True
    return False
