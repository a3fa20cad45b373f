"""What a test uses of its own file and of the files whose fixtures hold there, each with a mark.

Names stand for all that is called so, as in `reachable`. Statements that make nothing but names
count where one of those is used; all others, such as a call, count for every test.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from relive.source.bindings import STAR, bindings
from relive.source.nodes import Definable, syntax_tree
from relive.source.quick_dataclasses import dataclass
from relive.source.reachable import OF_ITS_OWN, words_in
from relive.wire.fingerprints import fingerprint

_KEPT_TEXTS = 500
_KEPT_INDEXES = 16
_READ_BY_PYTEST = frozenset(("pytestmark", "pytest_plugins", "collect_ignore", STAR))
_MAKES_NAMES = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Piece:
    """A function, a method, the rest of a class, or another statement."""

    name: str
    """Qualified; of a statement the first name it binds, if any."""
    names: frozenset[str]
    """It is used by one of these."""
    words: frozenset[str]
    """The names in it."""
    mark: str
    """Equal for code that does the same, whatever the comments and the layout."""
    runs_unasked: bool = False

    def runs_for(self, test: str) -> bool:
        """Whether it runs unasked where a test stands: in its module, or in a class around it."""
        return self.runs_unasked and f"{test}.".startswith(self.name.rpartition(".")[0])


Used = frozenset[tuple[str, str, str]]
"""Pieces by their file and name, with their marks."""


def used_by(name: str, file: str, texts: Mapping[str, str]) -> Used:
    """Return what a test of `file` uses of these texts, its own among them."""
    known = _known(tuple(texts.items()))
    begin = [
        *(place for place in known.unasked if place[1].runs_for(name)),
        *(place for place in known.by_file[file] if _is_own(place[1].name, name)),
    ]
    used = {id(place): place for place in begin}
    waiting = [word for _, each in begin for word in each.words]
    seen = set(waiting)
    while waiting:
        for place in known.by_name.get(waiting.pop(), ()):
            used[id(place)] = place
            waiting += place[1].words - seen
            seen |= place[1].words
    return frozenset((where, each.name, each.mark) for where, each in used.values())


def _is_own(piece: str, test: str) -> bool:
    """Whether it is the test's code, in it, or a class around it."""
    return bool(piece) and (f"{piece}.".startswith(f"{test}.") or test.startswith(f"{piece}."))


_Place = tuple[str, Piece]
"""A piece with its file."""


@dataclass(frozen=True)
class _Known:
    """The pieces of some files."""

    by_file: dict[str, list[_Place]]
    by_name: dict[str, list[_Place]]
    unasked: list[_Place]


@lru_cache(maxsize=_KEPT_INDEXES)
def _known(texts: tuple[tuple[str, str], ...]) -> _Known:
    """Return what is in some files; many tests ask it of the same ones."""
    by_file = {file: [(file, each) for each in pieces(text)] for file, text in texts}
    places = [place for each in by_file.values() for place in each]
    by_name: dict[str, list[_Place]] = {}
    for place in places:
        for name in place[1].names:
            by_name.setdefault(name, []).append(place)
    return _Known(by_file, by_name, [place for place in places if place[1].runs_unasked])


@lru_cache(maxsize=_KEPT_TEXTS)
def pieces(text: str) -> tuple[Piece, ...]:
    """Return the pieces of a text; one that does not parse is a single one."""
    try:
        return tuple(_pieces(syntax_tree(text).body, ""))
    except (SyntaxError, ValueError, RecursionError):
        return (Piece("", frozenset(), frozenset(), fingerprint(text), runs_unasked=True),)


def _pieces(body: Iterable[ast.stmt], outer: str) -> Iterator[Piece]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _of_class(node, outer)
        elif isinstance(node, Definable):
            yield _function(node, outer)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield _statement(node)


def _of_class(node: ast.ClassDef, outer: str) -> Iterator[Piece]:
    name = f"{outer}{node.name}"
    inner = [each for each in node.body if isinstance(each, Definable)]
    rest = [each for each in node.body if not isinstance(each, Definable)]
    parts = [*rest, *node.bases, *node.keywords, *node.decorator_list]
    yield Piece(name, frozenset(name.split(".")), frozenset(words_in(parts)), _mark(parts))
    yield from _pieces(inner, f"{name}.")


def _function(node: Definable, outer: str) -> Piece:
    name, words = f"{outer}{node.name}", frozenset(words_in([node]))
    called = {each for other in node.decorator_list for each in _name_given(other)}
    by_name = OF_ITS_OWN.match(node.name) and not node.decorator_list
    unasked = "autouse" in words or bool(by_name)
    return Piece(name, frozenset((*name.split("."), *called)), words, _mark([node]), unasked)


def _name_given(decorator: ast.expr) -> Iterator[str]:
    """Yield what a fixture is called that has another name than its function."""
    for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
        match keyword:
            case ast.keyword(arg="name", value=ast.Constant(value=str(name))):
                yield name


def _statement(node: ast.stmt) -> Piece:
    names = bindings([node]).names
    unasked = not _only_makes_names(node) or bool(_READ_BY_PYTEST & {*names})
    words = frozenset(words_in([node]))
    return Piece(next(iter(names), ""), frozenset(names), words, _mark([node]), unasked)


def _only_makes_names(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    parts = [each for target in targets for each in ast.walk(target)]
    changes = any(isinstance(each, (ast.Attribute, ast.Subscript)) for each in parts)
    return isinstance(node, _MAKES_NAMES) and bool(bindings([node]).names) and not changes


def _mark(nodes: Iterable[ast.AST]) -> str:
    return fingerprint("\n".join(map(ast.dump, nodes)))
