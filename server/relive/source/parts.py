"""A text's statements and functions, by what their code names: what they use, give and may change.

Names stand for what they hold, and `.name` for an attribute of whatever has it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from relive.source.derived import is_plain, names_used, tokens_of
from relive.source.forms import top_level_forms
from relive.source.nodes import syntax_tree
from relive.source.positions import LineTable
from relive.source.quick_dataclasses import dataclass
from relive.source.taken import Taken, taken_in

ANYTHING = "*"
"""Is used by code that finds what it uses by a text."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOKS_UP = frozenset(["eval", "getattr", "__import__", ".import_module"])
_GIVES_BY_TEXT = frozenset(
    ["globals", "locals", "vars", "exec", "setattr", "delattr", ".modules", ".__dict__"]
)
_BY_TEXT = _LOOKS_UP | _GIVES_BY_TEXT | {".__globals__"}
_BY_CONSTANT = frozenset(["getattr", "setattr", "hasattr", "delattr", "attrgetter", "methodcaller"])
_HARMLESS = frozenset(
    [
        "debug",
        "info",
        "warning",
        "error",
        "exception",
        "critical",
        "join",
        "format",
        "items",
        "keys",
        "values",
    ]
)
"""Methods that change nothing of what they are called on."""


@dataclass(eq=False)
class Part:
    """A top-level statement, or a function of a class."""

    line: int
    uses: frozenset[str]
    """What its code names, in the functions that it defines too."""
    gives: frozenset[str]
    """What code says that uses it."""
    made_of: frozenset[str] = frozenset()
    """What it names as it runs: of a definition decorators, defaults and the body of a class."""
    bases: frozenset[str] = frozenset()
    """Of a class: its bases."""
    acts: frozenset[str] = frozenset()
    """Whose objects it may change as it runs."""
    hands_on: frozenset[str] = frozenset()
    """Whose objects its code may change, or hand to code that does."""
    rebinds: frozenset[str] = frozenset()
    """What its code gives other values, by `global` or of another module."""
    is_definition: bool = False
    is_plain: bool = False
    """Whether what it assigns is a number, a string or the like, which nothing changes."""

    @property
    def gives_anything(self) -> bool:
        """Whether it may give names that do not stand in it."""
        return not self.made_of.isdisjoint(_GIVES_BY_TEXT)


class Parts:
    """The parts of a text, and the names that it takes from other modules."""

    def __init__(self, text: str) -> None:
        """Take it apart once somebody asks."""
        self.text = text

    @cached_property
    def _tree(self) -> list[ast.stmt]:
        """Its statements; as far as they can be told, if it is none that could run."""
        try:
            return syntax_tree(self.text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return list(_whole_statements(self.text))

    @cached_property
    def all(self) -> list[Part]:
        """All of its parts."""
        return [part for node in self._tree if not _is_passed(node) for part in _parts(node)]

    @cached_property
    def users(self) -> dict[str, list[Part]]:
        """Its parts, by what they name."""
        found: dict[str, list[Part]] = {}
        for each in self.all:
            for name in each.uses | each.made_of | each.bases:
                found.setdefault(name, []).append(each)
        return found

    @cached_property
    def by_name(self) -> dict[str, list[Part]]:
        """Its functions and classes, by what code says that uses them."""
        found: dict[str, list[Part]] = {}
        for each in self.all:
            for name in each.gives if each.is_definition else ():
                found.setdefault(name, []).append(each)
        return found

    @cached_property
    def objects(self) -> frozenset[str]:
        """The names that it gives what may be changed in place."""
        parts = [each for each in self.all if not (each.is_definition or each.is_plain)]
        return frozenset(name for each in parts for name in each.gives)

    @cached_property
    def names(self) -> frozenset[str]:
        """All names that it is seen to give."""
        own = {name for each in self.all for name in each.gives}
        return frozenset(own | {each.alias or each.module for each in self.imports})

    @cached_property
    def parts_of(self) -> dict[str, frozenset[str]]:
        """By names: those whose objects theirs may hold."""
        found: dict[str, frozenset[str]] = {}
        for each in self.all:
            for name in each.gives if not each.is_definition else ():
                found[name] = found.get(name, frozenset()) | each.hands_on
        return found

    @cached_property
    def imports(self) -> list[Taken]:
        """What it imports, anywhere."""
        return list(taken_in(self.text))


def _whole_statements(text: str) -> Iterator[ast.stmt]:
    table = LineTable(text)
    for form in top_level_forms(text):
        try:
            yield from syntax_tree(table.slice(form.range)).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def _is_passed(node: ast.stmt) -> bool:
    """Whether a statement computes nothing as its file is imported."""
    if isinstance(node, ast.If):
        return any(getattr(each, "id", None) == "__name__" for each in ast.walk(node.test))
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _parts(node: ast.stmt) -> Iterator[Part]:
    line = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]) - 1
    if isinstance(node, ast.ClassDef):
        yield from _of_class(node, line, "")
    elif isinstance(node, _FUNCTIONS):
        yield _of_function(node, line, node.name, used(_header(node)))
    else:
        uses = used([node])
        yield Part(
            line,
            uses,
            frozenset(_bound(node)),
            uses,
            acts=_acts([node]),
            hands_on=_handed_on([node]),
            rebinds=_rebound([node]),
            is_plain=is_plain(node),
        )


