"""Which names code can come by, through the code of the modules it imports: rather too many.

Names stand for all that is called so. A method is reached by its name, on whatever object, and with
its class. What is made up at run time (`getattr` with a computed name) is not seen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from functools import lru_cache

from relive.source.nodes import syntax_tree
from relive.source.quick_dataclasses import dataclass

_WORD = re.compile(r"[^\W\d]\w*")
_DOTTED = re.compile(r"^[^\W\d][\w.:]*$")
OF_ITS_OWN = re.compile(r"^(setup|teardown|setUp|tearDown|pytest_)")
"""What pytest runs without being told to by the code."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORTING = frozenset(("import_module", "importorskip", "__import__"))
_KEPT_TEXTS = 2_000

Import = tuple[int, str]
"""How many dots it begins with, and the module's name."""


@dataclass(frozen=True)
class Unit:
    """A function, a method, or the rest of a class, and the names in it."""

    name: str
    """Qualified."""
    words: frozenset[str]
    runs_unasked: bool


@dataclass(frozen=True)
class Facts:
    """What of a text matters here."""

    units: tuple[Unit, ...]
    top: frozenset[str]
    """The names in what runs when the module is imported."""
    imports: frozenset[Import]
    aliases: tuple[tuple[str, str], ...]
    """Names that stand for others: what is used, and what it is called where it comes from."""
    plugins: frozenset[Import] = frozenset()
    """The modules whose fixtures hold wherever this text's do."""


@lru_cache(maxsize=_KEPT_TEXTS)
def facts(text: str) -> Facts:
    """Return the facts of a text; of one that does not parse all its words are one piece."""
    try:
        tree = syntax_tree(text)
    except (SyntaxError, ValueError, RecursionError):
        return Facts((), frozenset(_WORD.findall(text)), _imports_by_line(text), ())
    units = tuple(_units(tree.body, ""))
    plugins = frozenset(_plugins(tree.body))
    rest = [node for node in tree.body if not isinstance(node, (*_FUNCTIONS, ast.ClassDef))]
    others = [node for node in rest if not isinstance(node, (ast.Import, ast.ImportFrom))]
    imported = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    return Facts(
        units,
        frozenset(words_in(others)),
        frozenset((*_imports(imported), *_imports_by_call(tree), *plugins)),
        (*_aliases(imported), *_names_of_fixtures(tree)),
        plugins,
    )


@dataclass
class Reached:
    """What a piece of code can come by."""

    files: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def has(self, file: str, name: str) -> bool:
        """Whether a definition of a file, or a statement that binds names, may be reached."""
        parts = _WORD.findall(name)
        return file in self.files and (not parts or any(part in self.words for part in parts))


class Reach:
    """Follows names and imports; `find` gives the files of a module that a file imports."""

    def __init__(
        self,
        text_of: Callable[[str], str],
        find: Callable[[str, Import], Iterable[str]],
        around: Callable[[str], Iterable[str]],
    ) -> None:
        """Make it; `around` gives files that take part unasked, as `conftest.py` does."""
        self._text_of = text_of
        self._find = find
        self._around = around
        self._files: dict[str, set[str]] = {}
        self._ways: dict[str, dict[str, set[str]]] = {}
        """By file: the names that each name leads to."""

    def of(self, file: str, name: str) -> Reached:
        """Return what the definition `name` of `file` can come by."""
        files, ways = self.files_from(file), self._ways_from(file)
        reached = Reached(files)
        waiting = {word for each in files for word in self._facts(each).top}
        waiting |= self._begins_with(file, name)
        while waiting:
            word = waiting.pop()
            if word not in reached.words:
                reached.words.add(word)
                waiting |= ways.get(word, set())
        return reached

    def _begins_with(self, file: str, name: str) -> set[str]:
        """Return the names in the code itself, what stands around it, and what runs unasked."""
        own = [unit for unit in self._facts(file).units if _belongs(unit.name, name)]
        unasked = [
            unit
            for each in self.unasked(file)
            for unit in self._facts(each).units
            if unit.runs_unasked
        ]
        names = {unit.name.rpartition(".")[2] for unit in unasked}
        return names | {word for unit in (*own, *unasked) for word in unit.words}

    def files_from(self, file: str) -> set[str]:
        """Return the files whose code takes part, this one among them."""
        if file not in self._files:
            self._files[file] = found = set()
            waiting = self.unasked(file)
            while waiting:
                each = waiting.pop()
                if each not in found:
                    found.add(each)
                    for imported in self._facts(each).imports:
                        waiting += self._find(each, imported)
        return self._files[file]

    def unasked(self, file: str) -> list[str]:
        """Return the files whose fixtures hold in a file, this one first."""
        found = dict.fromkeys((file, *self._around(file)))
        waiting = list(found)
        while waiting:
            each = waiting.pop()
            named = [self._find(each, plugin) for plugin in self._facts(each).plugins]
            new = [other for others in named for other in others if other not in found]
            found.update(dict.fromkeys(new))
            waiting += new
        return list(found)

    def _ways_from(self, file: str) -> dict[str, set[str]]:
        if file not in self._ways:
            self._ways[file] = _ways(self._facts(each) for each in self.files_from(file))
        return self._ways[file]

    def _facts(self, file: str) -> Facts:
        return facts(self._text_of(file))


