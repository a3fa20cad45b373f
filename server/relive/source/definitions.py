"""The functions, methods and classes of a text: what a redefinition takes."""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from relive.source.margins import margin
from relive.source.nodes import Definable, substatements
from relive.source.outline import Outline, Section, kept_by_text, outline
from relive.source.positions import BYTE_ORDER_MARK, Position, Range
from relive.source.quick_dataclasses import dataclass
from relive.wire.fingerprints import class_fingerprint, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Scopes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Definition:
    """A `def`, `async def` or `class` statement, its decorators included."""

    name: str
    """The qualified name, as in `C.m` and `f.<locals>.g`."""
    kind: str
    """`function`, `method` or `class`."""
    range: Range
    header: Position
    """Where `def` or `class` is, after any decorators."""
    scopes: Scopes
    """What encloses it, outermost first, as `("class", "C")` or `("function", "f")`."""
    source: str
    """The text from the beginning of its first line to its end."""
    fingerprint: str
    """Equal for equal source, wherever it stands and however deep it is indented; a class's leaves
    out the definitions in it."""
    is_in_a_branch: bool = False
    """Whether it stands under a statement such as `if` or `try` of its scope."""


@kept_by_text
def definitions(text: str) -> tuple[Definition, ...]:
    """Return all definitions in the order of the text, each before those inside it."""
    return _definitions(outline(text))


def _definitions(parsed: Outline) -> tuple[Definition, ...]:
    return tuple(each for section in parsed.sections for each in _in_section(parsed, section))


def _in_section(parsed: Outline, section: Section) -> tuple[Definition, ...]:
    found: tuple[Definition, ...] | None = section.found.get("definitions")
    if found is None:
        found = tuple(_definition(parsed, *each) for each in _walk(section.nodes, ()))
        section.found["definitions"] = found
    return found


def definition_at(text: str, position: Position) -> Definition | None:
    """Return the innermost definition whose lines the caret is on."""
    return next(reversed(_around(text, position)), None)


def function_at(text: str, position: Position) -> Definition | None:
    """Return the function or method around the caret that can be redefined by its name.

    That is the outermost one: functions inside it are made anew each time it is called.
    """
    around = _around(text, position)
    return next((found for found in around if found.kind != "class"), None)


def class_at(text: str, position: Position) -> Definition | None:
    """Return the innermost class around the caret that can be redefined by its name."""
    reachable = takewhile(lambda found: found.kind == "class", _around(text, position))
    return next(reversed([*reachable]), None)


def named(text: str, name: str, line: int | None = None) -> tuple[Definition, ...]:
    """Return the definitions of that qualified name, without reading more of a text than needed.

    With a line, only the one that begins on it.
    """
    if line is not None:
        around = _around(text, (line, 0))
        return tuple(each for each in around if (each.name, each.range.start[0]) == (name, line))
    blocks = margin(text).blocks_of(name.partition(".")[0])
    parts = None if blocks is None else [_in_block(*block) for block in blocks]
    if parts is None or None in parts:
        parts = [definitions(text)]
    return tuple(found for part in parts for found in part or () if found.name == name)


def _in_block(line: int, block: str) -> tuple[Definition, ...] | None:
    """Return the definitions of a block that begins on `line`; None if it is no whole statement."""
    parsed = Outline(block)  # not kept: whole texts are
    if len(parsed.sections) != 1 or parsed.sections[0].broken:
        return None
    return tuple(_moved(found, line) for found in _definitions(parsed))


def _moved(found: Definition, lines: int) -> Definition:
    start, end, header = found.range.start, found.range.end, found.header
    return replace(
        found,
        range=Range((start[0] + lines, start[1]), (end[0] + lines, end[1])),
        header=(header[0] + lines, header[1]),
    )


def find(text: str, name: str) -> Definition | None:
    """Return the definition of that qualified name; of several the last, which is in force."""
    return next(reversed(named(text, name)), None)


def _around(text: str, position: Position) -> list[Definition]:
    """Return the definitions whose lines the caret is on, outermost first.

    By lines is enough: the grammar lets nothing else stand on a definition's lines.
    """
    line = position[0]
    block = margin(text).block_at(line)
    near = None if block is None else _in_block(*block)
    if near is None:
        near = definitions(text)
    return [found for found in near if found.range.start[0] <= line <= found.range.end[0]]


def _walk(nodes: Iterable[ast.stmt], scopes: Scopes) -> Iterator[tuple[Definable, Scopes, bool]]:
    for node, is_in_a_branch in _defined_in_scope(nodes):
        yield node, scopes, is_in_a_branch
        scope = "class" if isinstance(node, ast.ClassDef) else "function"
        yield from _walk(node.body, (*scopes, (scope, node.name)))


def _defined_in_scope(nodes: Iterable[ast.stmt]) -> Iterator[tuple[Definable, bool]]:
    """Yield the definitions of one scope; blocks such as `if` and `try` are part of it.

    With each whether it stands in such a block.
    """
    pending: list[tuple[ast.stmt, bool]] = [(each, False) for each in nodes][::-1]
    while pending:
        node, is_in_a_branch = pending.pop()
        if isinstance(node, Definable):
            yield node, is_in_a_branch
        else:
            pending.extend([(each, True) for each in substatements(node)][::-1])


def _definition(
    parsed: Outline, node: Definable, scopes: Scopes, is_in_a_branch: bool
) -> Definition:
    range_ = parsed.range_of(node)
    whole_lines = Range((range_.start[0], 0), range_.end)
    source = parsed.table.slice(whole_lines).removeprefix(BYTE_ORDER_MARK)
    return Definition(
        name=_qualified(node.name, scopes),
        kind=_kind(node, scopes),
        range=range_,
        header=parsed.header(node),
        scopes=scopes,
        source=source,
        fingerprint=_fingerprint(parsed, node, source),
        is_in_a_branch=is_in_a_branch,
    )


def _fingerprint(parsed: Outline, node: Definable, source: str) -> str:
    if not isinstance(node, ast.ClassDef):
        return fingerprint(source)
    first = parsed.range_of(node).start[0]
    ranges = [parsed.range_of(member) for member, _ in _defined_in_scope(node.body)]
    return class_fingerprint(
        source, [(each.start[0] - first, each.end[0] - first) for each in ranges]
    )


def _qualified(name: str, scopes: Scopes) -> str:
    outer = (f"{name}.<locals>." if kind == "function" else f"{name}." for kind, name in scopes)
    return "".join(outer) + name


def _kind(node: Definable, scopes: Scopes) -> str:
    if isinstance(node, ast.ClassDef):
        return "class"
    return "method" if scopes and scopes[-1][0] == "class" else "function"