def _bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement gives."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
            yield each.id
        elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield each.name


def _of_class(node: ast.ClassDef, line: int, outer: str) -> Iterator[Part]:
    name = f"{outer}.{node.name}" if outer else node.name
    inside = list(_inside(node))
    bases = used(each for each in node.bases if not isinstance(each, ast.Call))
    own = used(each for each in inside if not isinstance(each, _FUNCTIONS))
    runs = [each for one in inside for each in _run(one)]
    made_of = used(runs)
    acts, gives = _acts(runs), frozenset(tokens_of(name))
    about = made_of, bases, acts, acts, _rebound(runs)
    yield Part(line, own | bases, gives, *about, is_definition=True)
    for each in inside:
        if isinstance(each, _FUNCTIONS):
            yield _of_function(each, line, f"{name}.{each.name}")


def _of_function(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    line: int,
    name: str,
    made_of: frozenset[str] = frozenset(),
) -> Part:
    gives = frozenset(tokens_of(name))
    about = made_of, frozenset[str](), _acts(_header(node)), _handed_on(node.body)
    uses = used([node]) - {name}
    return Part(line, uses, gives, *about, _rebound([node]), is_definition=True)


def _inside(node: ast.ClassDef) -> Iterator[ast.AST]:
    """Yield what a class consists of, but for its plain bases; of classes in it their inside."""
    yield from [*node.decorator_list, *node.keywords]
    yield from [each for each in node.bases if isinstance(each, ast.Call)]
    for each in node.body:
        if isinstance(each, ast.ClassDef):
            yield from each.bases
            yield from _inside(each)
        else:
            yield each


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs of a statement in a class as the class is made."""
    if isinstance(node, _FUNCTIONS):
        yield from _header(node)
    else:
        yield node


def _header(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """Yield what a definition evaluates. Annotations are only read by decorators."""
    yield from node.decorator_list
    yield from [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    if node.decorator_list:
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        yield from [each.annotation for each in every if each.annotation is not None]
        yield from [node.returns] if node.returns is not None else []


def used(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Return what code names."""
    code = list(nodes)
    found = names_used(code)
    for node in (inner for each in code for inner in ast.walk(each)):
        if isinstance(node, ast.Call):
            found |= _by_constant(node)
    if found & _BY_TEXT:
        found.add(ANYTHING)
    return frozenset(found)


def _by_constant(call: ast.Call) -> set[str]:
    """Return the attributes that a call looks up by texts that stand in it."""
    func = call.func
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    if name not in _BY_CONSTANT:
        return set()
    texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
    return {f".{part}" for each in texts if isinstance(each, str) for part in each.split(".")}


def _rebound(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Return what code gives other values, apart from its own names."""
    found: set[str] = set()
    for node in (inner for each in nodes for inner in ast.walk(each)):
        if isinstance(node, ast.Global):
            found.update(node.names)
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            found.add(f".{node.attr}")
    return frozenset(found)


def _acts(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Return the names whose objects statements may change, given that their calls may."""
    changing: list[ast.AST] = []
    for node in nodes:
        if isinstance(node, (ast.Assign, ast.Delete)):
            changing += node.targets
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            changing.append(node.target)
        elif not isinstance(node, (ast.Expr, ast.expr)):
            changing.append(node)
        changing += [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    return _handed_on(changing)


def _handed_on(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Return the names whose objects code may change itself, or hand on."""
    found: set[str] = set()
    for node in nodes:
        _Handed(found).visit(node)
    return frozenset(found)


class _Handed(ast.NodeVisitor):
    """Finds names whose objects do more than to be computed with."""

    def __init__(self, found: set[str]) -> None:
        self._found = found

    def visit_Name(self, node: ast.Name) -> None:
        """Take it for handed on, if nothing around it says otherwise."""
        if isinstance(node.ctx, ast.Load):
            self._found.add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Take what an object has for handed on, and the object."""
        self._found.add(f".{node.attr}")
        self.visit(node.value)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Look at what is computed with: nothing changes it."""
        self._look([node.left, node.right])

    def visit_Compare(self, node: ast.Compare) -> None:
        """Do as in `visit_BinOp`."""
        self._look([node.left, *node.comparators])

    def visit_FormattedValue(self, node: ast.FormattedValue) -> None:
        """Do as in `visit_BinOp`."""
        self._look([node.value])

    def visit_Call(self, node: ast.Call) -> None:
        """Take arguments for handed on, and what a method is called of."""
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in _HARMLESS:
            self._look([func.value])
        elif isinstance(func, ast.Attribute):
            self.visit(func.value)
        elif not isinstance(func, ast.Name):
            self.visit(func)
        for each in [*node.args, *(keyword.value for keyword in node.keywords)]:
            self.visit(each)

    def _look(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            seen = node
            while isinstance(seen, (ast.Subscript, ast.Attribute)):
                seen = seen.value
            if not isinstance(seen, ast.Name):
                self.visit(seen)