def _belongs(unit: str, name: str) -> bool:
    """Whether a unit is the code of that name, in it, or a class around it."""
    return unit == name or unit.startswith(f"{name}.") or name.startswith(f"{unit}.")


def _ways(all_facts: Iterable[Facts]) -> dict[str, set[str]]:
    """Return the names that each name leads to: a class leads to all of its methods."""
    found: dict[str, set[str]] = {}
    for known in all_facts:
        for unit in known.units:
            for part in unit.name.split("."):
                found.setdefault(part, set()).update(unit.words)
        for used, real in known.aliases:
            found.setdefault(used, set()).add(real)
    return found


def _units(body: Sequence[ast.stmt], outer: str) -> Iterator[Unit]:
    for node in body:
        if isinstance(node, _FUNCTIONS):
            words = frozenset(words_in([node]))
            unasked = bool(OF_ITS_OWN.match(node.name)) or "autouse" in words
            yield Unit(f"{outer}{node.name}", words, unasked)
        elif isinstance(node, ast.ClassDef):
            inner = [each for each in node.body if isinstance(each, (*_FUNCTIONS, ast.ClassDef))]
            rest: list[ast.AST] = [each for each in node.body if each not in inner]
            words = frozenset(words_in([*rest, *node.bases, *node.decorator_list, *node.keywords]))
            yield Unit(f"{outer}{node.name}", words, runs_unasked=False)
            yield from _units(inner, f"{outer}{node.name}.")


def words_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names in some code, those in dotted texts as well."""
    for root in nodes:
        for node in ast.walk(root):
            match node:
                case ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word):
                    yield word
                case ast.keyword(arg=str(word)):
                    yield word
                case ast.alias(name=name):
                    yield from name.split(".")
                case ast.Constant(value=str(text)) if _DOTTED.match(text):
                    yield from _WORD.findall(text)


def _imports(nodes: Iterable[ast.stmt]) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield node.level, module
            for alias in node.names:  # which may be a module
                yield node.level, f"{module}.{alias.name}".strip(".")


def _aliases(nodes: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if alias.asname is not None:
                    yield alias.asname, alias.name.rpartition(".")[2]


def _imports_by_call(tree: ast.Module) -> Iterator[Import]:
    """Yield the modules that functions are told to import."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]):
                if name in _IMPORTING:
                    yield from _said(first)


def _plugins(body: Sequence[ast.stmt]) -> Iterator[Import]:
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name("pytest_plugins")], value=value):
                yield from _said(value)


def _said(value: ast.expr) -> Iterator[Import]:
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield 0, node.value


def _names_of_fixtures(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield what fixtures are called that have another name than their function."""
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            calls = [each for each in node.decorator_list if isinstance(each, ast.Call)]
            for keyword in (each for call in calls for each in call.keywords):
                match keyword:
                    case ast.keyword(arg="name", value=ast.Constant(value=str(name))):
                        yield name, node.name


def _imports_by_line(text: str) -> frozenset[Import]:
    found = re.findall(r"^\s*(?:from|import)\s+(\.*)([\w.]*)", text, re.MULTILINE)
    return frozenset((len(dots), module) for dots, module in found)
