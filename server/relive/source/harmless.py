"""Whether code can act on nothing but its own values, told without running it.

It errs to one side: what may be anything, such as a method of an object, counts as harmful.
"""

from __future__ import annotations

import ast
from collections.abc import Set

from relive.source.effects import is_passive_decorator
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

    `called` are names of functions that are known to be harmless themselves. What the text itself
    binds, such as a parameter, is neither, whatever it is called.
    """
    try:
        tree = syntax_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    known = (PLAIN_CALLS | called) - _bound_in(tree)
    return all(_is_fine(node, known) for node in ast.walk(tree))


def calls_in(text: str) -> set[str]:
    """Return the names that a text calls, or hands to a built-in that does; it has to parse."""
    calls = [node for node in ast.walk(syntax_tree(text)) if isinstance(node, ast.Call)]
    functions = [each for call in calls for each in (call.func, *_called_by(call))]
    return {each.id for each in functions if isinstance(each, ast.Name)}


def _bound_in(tree: ast.AST) -> set[str]:
    """Return the names that a text gives anything else: parameters, what is assigned or matched."""
    found = set[str]()
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.ExceptHandler(name=str(name)):
                found.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
    return found


def _is_fine(node: ast.AST, known: Set[str]) -> bool:
    if isinstance(node, _HARMFUL) or _makes_what_acts(node):
        return False
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Call):
        functions = [node.func, *_called_by(node)]
        return isinstance(node.func, ast.Name) and all(_is_known(f, known) for f in functions)
    return True


def _makes_what_acts(node: ast.AST) -> bool:
    """Whether it runs code that no call in it tells of: a decorator, a base's, an iterator's."""
    if isinstance(node, ast.ClassDef) and (node.bases or node.keywords):
        return True
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return not all(map(is_passive_decorator, node.decorator_list))
    return isinstance(node, ast.comprehension) and bool(node.is_async)


def _called_by(call: ast.Call) -> list[ast.expr]:
    """Return what a built-in is given to be called, or may be."""
    given = [each.value for each in call.keywords if each.arg in ("key", None)]
    name = call.func.id if isinstance(call.func, ast.Name) else None
    return [*given, *call.args[:1]] if name in CALLING else given


def _is_known(function: ast.expr, known: Set[str]) -> bool:
    """Whether it is a function that is harmless; what a lambda does is looked at by itself."""
    match function:
        case ast.Name(id=name):
            return name in known
        case ast.Lambda() | ast.Constant(value=None):
            return True
    return False
