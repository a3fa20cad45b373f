"""Defaults of functions that live already, when the text of their parameters has changed.

Those whose text stays are what they were, with all that has been put into them. Defaults are
computed where a function is made. For one made inside another, that place is gone; but what is
plain, and uses only names of the module and variables of the function, can still be computed.
"""

from __future__ import annotations

import ast

from relive.worker.redefine.functions.trampoline import cells_of
from relive.worker.redefine.reading.class_text import names_read
from relive.worker.redefine.reading.plain import is_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FunctionType
    from typing import Any

    from relive.worker.redefine.reading.codes import Pair

    FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Headers:
    """The functions inside a text, by what their code tells of them."""

    def __init__(self, node: ast.AST, shift: int) -> None:
        """Read `node`, whose lines are those of the file less `shift`."""
        self._by_place: dict[tuple[str, int], list[FunctionNode]] = {}
        for each in ast.walk(node):
            if isinstance(each, _FUNCTIONS):
                place = (getattr(each, "name", "<lambda>"), _first_line(each) + shift)
                self._by_place.setdefault(place, []).append(each)

    def defaults(self, code: CodeType) -> dict[str, ast.expr] | None:
        """Return the defaults of a function by parameter; None if it is not in the text."""
        for each in self._by_place.get((code.co_name, code.co_firstlineno), ()):
            if _names(each.args) == _parameters(code):
                return _defaults(each.args)
        return None


class Unknown(Exception):  # noqa: N818 - it is an outcome, not a fault
    """A default cannot be computed any more; the text names its parameter."""


def adapted(pair: Pair, live: FunctionType, old: Headers, new: Headers) -> dict[str, Any]:
    """Return the attributes with which `live` can run the new code of `pair`.

    Raises:
        Unknown: a default is missing.
    """
    before, after = old.defaults(pair.old) or {}, new.defaults(pair.new) or {}
    if _dumped(before) == _dumped(after) and _parameters(pair.old) == _parameters(pair.new):
        return {}
    has = _values(pair.old, live.__defaults__, live.__kwdefaults__)
    scope = {**live.__globals__, **_contents(live)}
    values: dict[str, Any] = {}
    for name, node in after.items():
        same = name in before and ast.dump(before[name]) == ast.dump(node)
        values[name] = has[name] if same and name in has else _computed(name, node, scope)
    return _attributes(pair.new, values)


class Staying:
    """The defaults of a function whose text an edit has left, computed from what did not change."""

    def __init__(self, old: ast.arguments, new: ast.arguments, changed: set[str]) -> None:
        """Compare two headers; `changed` are names that have other values now."""
        before, after = _defaults(old), _defaults(new)
        self._names = {
            name
            for name, node in after.items()
            if name in before
            and ast.dump(before[name]) == ast.dump(node)
            and not names_read(node) & changed
        }

    def kept_by(self, live: FunctionType, pair: Pair, fresh: dict[str, Any]) -> dict[str, Any]:
        """Return the attributes `fresh` of the new function with what `live` has of these."""
        if not self._names:
            return fresh
        values = _values(pair.new, fresh["__defaults__"], fresh["__kwdefaults__"])
        has = _values(pair.old, live.__defaults__, live.__kwdefaults__)
        kept = {name: has[name] for name in self._names & has.keys() & values.keys()}
        return {**fresh, **_attributes(pair.new, {**values, **kept})}


def _attributes(code: CodeType, values: dict[str, Any]) -> dict[str, Any]:
    """Return defaults by parameter as a function has them."""
    positional, keyword = (
        _parameters(code)[: code.co_argcount],
        _parameters(code)[code.co_argcount :],
    )
    return {
        "__defaults__": tuple(values[name] for name in positional if name in values) or None,
        "__kwdefaults__": {name: values[name] for name in keyword if name in values} or None,
    }


def _computed(name: str, node: ast.expr, scope: dict[str, Any]) -> Any:
    if not is_plain(node, scope):
        raise Unknown(name)
    try:
        return eval(compile(ast.Expression(node), "<default>", "eval"), scope)
    except Exception:
        raise Unknown(name) from None


def _values(code: CodeType, defaults: Any, keyword: Any) -> dict[str, Any]:
    """Return the defaults that a function has, by parameter."""
    positional = _parameters(code)[: code.co_argcount]
    with_default = positional[len(positional) - len(defaults or ()) :]
    return {**dict(zip(with_default, defaults or ())), **(keyword or {})}


def _contents(live: FunctionType) -> dict[str, Any]:
    found = {}
    for name, cell in cells_of(live).items():
        try:
            found[name] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    return found


def _parameters(code: CodeType) -> list[str]:
    return list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def _names(arguments: ast.arguments) -> list[str]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [each.arg for each in every]


def _defaults(arguments: ast.arguments) -> dict[str, ast.expr]:
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    found = {each.arg: node for each, node in zip(with_default, arguments.defaults)}
    keyword = zip(arguments.kwonlyargs, arguments.kw_defaults)
    return {**found, **{each.arg: node for each, node in keyword if node is not None}}


def _dumped(defaults: dict[str, ast.expr]) -> dict[str, str]:
    return {name: ast.dump(node) for name, node in defaults.items()}


def _first_line(node: Any) -> int:
    decorators = getattr(node, "decorator_list", None)
    return int(decorators[0].lineno) if decorators else int(node.lineno)
