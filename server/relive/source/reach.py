"""Which of a module's names code depends on, as far as texts can tell: more than it will use."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from relive.source.bindings import STAR
from relive.source.nodes import Definable
from relive.source.outline import kept_by_text, outline
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TypeGuard


@dataclass(frozen=True)
class Reach:
    """What code depends on."""

    names: frozenset[str]
    """Of the module, its own and those its definitions use in turn."""
    leaves: bool
    """Whether it goes on in other modules that are not the standard library's."""


def reach(code: str, text: str) -> Reach:
    """Return what `code`, that runs in the module of `text`, depends on."""
    module = _module(text)
    seen = _closure(module.uses, (n for node in outline_nodes(code) for n in names_in(node)))
    leaves = bool(seen & module.foreign) or (module.has_star and bool(seen - set(module.uses)))
    return Reach(frozenset(seen), leaves)


def names_in(node: ast.AST) -> list[str]:
    """Return the names that a statement uses, in the order in which they stand."""
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]


def definition_meant(code: str, text: str) -> str | None:
    """Return the definition of `text` that an expression is about: what it calls, if it calls."""
    defined = _module(text).defined
    nodes = outline_nodes(code)
    calls = [each for node in nodes for each in ast.walk(node) if isinstance(each, ast.Call)]
    called = [name for call in calls for name in _called(call)]
    used = [name for node in nodes for name in names_in(node)]
    return next((name for name in (*called, *used) if name in defined), None)


def outline_nodes(code: str) -> Sequence[ast.stmt]:
    """Return the statements of some code, as far as it can be read."""
    return [node for section in outline(code).sections for node in section.nodes]


@dataclass(frozen=True)
class _Module:
    uses: Mapping[str, frozenset[str]]
    """What the statements that bind a name use."""
    foreign: frozenset[str]
    """The names that come from other modules than the standard library's."""
    defined: frozenset[str]
    """Of functions and classes, methods too, qualified."""
    has_star: bool


@kept_by_text
def _module(text: str) -> _Module:
    uses: dict[str, set[str]] = {}
    foreign: set[str] = set()
    defined: set[str] = set()
    for section in outline(text).sections:
        used = {name for node in section.nodes for name in names_in(node)}
        for name in section.bindings.names:
            uses.setdefault(name, set()).update(used)
        for node in section.nodes:
            foreign |= _foreign(node)
            defined |= _defined(node)
    _add_held(uses, [node for each in outline(text).sections for node in each.nodes])
    found = {name: frozenset(each) for name, each in uses.items()}
    return _Module(found, frozenset(foreign), frozenset(defined), STAR in uses)


def _add_held(uses: dict[str, set[str]], nodes: Sequence[ast.stmt]) -> None:
    """Add that what is put into something is used through it, as by a decorator that registers."""
    values = {each.id for node in nodes for each in _stored(node)}
    before = {name: frozenset(used & values) for name, used in uses.items()}
    for node in nodes:
        into, held = _put(node)
        for name in into & before.keys():
            for each in {name, *before[name]} & before.keys():
                uses[each] |= held


def _stored(node: ast.stmt) -> Iterator[ast.Name]:
    """Yield the names that a statement gives values to, other than functions and classes."""
    if not isinstance(node, Definable):
        yield from (each for each in ast.walk(node) if _is_stored(each))


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _put(node: ast.stmt) -> tuple[set[str], set[str]]:
    """Return into what a statement may put something, by names, and what it puts there."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {name for each in node.decorator_list for name in names_in(each)}, {node.name}
        case ast.Expr(ast.Call(function, arguments, keywords)):
            given = (*arguments, *keywords)
            return set(names_in(function)), {name for each in given for name in names_in(each)}
        case ast.Assign([ast.Attribute() | ast.Subscript() as target, *_], value):
            return set(names_in(target)), set(names_in(value))
    return set(), set()


def _closure(uses: Mapping[str, Iterable[str]], names: Iterable[str]) -> set[str]:
    """Return the names, and those used by what they stand for in turn."""
    pending, seen = list(names), set[str]()
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            pending.extend(uses.get(name, ()))
    return seen


def _foreign(node: ast.stmt) -> set[str]:
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            names = (alias for alias in each.names if not _is_standard(alias.name))
            found |= {alias.asname or alias.name.partition(".")[0] for alias in names}
        elif isinstance(each, ast.ImportFrom) and (each.level or not _is_standard(each.module)):
            found |= {alias.asname or alias.name for alias in each.names}
    return found


def _is_standard(module: str | None) -> bool:
    return (module or "").partition(".")[0] in sys.stdlib_module_names


def _defined(node: ast.stmt) -> set[str]:
    if not isinstance(node, Definable):
        return set()
    inner: Iterable[ast.stmt] = node.body if isinstance(node, ast.ClassDef) else ()
    methods = {f"{node.name}.{each.name}" for each in inner if isinstance(each, Definable)}
    return {node.name, *methods}


def _called(call: ast.Call) -> list[str]:
    """Return what a call is of, as `f`, and for `C(1).m(2)` as `C.m` before `C`."""
    function = call.func
    if isinstance(function, ast.Name):
        return [function.id]
    if isinstance(function, ast.Attribute):
        value = function.value
        made = value.func if isinstance(value, ast.Call) else value
        if isinstance(made, ast.Name):
            return [f"{made.id}.{function.attr}", made.id]
    return []
