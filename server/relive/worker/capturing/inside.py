"""Running text in the variables of a captured call, as if it stood in the function's body.

The variables are a copy: what the text binds is bound there, and the program does not see it.
Names that are not among them are the module's, as they are now.
"""

from __future__ import annotations

import _ast as ast
import builtins
import gc
from types import FunctionType

from relive.worker.capturing.call import called
from relive.worker.nodes import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.capturing.call import Call
    from relive.worker.statements import Statement


class CallGone(Exception):  # noqa: N818 - the user reads it
    """The call, or its variables, are not kept any more."""


CallGone.__module__ = "relive"


class Scope(dict):  # type: ignore[type-arg]
    """The variables of a call, and behind them the names of its module."""

    def __init__(self, names: dict[str, Any], module: dict[str, Any]) -> None:
        super().__init__(names)
        self.module = module
        self["__builtins__"] = module.get("__builtins__", builtins)
        self["__name__"] = module.get("__name__")

    def __missing__(self, name: str) -> Any:
        return self.module[name]


class Inside:
    """What text runs in."""

    def __init__(self, call: Call, names: dict[str, Any]) -> None:
        self.scope = Scope(names, call.scope)
        self.names = frozenset(names)
        """Those that nobody has to look for."""
        self._globals: set[str] = set()
        """Names that the text declares to be the module's."""
        self._class = _class_around(call.name)
        if "__class__" in names and call.code.co_argcount:
            self.scope["super"] = _super_of(names["__class__"], names[call.code.co_varnames[0]])

    def prepare(self, statements: list[Statement]) -> None:
        """Have statements mean what they mean in the function: `return` gives what it returns."""
        for statement in statements:
            node = statement.node
            if isinstance(node, ast.Return):
                value = node.value or _at(ast.Constant(value=None), node)
                statement.node = _at(ast.Expr(value=value), node)
            _mangle(statement.node, self._class)
        self._globals = set().union(*(_globals_of(each.node) for each in statements))

    def run(self, statement: Statement, flags: int, execute: Callable[[Any, Any, str], Any]) -> Any:
        """Run a statement and return what it gives."""
        code, mode = statement.compile(flags)
        try:
            return execute(self.scope, code, mode)
        finally:
            for name in self._globals:
                if name in self.scope:
                    self.scope.module[name] = self.scope.pop(name)


def inside(call: Call | None, *, again: bool) -> Inside:
    """Return what text about a call runs in.

    Raises:
        CallGone: it is not kept any more.
    """
    if call is None:
        raise CallGone("The call is not kept any more. Call the function again to capture one.")
    if again:
        return _for_calling(call)
    if call.variables is None:
        raise CallGone(
            "The variables of this call are not kept any more, only those of the latest three. "
            "Choose a later call, or call the function again."
        )
    if call.inside is None:
        call.inside = Inside(call, call.variables)
    made: Inside = call.inside
    return made


def _for_calling(call: Call) -> Inside:
    if call.arguments is None:
        raise CallGone(
            "The arguments of this call are not kept any more, only those of the latest three. "
            "Choose a later call, or call the function again."
        )
    return Inside(call, {**call.arguments, called(call.code): _function_of(call)})


def _function_of(call: Call) -> FunctionType:
    """Return the function that was called: what its code is now, it may have been redefined.

    Of several that share the code, closures, the one whose variables the call had.
    """
    name = getattr(call.code, "co_qualname", None)
    live = [each for each in gc.get_objects() if type(each) is FunctionType]
    found = [each for each in live if _is_same(each, call, name)]
    variables = call.variables or {}
    matching = [each for each in found if _matches(each, variables)]
    if not matching:
        raise CallGone("The function is gone: nothing holds it any more. Call it where it is made.")
    return matching[-1]


def _is_same(function: FunctionType, call: Call, name: str | None) -> bool:
    code = function.__code__
    if (code.co_filename, code.co_name) != (call.code.co_filename, call.code.co_name):
        return False
    if function.__globals__ is not call.scope:
        return False
    return code.co_qualname == name if name is not None else _is_near(code, call.code)  # type: ignore[attr-defined]


def _is_near(code: Any, other: Any) -> bool:
    """Whether two pieces of code of one name may be of one function, on Pythons before 3.11."""
    return code is other or code.co_firstlineno == other.co_firstlineno


def _matches(function: FunctionType, variables: dict[str, Any]) -> bool:
    cells = zip(function.__code__.co_freevars, function.__closure__ or ())
    return all(_content(cell) is variables.get(name) for name, cell in cells)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled
        return None


def _super_of(cls: type, first: Any) -> Callable[..., Any]:
    return lambda *given: super(*given) if given else super(cls, first)


def _class_around(qualified: str) -> str:
    """Return the class whose private names a function's text means."""
    outer = qualified.rpartition(".")[0].rpartition(".")[2]
    return "" if outer == "<locals>" else outer.lstrip("_")


def _mangle(node: Any, cls: str) -> None:
    """Give private names in a text the class that they have in the function's own."""
    if not cls:
        return
    for field in ("id", "attr"):
        name = getattr(node, field, None)
        if isinstance(name, str) and name.startswith("__") and not name.endswith("__"):
            setattr(node, field, f"_{cls}{name}")
    for each in children(node):
        _mangle(each, cls)


def _globals_of(node: Any) -> set[str]:
    """Return the names that a statement declares to be the module's, outside of functions in it."""
    if isinstance(node, ast.Global):
        return set(node.names)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return set()
    return set().union(*map(_globals_of, children(node)))


def _at(node: Any, like: ast.AST) -> Any:
    """Return `node` at the place of `like`."""
    for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
        setattr(node, name, getattr(like, name))
    return node
