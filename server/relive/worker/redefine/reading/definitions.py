"""Reading source: the functions and classes of a text, with all that a diff needs of each."""

from __future__ import annotations

import ast
import copy
from collections import Counter

from relive.wire.fingerprints import class_fingerprint, fingerprint
from relive.worker.redefine.reading.codes import Coded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import CodeType
    from typing import Any

    from relive.worker.redefine.reading.class_text import BodyStatement

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
MAKES_SCOPE = (*FUNCTIONS, ast.ClassDef)
MEMBERS = ".*"
"""After the name of an enumeration: what goes through its members, whichever it has."""


class Definition(Coded):
    """A function or class as its text stands, reachable from its module by a qualified name."""

    def __init__(self, node: ast.stmt, scopes: tuple[str, ...], lines: list[str], shift: int):
        super().__init__(node)
        self.scopes = scopes
        """Names of the enclosing classes, outermost first."""
        self.own_name: str = node.name  # type: ignore[attr-defined]
        self.name = ".".join([*scopes, self.own_name])
        """The qualified name, as `Class.method`."""
        self.line = first_line(node) - 1 + shift
        """0-based first line in the file, decorators included."""
        self.end_line = (node.end_lineno or 1) - 1 + shift
        self.source = _source(node, lines)
        """The text from the beginning of its first line to its end, a comment after it left out."""
        self.role = self._role()
        """Which of several definitions of one name it is, all of them in force.

        The parts of a property: `fget`, `fset`, `fdel`. In the same way whatever else is decorated
        with an attribute of its own name: `expression` for `@total.expression`. Else `fget`.
        """
        self.shared_key = self.name if self.role == "fget" else f"{self.name}@{self.role}"
        """The name; with the role of those that add to a definition of the same name."""
        self.place = 0
        """Its place among definitions of the same name in the text, where there are several."""
        self.copy = 0
        """Which of several of one name it is in the image, where all of them may be live."""
        self.is_conditional = False
        """Whether it stands where nobody can tell if it was run."""
        self.file: str | None = None
        """Name of the source, where it is not the module's file."""
        self.shift = shift
        """Lines to add to the node's own, to get those of the file."""
        self.data: Sequence[BodyStatement] = ()
        """Of a class, the statements in it that define no function or class, once asked for."""

    @property
    def own_codes(self) -> list[CodeType]:
        """The code of the function itself, of this text and of older ones still run."""
        every = (code for codes in (self.codes, *self.older) for code in codes)
        return [code for code in every if code.co_name == self.own_name]

    @property
    def outermost(self) -> str:
        """The first part of the qualified name."""
        return self.scopes[0] if self.scopes else self.own_name

    @property
    def runs_more(self) -> bool:
        """Whether its statement runs more than itself: decorators, bases, calls in a class."""
        node: Any = self.node
        if isinstance(node, ast.ClassDef):
            inside = (each for one in node.body for each in ast.walk(one))
            calls = any(isinstance(each, ast.Call) for each in inside)
            return bool(calls or node.bases or node.keywords or node.decorator_list)
        return bool(node.decorator_list)

    @property
    def header_line(self) -> int:
        """0-based line of its `def` or `class`, after any decorators."""
        return self.node.lineno - 1 + self.shift

    @property
    def kind(self) -> str:
        """`class`, `method` or `function`."""
        if isinstance(self.node, ast.ClassDef):
            return "class"
        return "method" if self.scopes else "function"

    def _role(self) -> str:
        for decorator in getattr(self.node, "decorator_list", ()):
            if isinstance(decorator, ast.Attribute):
                if decorator.attr in _ROLES:
                    return _ROLES[decorator.attr]
                if isinstance(decorator.value, ast.Name) and decorator.value.id == self.own_name:
                    return decorator.attr
        return "fget"

    @property
    def part(self) -> str:
        """The role; of several definitions of one name with what tells them apart."""
        return f"{self.role}#{self.copy}" if self.copy else self.role

    @property
    def key(self) -> str:
        """What the image knows it by: of several definitions of one name each has its own."""
        return f"{self.shared_key}#{self.copy}" if self.copy else self.shared_key

    @property
    def fingerprint(self) -> str:
        """A mark of the text that moving it does not change; of a class, without its members."""
        if not isinstance(self.node, ast.ClassDef):
            return fingerprint(self.source)
        first = first_line(self.node)
        members = [each for each in flattened(self.node.body) if isinstance(each, MAKES_SCOPE)]
        return class_fingerprint(
            self.source,
            [(first_line(each) - first, (each.end_lineno or 0) - first) for each in members],
        )

    def again(self, lines: int = 0) -> Definition:
        """Return the same text, so many lines further down, as if nothing had run it yet."""
        new = Definition.__new__(Definition)
        new.__dict__ = vars(self).copy()  # quick: a line inserted at the top moves all of a file
        Coded.__init__(new, self.node)
        new.line += lines
        new.end_line += lines
        new.shift += lines
        new.data = ()
        return new

    def is_same_as(self, other: Definition | None) -> bool:
        """Whether `other` has the same text in the same place."""
        return other is not None and self.source == other.source and self.line == other.line

    def members(self) -> list[Definition]:
        """Return the definitions inside a class, those of classes in it too."""
        if not isinstance(self.node, ast.ClassDef):
            return []
        inside = definitions_in(self.source, self.line, self.scopes)[1:]
        for each in inside:
            each.file = self.file
        places: Counter[str] = Counter()
        for each in inside:
            each.place = places[each.key]
            places[each.key] += 1
        return inside

    @property
    def header(self) -> str:
        """What a function's `def` line evaluates: arguments, defaults, annotations."""
        node = self.node
        parts = [getattr(node, "args", None), getattr(node, "returns", None)]
        parts += getattr(node, "type_params", ())
        return " ".join(skeleton(part) for part in parts if part is not None)

    @property
    def is_annotated(self) -> bool:
        """Whether parameters or results have annotations, in functions inside it too."""
        inside = list(ast.walk(self.node))
        return any(
            getattr(each, name, None) for each in inside for name in ("annotation", "returns")
        )

    def is_decorated_with(self, names: set[str]) -> bool:
        """Whether its decorators look up one of `names`."""
        if not stand_in(self.source, names):
            return False
        decorators = getattr(self.node, "decorator_list", ())
        found = (each for decorator in decorators for each in ast.walk(decorator))
        return any(isinstance(each, ast.Name) and each.id in names for each in found)

    def computes_from(self, names: set[str]) -> bool:
        """Whether running the statement, but not calling what it defines, looks up one of `names`.

        Of a function these are defaults and annotations, of a class what is in its body.
        """
        if not stand_in(self.source, names):
            return False
        waiting: list[ast.AST] = [self.node]
        while waiting:
            node = waiting.pop()
            if not names.isdisjoint(names_at(node)):
                return True
            if isinstance(node, FUNCTIONS):
                waiting += [node.args, *([node.returns] if node.returns else [])]
            elif isinstance(node, ast.ClassDef):
                waiting += node.body
            elif isinstance(node, ast.Lambda):
                waiting.append(node.args)
            else:
                waiting.extend(ast.iter_child_nodes(node))
        return False

    def framed_by(self, names: set[str]) -> set[str]:
        """Return those of `names` that its decorators look up, or of a class bases and keywords."""
        return names & _looked_up(self.node) if stand_in(self.source, names) else set()

    def is_headed_by(self, names: set[str]) -> bool:
        """Whether its decorators, defaults or annotations look up one of `names`."""
        return bool(self.framed_by(names)) or self.computes_from(names)

    def frames_use(self, names: set[str]) -> bool:
        """Whether decorators, bases or keywords of it, or of what is in it, look up one of them."""
        if not stand_in(self.source, names):
            return False
        inside = (each for each in ast.walk(self.node) if isinstance(each, MAKES_SCOPE))
        return any(names & _looked_up(each) for each in inside)

    @property
    def decorators(self) -> list[str]:
        """The decorators, in a form that compares equal when nothing but their place differs."""
        return [skeleton(each) for each in getattr(self.node, "decorator_list", ())]

    @property
    def frame(self) -> list[str]:
        """What makes a class apart from its body: bases, keywords, decorators, type parameters."""
        node = self.node
        parts = [*getattr(node, "bases", ()), *getattr(node, "keywords", ())]
        parts += getattr(node, "type_params", ())
        return [skeleton(part) for part in parts] + self.decorators


