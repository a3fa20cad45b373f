"""Text that runs as if it stood in the body of a function, in the variables of one of its calls.

A statement is compiled as a function inside that one, and in its class if it has one. Each variable
is a cell that both share: functions that the text makes see the variables and change them, and
private names and `super()` mean what they mean there. All of them are its own, not only those that
it names: so `locals()`, `eval` and whatever looks at the calling frame find them there.
"""

from __future__ import annotations

import _ast as ast  # the classes of nodes alone: `ast` itself loads much more
from functools import partial
from types import CellType, CodeType, FunctionType

from relive.worker.bare import module_of
from relive.worker.nodes import children
from relive.worker.scoping import SCOPES, awaits, names_bound, names_declared, returns
from relive.worker.statements import VALUE, at, keeping_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.statements import Statement

_AROUND, _FIRST, _NAME = "@around", "@first", "<module>"
"""Names that no text can have, but for the last, which is the one of any text that is evaluated."""
_COROUTINE, _GENERATOR = 0x80, 0x20 | 0x200
_qualname_of = type.__dict__["__qualname__"].__get__


class Place:
    """The function that text is to stand in."""

    def __init__(self, code: CodeType, qualname: str, module: Any) -> None:
        self.first = code.co_varnames[0] if code.co_argcount else None
        """The parameter that `super()` takes for its object."""
        self._qualname, self._module = qualname, module
        self.class_name = _class_around(qualname)

    def mangled(self, names: Iterable[str]) -> set[str]:
        """Return names as they are in code: private ones with their class."""
        cls = self.class_name.lstrip("_")
        return {f"_{cls}{name}" if cls and _is_private(name) else name for name in names}

    def class_of(self, first: Any) -> type | None:
        """Return the class that the function is of, by the object that it was called on."""
        name = self._qualname.rpartition(".")[0]
        kind = first if isinstance(first, type) else type(first)
        for each in type.mro(kind):
            if _qualname_of(each) == name and module_of(each) == self._module:
                return each
        return None


class Piece:
    """A statement, compiled."""

    def __init__(
        self, code: CodeType, bound: set[str], *, gives: bool, left: str | None = None
    ) -> None:
        self.code = code
        self.bound = bound
        """The variables that it may give other values."""
        self.gives = gives
        """Whether it has a value."""
        self.left = left
        """The name under which it leaves its value; None: it returns it."""
        self.awaits = bool(code.co_flags & _COROUTINE)
        """Whether what it returns is to be awaited first."""

    def ready(self, place: Place, cells: dict[str, CellType], scope: dict[str, Any]) -> Any:
        """Return what runs it, called with nothing; `cells` has one for each of its variables."""
        first = () if place.first is None else (_content(cells.get(place.first)),)
        if "__class__" in self.code.co_freevars and "__class__" not in cells:
            cls = place.class_of(*first) if first else None
            cells = {**cells, "__class__": CellType() if cls is None else CellType(cls)}
        closure = tuple(cells[name] for name in self.code.co_freevars)
        given = first[: self.code.co_argcount]
        return partial(FunctionType(self.code, scope, _NAME, None, closure), *given)


def compiled(
    place: Place,
    known: Iterable[str],
    outside: set[str],
    node: ast.stmt,
    file: str,
    flags: int,
) -> Piece:
    """Compile a statement to stand at a place.

    Args:
        place: the function.
        known: its variables, as they are called in code.
        outside: names that the text declares to be the module's.
        node: the statement.
        file: what it stands in.
        flags: of the compiler.

    Raises:
        SyntaxError: it cannot stand there.
    """
    bound = place.mangled(names_bound(node)) - place.mangled(outside)
    known = {name for name in {*known, *bound} if name.isidentifier()} - place.mangled(outside)
    names = known - {"__class__"}  # which is no parameter, but what a class around gives
    body, gives = _giving(node)
    first = _first(place, node, names - bound)
    shared = (known if place.class_name else names).difference(first)
    if shared:
        body.insert(0, at(ast.Nonlocal(sorted(shared)), node))
    if outside:
        body.insert(0, at(ast.Global(sorted(outside)), node))
    inner = _function(_NAME, first, body, is_async=awaits(node))
    tree = ast.Module([_around(place, sorted(names), inner)], [])
    code = _innermost(compile(tree, file, "exec", flags, dont_inherit=True))
    if code.co_flags & _GENERATOR:
        where = file, node.lineno, node.col_offset + 1, None
        raise SyntaxError("'yield' outside of the function itself: nobody waits for it", where)
    return Piece(code, bound, gives=gives)


def expression(text: str, file: str) -> ast.stmt:
    """Return the statement that a text of one expression is.

    Raises:
        SyntaxError: it is none.
    """
    tree: Any = compile(text, file, "eval", ast.PyCF_ONLY_AST, dont_inherit=True)
    made: ast.stmt = at(ast.Expr(tree.body), tree.body)
    return made


