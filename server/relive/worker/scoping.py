"""What a statement does in the scope that it stands in: which names it binds, whether it awaits."""

from __future__ import annotations

import _ast as ast  # the classes of nodes alone: `ast` itself loads much more

from relive.worker.nodes import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def names_bound(node: ast.AST, *, comprehension: bool = False) -> Iterator[str]:
    """Yield the names that `node` binds or unbinds, outside of the functions and classes in it."""
    if isinstance(node, SCOPES):
        yield node.name
        return
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and not comprehension:
        yield node.id
    yield from _named_otherwise(node)
    inside = comprehension or isinstance(node, _COMPREHENSIONS)
    for each in children(node):
        yield from names_bound(each, comprehension=inside)


def _named_otherwise(node: Any) -> Iterator[str]:
    """Yield what a node binds by other means than a name that is stored to."""
    kind = type(node).__name__  # some are not there in each version of Python
    if kind == "NamedExpr":
        yield node.target.id
    elif kind == "alias":
        yield (node.asname or node.name).partition(".")[0]
    elif kind in ("ExceptHandler", "MatchAs", "MatchStar") and node.name:
        yield node.name
    elif kind == "MatchMapping" and node.rest:
        yield node.rest


def awaits(node: Any) -> bool:
    """Whether a statement, or an expression, can only stand where something is awaited."""
    if isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)):
        return True
    if isinstance(node, (*SCOPES, ast.Lambda)):
        return False
    if isinstance(node, ast.GeneratorExp):  # what it awaits, it awaits when it runs
        return awaits(node.generators[0].iter)
    is_async = isinstance(node, ast.comprehension) and node.is_async
    return bool(is_async) or any(map(awaits, children(node)))


def returns(node: ast.AST) -> bool:
    """Whether a `return` is in a statement."""
    if isinstance(node, ast.Return):
        return True
    return not isinstance(node, (*SCOPES, ast.Lambda)) and any(map(returns, children(node)))


def names_declared(node: ast.AST) -> set[str]:
    """Return the names that are declared to be the module's, outside of functions in it."""
    if isinstance(node, ast.Global):
        return set(node.names)
    if isinstance(node, SCOPES):
        return set()
    return set().union(*map(names_declared, children(node)))
