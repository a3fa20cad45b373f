"""What running a text again can do beyond binding names, told without running it.

Whether code acts on files or the network cannot be told from its text in general. What is told
here errs to one side: code with a call in it is `unknown`, since anything can be called.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal

from relive.source.nodes import substatements
from relive.source.outline import kept_by_text, outline

if TYPE_CHECKING:
    from collections.abc import Iterable

Effects = Literal["definition", "import", "data", "unknown"]
"""`definition`: it makes functions and classes; `import`: it imports modules, too; `data`: it binds
names to plain data, too; `unknown`: it may act on anything."""

_ORDER: tuple[Effects, ...] = ("definition", "import", "data", "unknown")
_MODULES = ("abc", "contextlib", "dataclasses", "functools", "typing")
_PASSIVE_DECORATORS = frozenset(
    (
        *("staticmethod", "classmethod", "property", "cached_property", "abstractmethod", "final"),
        *("overload", "override", "dataclass", "total_ordering", "cache", "lru_cache"),
        "contextmanager",
    )
)
"""Decorators of the language and its library that only make something of what they are given."""
_PASSIVE_PARTS = frozenset(("setter", "getter", "deleter"))
"""Decorators of a property that there is already."""
_LITERALS = (
    ast.Constant,
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.UnaryOp,
    ast.BinOp,
    ast.BoolOp,
    ast.Compare,
)
_BINDING_NOTHING: tuple[type[ast.stmt], ...] = (ast.Pass, ast.Global, ast.Nonlocal)
if type_alias := getattr(ast, "TypeAlias", None):  # From Python 3.12 on; worked out when asked for.
    _BINDING_NOTHING = (*_BINDING_NOTHING, type_alias)


@kept_by_text
def effects(text: str) -> Effects:
    """Return what running `text` can do: the most that one of its statements can."""
    sections = outline(text).sections
    if any(section.broken for section in sections):
        return "unknown"
    return _most(node for section in sections for node in section.nodes)


def _most(statements: Iterable[ast.stmt]) -> Effects:
    found = map(_of_statement, statements)
    return max(found, key=_ORDER.index, default="definition")


def _of_statement(node: ast.stmt) -> Effects:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return "definition" if _is_passive_function(node) else "unknown"
        case ast.ClassDef():
            return "definition" if _is_passive_class(node) else "unknown"
        case ast.Import() | ast.ImportFrom():
            return "import"
        case ast.If() | ast.Try():
            return _most(substatements(node)) if _has_plain_test(node) else "unknown"
    if isinstance(node, _BINDING_NOTHING):
        return "definition"
    return "data" if _is_plain_data(node) else "unknown"


def _has_plain_test(node: ast.If | ast.Try) -> bool:
    if isinstance(node, ast.If):
        return _is_plain(node.test)
    return all(each.type is None or is_type(each.type) for each in node.handlers)


def _is_passive_class(node: ast.ClassDef) -> bool:
    headers = [*node.bases, *(keyword.value for keyword in node.keywords)]
    passive = all(map(is_passive_decorator, node.decorator_list)) and all(map(is_type, headers))
    return passive and _most(node.body) != "unknown"


def _is_passive_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = node.args
    defaults = [*arguments.defaults, *(each for each in arguments.kw_defaults if each)]
    each = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    each += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    annotations = [argument.annotation for argument in each] + [node.returns]
    return (
        all(map(is_passive_decorator, node.decorator_list))
        and all(map(_is_plain, defaults))
        and all(is_type(annotation) for annotation in annotations if annotation)
    )


def is_passive_decorator(node: ast.expr) -> bool:
    """Tell whether a decorator only makes something of what it is given."""
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            values = [*args, *(keyword.value for keyword in keywords)]
            return is_passive_decorator(func) and all(map(_is_plain, values))
        case ast.Attribute(value=ast.Name(), attr=part) if part in _PASSIVE_PARTS:
            return True
    module, _, name = (_dotted(node) or "").rpartition(".")
    return name in _PASSIVE_DECORATORS and module in ("", *_MODULES)


def _is_plain_data(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=value):
            return _is_plain(value)
        case ast.Assign(targets=targets, value=value):
            return _is_plain(value) and all(map(_is_name, targets))
        case ast.AnnAssign(target=target, annotation=annotation, value=value):
            plain = value is None or _is_plain(value)
            return plain and _is_name(target) and is_type(annotation)
        case ast.Delete(targets=targets):
            return all(map(_is_name, targets))
    return False


def _is_name(target: ast.expr) -> bool:
    """Tell whether assigning to it does no more than bind names."""
    match target:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(_is_name, parts))
    return isinstance(target, ast.Name)


def _is_plain(node: ast.expr) -> bool:
    """Tell whether an expression is plain data: literals, names, and what they are made into.

    An operator is one only between literals: what a name stands for may have its own.
    """
    match node:
        case ast.Name() | ast.Constant():
            return True
        case ast.Attribute():
            return _dotted(node) is not None
        case ast.Lambda(args=arguments):
            return all(map(_is_plain, [*arguments.defaults, *filter(None, arguments.kw_defaults)]))
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(_is_plain, parts))
        case ast.Dict(keys=keys, values=values):
            return all(map(_is_plain, values)) and all(key and _is_literal(key) for key in keys)
    return _is_literal(node)


def _is_literal(node: ast.expr) -> bool:
    inner = (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
    return isinstance(node, _LITERALS) and all(map(_is_literal, inner))


def is_type(node: ast.expr) -> bool:
    """Tell whether an expression only names types, as annotations and bases do."""
    parts = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Tuple, ast.List)
    inner = (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
    union = isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)
    return (isinstance(node, parts) or union) and all(map(is_type, inner))


def _dotted(node: ast.expr) -> str | None:
    """Return a name with dots as it is written; None: it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return None if before is None else f"{before}.{node.attr}"
    return None