def at_top(statement: Any, file: str, flags: int) -> Piece:
    """Compile a statement to run at the top level of a module or in a class's body."""
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    left = None
    tree: Any = ast.Module([statement], [])
    if isinstance(statement, ast.Expr):
        tree = ast.Expression(statement.value)
    elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
        left, tree = VALUE, ast.Module([keeping_value(statement)], [])
    elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        left = statement.target.id
    is_value = isinstance(statement, ast.Expr)
    code = compile(tree, file, "eval" if is_value else "exec", flags, dont_inherit=True)
    return Piece(code, set(), gives=is_value or left is not None, left=left)


def left_in(names: dict[str, Any], piece: Piece) -> Any:
    """Return the value that a statement `at_top` has left among the names it ran in."""
    assert piece.left is not None
    return names.pop(VALUE) if piece.left == VALUE else names[piece.left]


def declared(statements: list[Statement]) -> set[str]:
    """Return the names that a text declares to be the module's."""
    return set().union(*(names_declared(each.node) for each in statements))


def _first(place: Place, node: ast.stmt, unchanged: set[str]) -> list[str]:
    """Return the parameter that `super()` in a statement takes its object from, if it needs one."""
    if place.first is None or not _names_super(node):
        return []
    return [place.first if place.first in unchanged else _FIRST]


def _names_super(node: ast.AST) -> bool:
    is_name = isinstance(node, ast.Name) and node.id == "super"
    return is_name or any(map(_names_super, children(node)))


def _giving(node: ast.stmt) -> tuple[list[ast.stmt], bool]:
    """Return what runs a statement and returns its value, and whether it has one."""
    node = _without_annotation(node)
    if isinstance(node, ast.Return):
        return [node], True
    if isinstance(node, ast.Expr):
        return [at(ast.Return(node.value), node)], True
    if isinstance(node, ast.Assign):
        value = at(ast.Name(VALUE, ast.Load()), node)
        return [keeping_value(node), at(ast.Return(value), node)], True
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        value = at(ast.Name(node.target.id, ast.Load()), node)
        return [node, at(ast.Return(value), node)], True
    return [node], returns(node)


def _without_annotation(node: Any) -> Any:
    """Return a statement without annotations of variables: a function's are not worked out."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        if node.value is None:
            return at(ast.Pass(), node)
        return at(ast.Assign(targets=[node.target], value=node.value, type_comment=None), node)
    for field in () if isinstance(node, SCOPES) else node._fields:
        held = getattr(node, field)
        if type(held) is list:
            held[:] = [
                _without_annotation(each) if isinstance(each, ast.AST) else each for each in held
            ]
    return node


def _around(place: Place, names: list[str], inner: ast.stmt) -> ast.stmt:
    """Return the function that has the variables, with another one inside it."""
    body, cls = [inner], place.class_name
    if cls:
        made: Any = ast.ClassDef(cls, [], [], [inner], [], *_no_types(ast.ClassDef))
        body = [at(made, inner)]
        if cls not in names:  # the text means the real one by it
            body.insert(0, at(ast.Global([cls]), inner))
    return _function(_AROUND, names, body, is_async=False)


def _function(name: str, names: list[str], body: list[ast.stmt], *, is_async: bool) -> ast.stmt:
    like = body[-1]
    kind: Any = ast.AsyncFunctionDef if is_async else ast.FunctionDef
    given = [at(ast.arg(each, None, None), like) for each in names]
    arguments = ast.arguments([], given, None, [], [], None, [])
    made: ast.stmt = at(kind(name, arguments, body, [], None, None, *_no_types(kind)), like)
    return made


def _no_types(kind: Any) -> list[Any]:
    return [[]] if "type_params" in kind._fields else []


def _innermost(code: CodeType) -> CodeType:
    """Return the code of the function that has the text."""
    while code.co_name != _NAME or code.co_flags & 0x1 == 0:
        code = next(each for each in code.co_consts if type(each) is CodeType)
    return code


def _class_around(qualname: str) -> str:
    """Return the class whose private names a function's text means."""
    for each in reversed(qualname.split(".<locals>.")):
        cls, _, rest = each.rpartition(".")
        if rest and cls:
            return cls.rpartition(".")[2]
    return ""


def _is_private(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__") and "." not in name


def _content(cell: CellType | None) -> Any:
    try:
        return None if cell is None else cell.cell_contents
    except ValueError:  # it was unbound since
        return None


def filled(cells: dict[str, CellType]) -> dict[str, Any]:
    """Return what cells have in them, but for the empty ones."""
    found = {}
    for name, cell in cells.items():
        try:
            found[name] = cell.cell_contents
        except ValueError:
            continue
    return found
