"""Which statements of a file may come of what was edited in it, told from the text alone.

It is for what ran while nothing watched, as the file was imported. Names stand for what they hold,
and `.name` for a method of whatever class. It errs to the side of too many.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from relive.source.definitions import definitions
from relive.source.forms import Form, top_level_forms
from relive.source.nodes import syntax_tree
from relive.source.positions import LineTable
from relive.source.quick_dataclasses import dataclass

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Derived:
    """A statement that may come of what was edited."""

    form: Form
    of: str
    """The name that it has it by."""
    gives: frozenset[str]
    """The names that it binds, or whose objects it may change."""


def derived(text: str, edited: Iterable[str], headers: Iterable[str] = ()) -> Iterator[Derived]:
    """Yield the statements, definitions and imports left out, that may come of what was edited.

    Args:
        text: of the file.
        edited: the names of definitions, `Class.method` too, and others of the file.
        headers: texts of definitions whose decorators have run, or were to be undone: what these
            register in counts as edited, too.
    """
    return derived_among(pieces_of(text), edited, headers)


def derived_among(
    pieces: list[Piece], edited: Iterable[str], headers: Iterable[str] = ()
) -> Iterator[Derived]:
    """Do so for a text that has been taken apart."""
    assigned = {
        name for each in pieces if each.is_statement and not each.is_plain for name in each.gives
    }
    tokens = {token for name in edited for token in tokens_of(name)}
    for header in headers:
        tokens |= _reached(_header_names(header), pieces) & assigned
    told: set[int] = set()
    grown = True
    while grown:
        before = len(tokens)
        for number, each in enumerate(pieces):
            used = each.uses & tokens
            if used and number not in told:
                gives = each.gives | (each.touches & assigned)
                tokens |= gives
                told.add(number)
                if each.is_statement:
                    yield Derived(each.form, min(used).lstrip("."), gives)
        grown = len(tokens) > before


def tokens_of(name: str) -> set[str]:
    """Return what code says that uses a definition."""
    outer, _, own = name.rpartition(".")
    if not outer:
        return {name}
    return {outer.rpartition(".")[2]} if own.startswith("__") else {f".{own}"}


@dataclass(frozen=True)
class Piece:
    """A top-level statement, or a method of a class."""

    form: Form
    is_statement: bool
    uses: frozenset[str]
    gives: frozenset[str]
    touches: frozenset[str]
    """Names whose objects it may change."""
    is_plain: bool = False
    """Whether what it assigns is a number, a string or the like, which nothing changes."""


def pieces_of(text: str) -> list[Piece]:
    """Take a text apart."""
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    table = LineTable(text)
    for form in top_level_forms(text):
        if form.kind in ("import", "guard", "broken"):
            continue
        source = table.slice(form.range)
        try:
            nodes = syntax_tree(source).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if form.kind in ("function", "class"):
            yield from _of_definition(form, source)
        else:
            uses = names_used(nodes)
            touched, binds = _touched(nodes, uses), frozenset(form.binds)
            plain = all(map(is_plain, nodes))
            yield Piece(form, True, frozenset(uses), binds, frozenset(touched), plain)


def _of_definition(form: Form, source: str) -> Iterator[Piece]:
    for each in definitions(source):
        try:
            nodes = syntax_tree(_dedented(each.source)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        own = list(_without_members(nodes)) if each.kind == "class" else nodes
        uses = frozenset(names_used(own) - {each.name})
        yield Piece(form, False, uses, frozenset(tokens_of(each.name)), frozenset())


def is_plain(node: ast.stmt) -> bool:
    """Whether a statement assigns nothing but a number, a string or the like."""
    is_assignment = isinstance(node, (ast.Assign, ast.AnnAssign))
    return is_assignment and isinstance(getattr(node, "value", None), ast.Constant)


def _dedented(source: str) -> str:
    return f"if 1:\n{source}" if source[:1] in (" ", "\t") else source


def _without_members(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield what the statement of a class evaluates by itself."""
    for cls in [each for one in nodes for each in ast.walk(one) if isinstance(each, ast.ClassDef)]:
        yield from [*cls.decorator_list, *cls.bases, *cls.keywords]
        yield from [each for each in cls.body if not isinstance(each, _DEFINITIONS)]
        return


def _touched(nodes: list[ast.stmt], uses: set[str]) -> set[str]:
    """Return the names whose objects a statement may change: an assignment changes its targets'."""
    targets: list[ast.AST] = []
    for node in nodes:
        if isinstance(node, (ast.Assign, ast.Delete)):
            targets += node.targets
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            targets.append(node.target)
        else:
            return uses
    return names_used(targets)


def names_used(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that code looks up, and `.name` for each attribute that it names."""
    found: set[str] = set()
    for node in (inner for each in nodes for inner in ast.walk(each)):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(f".{node.attr}")
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


def _header_names(source: str) -> set[str]:
    """Return the names in a definition's decorators, and of a class's bases and keywords."""
    try:
        node = syntax_tree(_dedented(source)).body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    node = node.body[0] if isinstance(node, ast.If) else node
    if not isinstance(node, _DEFINITIONS):
        return set()
    header: list[ast.AST] = list(node.decorator_list)
    if isinstance(node, ast.ClassDef):
        header += [*node.bases, *node.keywords]
    return {each for each in names_used(header) if not each.startswith(".")}


def _reached(names: set[str], pieces: list[Piece]) -> set[str]:
    """Return names, and those that the functions and classes come to which they name."""
    found, waiting = set(names), list(names)
    while waiting:
        name = waiting.pop()
        for each in pieces:
            if not each.is_statement and name in each.gives:
                new = each.uses - found
                found |= new
                waiting += new
    return found
