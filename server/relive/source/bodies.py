"""The bodies of functions: the statement at a place in one, and the names that are its own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from types import CodeType

from relive.source.definitions import Definition, definition_at
from relive.source.nodes import Definable, substatements
from relive.source.outline import Outline, outline
from relive.source.positions import Position, Range
from relive.source.quick_dataclasses import dataclass


@dataclass(frozen=True)
class InBody:
    """A part of a function's body."""

    function: Definition
    """The innermost around it."""
    range: Range


def statement_in_body(text: str, position: Position) -> InBody | None:
    """Return the statement at the caret, if that is in a function's body.

    Of several on its line the one that the caret is in or behind; before them all it is the first.
    """
    function, parsed = _function_at(text, position), outline(text)
    if function is None:
        return None
    caret = max(position, (position[0], _indentation(parsed.table.line(position[0]))))
    node = _innermost(parsed, _body_of(parsed, function), caret)
    return None if node is None else InBody(function, parsed.range_of(node))


def selected_in_body(text: str, range_: Range) -> InBody | None:
    """Return the function that all of a range is in the body of."""
    function, parsed = _function_at(text, range_.start), outline(text)
    body = None if function is None else _body_of(parsed, function)
    if function is None or not body or function != _function_at(text, range_.end):
        return None
    begins = range_.start >= (parsed.range_of(body[0]).start[0], 0)
    return InBody(function, range_) if begins else None


def names_of(function: Definition) -> frozenset[str]:
    """Return the parameters and variables of a function, and those it has from around it."""
    try:
        code = compile(f"if 1:\n{function.source}", "", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return frozenset()
    own = function.name.rpartition(".")[2]
    found = next((each for each in _nested(code) if each.co_name == own), None)
    if found is None:
        return frozenset()
    return frozenset((*found.co_varnames, *found.co_cellvars, *found.co_freevars))


def _function_at(text: str, position: Position) -> Definition | None:
    found = definition_at(text, position)
    return found if found is not None and found.kind != "class" else None


def _body_of(parsed: Outline, function: Definition) -> list[ast.stmt]:
    nodes = (node for section in parsed.sections for node in section.nodes)
    found = (each for each in _every(nodes) if isinstance(each, Definable))
    own = (each for each in found if parsed.range_of(each) == function.range)
    return next((each.body for each in own), [])


def _every(nodes: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for node in nodes:
        yield node
        yield from _every(substatements(node))


def _innermost(parsed: Outline, nodes: Iterable[ast.stmt], caret: Position) -> ast.stmt | None:
    found: ast.stmt | None = None
    for node in nodes:
        range_ = parsed.range_of(node)
        if range_.start <= caret and caret[0] <= range_.end[0]:
            found = node
    if found is None or isinstance(found, Definable):
        return found
    return _innermost(parsed, substatements(found), caret) or found


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _nested(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _nested(each)