class _Outline(ast.NodeTransformer):
    """Leaves out what changes in live functions: definitions, and of lambdas all but defaults."""

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        defaults = [*node.args.defaults, *node.args.kw_defaults]
        elements = [self.visit(each) for each in defaults if each is not None]
        return ast.Tuple([ast.Constant("lambda"), *elements], ast.Load())

    def visit(self, node: Any) -> Any:
        if isinstance(node, MAKES_SCOPE):
            return ast.Expr(ast.Constant(f"def {node.name}"))
        return super().visit(node)


def _looked_up(node: Any) -> set[str]:
    """Return the names that the frame of a definition looks up when its statement runs."""
    waiting: list[ast.AST] = [*node.decorator_list, *getattr(node, "bases", ())]
    waiting += getattr(node, "keywords", ())
    found: set[str] = set()
    while waiting:
        each = waiting.pop()
        found.update(names_at(each))
        waiting += [each.args] if isinstance(each, ast.Lambda) else ast.iter_child_nodes(each)
    return found


def name_of(node: ast.AST) -> str | None:
    """Return the name that a node is, with attributes as `module.name`; None for any other."""
    if isinstance(node, ast.Name):
        return node.id
    owner = name_of(node.value) if isinstance(node, ast.Attribute) else None
    return None if owner is None else f"{owner}.{node.attr}"  # type: ignore[attr-defined]


