"""Plain data: expressions that can be computed again without doing anything else.

What is written without a call is plain, and so is what calls only harmless things: constructors and
pure functions of the built-ins and of parts of the standard library, and methods of such values.
Which object a name means is looked up in the live module, so a function of the user's own is never
taken for a built-in of that name.
"""

from __future__ import annotations

import ast
import builtins
from types import BuiltinFunctionType, FunctionType, MappingProxyType, ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Scope = dict[str, Any]

_WRITTEN_WITH = (
    ast.Attribute,
    ast.BinOp,
    ast.BoolOp,
    ast.Compare,
    ast.Constant,
    ast.Dict,
    ast.FormattedValue,
    ast.IfExp,
    ast.JoinedStr,
    ast.List,
    ast.Name,
    ast.NamedExpr,
    ast.Set,
    ast.Slice,
    ast.Starred,
    ast.Subscript,
    ast.Tuple,
    ast.UnaryOp,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.comprehension,
    ast.keyword,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
    ast.expr_context,
    *(kind for kind in (getattr(ast, "Index", None), getattr(ast, "ExtSlice", None)) if kind),
)
_FUNCTIONS = frozenset(
    [
        "abs",
        "all",
        "any",
        "ascii",
        "bin",
        "callable",
        "chr",
        "complex",
        "divmod",
        "enumerate",
        "filter",
        "format",
        "frozenset",
        "getattr",
        "hasattr",
        "hash",
        "hex",
        "id",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "list",
        "map",
        "max",
        "min",
        "next",
        "oct",
        "ord",
        "pow",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "slice",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "zip",
        "int",
        "float",
        "bool",
        "bytes",
        "bytearray",
        "dict",
        "object",
        "property",
        "staticmethod",
        "classmethod",
        "memoryview",
        "super",
    ]
)
"""Built-ins that only make values."""
_LIBRARY = frozenset(
    [
        "_collections",
        "_datetime",
        "_decimal",
        "_functools",
        "_operator",
        "_struct",
        "_typing",
        "abc",
        "cmath",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "genericpath",
        "ipaddress",
        "itertools",
        "json",
        "math",
        "ntpath",
        "operator",
        "pathlib",
        "posixpath",
        "platform",
        "re",
        "statistics",
        "string",
        "struct",
        "textwrap",
        "types",
        "typing",
        "uuid",
        "zoneinfo",
    ]
)
"""Modules whose classes and functions only make values, by the first part of their name."""
_READING = frozenset(
    [
        "copy",
        "count",
        "difference",
        "format",
        "get",
        "index",
        "intersection",
        "items",
        "issubset",
        "issuperset",
        "keys",
        "union",
        "values",
        "symmetric_difference",
    ]
)
"""Methods of mutable containers that leave them as they are."""
_IMMUTABLE = (str, bytes, int, float, complex, tuple, frozenset, range, type(None))


def is_plain(expression: ast.AST | None, scope: Scope) -> bool:
    """Whether computing `expression` in `scope` has no effect; to make a lambda calls nothing."""
    if expression is None or isinstance(expression, ast.Lambda):
        return True
    if isinstance(expression, ast.Call) and not _is_harmless(expression.func, scope):
        return False
    if not isinstance(expression, (*_WRITTEN_WITH, ast.Call)):
        return False
    return all(is_plain(child, scope) for child in ast.iter_child_nodes(expression))


def value_of(expression: ast.expr, scope: Scope) -> Any:
    """Compute a plain expression."""
    tree = ast.Expression(expression)
    return eval(compile(tree, "<plain>", "eval", dont_inherit=True), dict(scope))


def _is_harmless(function: ast.expr, scope: Scope) -> bool:
    if isinstance(function, ast.Name):
        missing = object()
        found = scope.get(function.id, vars(builtins).get(function.id, missing))
        return found is not missing and _only_makes_a_value(found)
    if not isinstance(function, ast.Attribute) or not is_plain(function.value, scope):
        return False
    try:
        owner = value_of(function.value, scope)
    except Exception:  # such as the variable of a comprehension: what it is shows only then
        return hasattr(str, function.attr)
    if isinstance(owner, (ModuleType, type)):
        return _only_makes_a_value(getattr(owner, function.attr, None))
    return _leaves_it_alone(type(owner), function.attr)


def _only_makes_a_value(function: Any) -> bool:
    if not isinstance(function, (type, FunctionType, BuiltinFunctionType)):
        # Such as `typing.Optional`, or a method of a class: `datetime.fromisoformat`.
        return _is_library(type(function).__module__) or _is_library_method(function)
    module = getattr(function, "__module__", None)
    if module == "builtins" or module is None:
        return getattr(function, "__name__", "") in _FUNCTIONS or _is_library_method(function)
    return _is_library(module)


def _is_library_method(function: Any) -> bool:
    owner = getattr(function, "__self__", None)
    if isinstance(owner, type):
        return _only_makes_a_value(owner)
    kind = getattr(function, "__objclass__", None)
    return isinstance(kind, type) and issubclass(kind, _IMMUTABLE)


def _leaves_it_alone(kind: type, method: str) -> bool:
    if issubclass(kind, _IMMUTABLE) and kind.__module__ == "builtins":
        return True
    if kind in (list, dict, set, bytearray, MappingProxyType):
        return method in _READING
    if kind.__module__ == "os" and kind.__name__ == "_Environ":
        return method in _READING
    # A path can be written to; the other values of the library cannot.
    return _is_library(kind.__module__) and kind.__module__ not in ("collections", "pathlib")


def _is_library(module: Any) -> bool:
    return isinstance(module, str) and module.partition(".")[0] in _LIBRARY