def names_at(node: ast.AST) -> list[str]:
    """Return the name that a node is, and those of which it goes through the members."""
    through = [name for each in _gone_through(node) if (name := name_of(each)) is not None]
    name = name_of(node)
    return [*([] if name is None else [name]), *(f"{each}{MEMBERS}" for each in through)]


def _gone_through(node: ast.AST) -> list[ast.expr]:
    """Return what code may go through: what it loops over, gives to a call or looks into."""
    if isinstance(node, (ast.comprehension, ast.For)):
        return [node.iter]
    if isinstance(node, ast.Call):
        return node.args
    if isinstance(node, ast.Starred):
        return [node.value]
    return node.comparators if isinstance(node, ast.Compare) else []


def listed(names: Iterable[str]) -> str:
    """Return names as words: of what is gone through its own name."""
    return ", ".join(sorted({each.removesuffix(MEMBERS) for each in names}))


def stand_in(text: str, names: Iterable[str]) -> bool:
    """Whether a text may look up one of `names`, or go through the members of one."""
    return any(each.removesuffix(MEMBERS) in text for each in names)


def skeleton(node: ast.AST) -> str:
    """Return a text that is equal when nothing but places and the insides of functions differ.

    Those are changed in the live functions; what holds them need not be evaluated again.
    """
    text = ast.dump(node)
    if "Lambda(" not in text and "Def(" not in text:
        return text
    return ast.dump(_Outline().visit(copy.deepcopy(node)))


_ROLES = {"getter": "fget", "setter": "fset", "deleter": "fdel"}


def definitions_in(text: str, line: int = 0, scopes: tuple[str, ...] = ()) -> list[Definition]:
    """Return the definitions of `text`, whose first line is `line` of its file, in order.

    `scopes`: the classes it stands in, outermost first.

    Those under `if`, `try` and `with` count too: such statements make no scope.

    Raises:
        SyntaxError: the text does not parse; it is the caller's to say where it came from.
    """
    lines = text.split("\n")
    if text[:1] in (" ", "\t"):  # an indented piece of a file
        lines.insert(0, "")
        return list(_walk(parse("if 1:\n" + text).body, scopes, lines, line - 1))
    return list(_walk(parse(text).body, scopes, lines, line))


def definitions_of(node: ast.stmt, lines: list[str]) -> list[Definition]:
    """Return the definitions of a statement that is parsed already, in its place in `lines`."""
    return list(_walk([node], (), lines, 0))


def parsed(text: str, line: int, file: str, scopes: tuple[str, ...]) -> list[Definition]:
    """Do as `definitions_in`, with the place in `file` in a syntax error, and in its words."""
    try:
        return definitions_in(text, line, scopes)
    except SyntaxError:
        above = "if 1:\n" if text[:1] in (" ", "\t") else ""
        parse("\n" * (line - len(above.splitlines())) + above + text, file)
        raise


def _walk(
    body: list[ast.stmt], scopes: tuple[str, ...], lines: list[str], shift: int
) -> Iterator[Definition]:
    for node in flattened(body):
        if isinstance(node, FUNCTIONS):
            yield Definition(node, scopes, lines, shift)
        elif isinstance(node, ast.ClassDef):
            yield Definition(node, scopes, lines, shift)
            yield from _walk(node.body, (*scopes, node.name), lines, shift)


def flattened(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a scope, looking into those that make no scope of their own."""
    for node in body:
        inner = [
            child for field in ("body", "orelse", "finalbody") for child in getattr(node, field, ())
        ]
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) or not (inner or hasattr(node, "cases")):
            yield node
            continue
        yield from flattened(inner)
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield from flattened(part.body)


def parse(text: str, file: str = "<definition>") -> ast.Module:
    """Do as `ast.parse`, whose own frame would show in the traceback of a syntax error."""
    tree = compile(text, file, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def _source(node: ast.stmt, lines: list[str]) -> str:
    *whole, last = lines[first_line(node) - 1 : node.end_lineno]
    end = last.encode("utf-8", "surrogatepass")[: node.end_col_offset]
    return "\n".join([*whole, end.decode("utf-8", "surrogatepass")])


def first_line(node: ast.stmt) -> int:
    """Return the line of a statement, counted from 1; of a definition that of its decorators."""
    decorators = getattr(node, "decorator_list", None)
    return int(decorators[0].lineno) if decorators else node.lineno
