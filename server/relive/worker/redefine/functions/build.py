"""Making the new function of a definition, exactly as its `def` statement would make it.

The statement is compiled inside empty classes of the same names, so that qualified name, private
name mangling and the `__class__` cell of `super()` come out as in the file, and is run with the
live scope's names in view: the module's, and inside a class those of the live class. Nothing of
the live program changes here.
"""

from __future__ import annotations

import ast
import copy
from types import CellType, CodeType, FunctionType

from relive.worker.compiling import compile_user
from relive.worker.redefine.reading.codes import making
from relive.worker.redefine.reading.origins import Compiled, attach, attach_lambdas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.namespace import Namespace
    from relive.worker.redefine.applying.transaction import Transaction
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.toplevel import TopLevel

_CATCH = "@catch"
"""Name of a decorator of ours that gets the plain function; not an identifier, so nobody's."""
_IMPLICIT: dict[str, Any] = {
    "__new__": staticmethod,
    "__init_subclass__": classmethod,
    "__class_getitem__": classmethod,
}
"""What a class statement makes of plain functions of these names."""


def build(
    definition: Definition,
    namespace: Namespace,
    owner: type | None,
    before_run: Callable[[CodeType], None],
    *,
    decorated: bool,
    scope: dict[str, Any] | None = None,
    itself: type | None = None,
) -> Any:
    """Run the definition's statement aside and return what it defines.

    Args:
        definition: a function or class.
        namespace: the module it belongs to.
        owner: the live class a method belongs to, else None.
        before_run: is told of what runs.
        decorated: whether to run the decorators; without them the plain function is returned.
        scope: names in view besides the module's, to which it adds what the statement binds; by
            default those of `owner`.
        itself: the class that `super()` and `__class__` mean, if it is not `owner`.

    Raises:
        BaseException: what a default, an annotation or a decorator raises.
    """
    node = copy.copy(definition.node)
    if not decorated and hasattr(node, "decorator_list"):
        node.decorator_list = []
    around = classes_around(definition, owner)
    code = _innermost(_compiled([node], definition, namespace, around), around)
    if not decorated:
        code = making(code, definition.codes)  # of what it makes, the live function keeps a part
    names = scope if scope is not None else {} if owner is None else dict(vars(owner))
    before_run(code)
    _run(code, namespace, names, around)
    made = _made(definition, names, itself or owner)
    return _as_in_class(definition, made, owner) if decorated else made


class Built:
    """What running a definition's statement aside has made."""

    def __init__(self, value: Any, function: FunctionType) -> None:
        self.value = value
        """What the statement binds: of a decorated function what the decorators return."""
        self.function = function
        """The plain function, before decorators."""


class Making:
    """A definition's statement with its decorators, compiled."""

    def __init__(self, definition: Definition, namespace: Namespace, owner: type | None) -> None:
        self.definition = definition
        self._namespace = namespace
        self._owner = owner
        self._around = classes_around(definition, owner)
        node: Any = copy.copy(definition.node)
        catch = ast.copy_location(ast.Name(_CATCH, ast.Load()), node)
        node.decorator_list = [*node.decorator_list, catch]
        self._code = _compiled([node], definition, namespace, self._around)
        self.codes = Compiled(self._inner()).codes(definition)
        """What its functions run."""

    def attach(self, members: list[Definition]) -> None:
        """Give a class and the definitions in it the codes of what running the statement makes."""
        scopes = self.definition.scopes
        attach([self.definition, *members], self._inner(), scopes)

    def run(self, scope: dict[str, Any], itself: type | None, transaction: Transaction) -> Built:
        """Run the statement aside, as `build` does, and tell the plain function too.

        `scope`: names in view besides the module's, which takes what the statement binds.
        """
        caught: list[FunctionType] = []

        def catching(function: FunctionType) -> FunctionType:
            caught.append(function)
            return function

        scope[_CATCH] = catching
        code = self._inner()
        transaction.about_to_run(code, self._namespace, self.definition.line)
        _run(code, self._namespace, scope, self._around)
        made = _made(self.definition, scope, itself or self._owner)
        return Built(_as_in_class(self.definition, made, self._owner), caught[0])

    def _inner(self) -> CodeType:
        return _innermost(self._code, self._around)


def compile_class(cls: Definition, namespace: Namespace, owner: type | None) -> None:
    """Give a class's definition the codes of lambdas in its header and in its statements."""
    around = classes_around(cls, owner)
    code = _compiled([cls.node], cls, namespace, around)
    attach([cls], _innermost(code, around), cls.scopes)


def compile_statement(statement: TopLevel, namespace: Namespace) -> CodeType:
    """Return the code of a module's statement, and give the statement that of its lambdas."""
    tree = _shifted(ast.Module([statement.node], type_ignores=[]), statement.shift)
    file, flags = namespace.file or "", namespace.future_flags
    code = compile_user(tree, file, "exec", flags)
    attach_lambdas([statement], code)
    return code


def _made(definition: Definition, names: dict[str, Any], cls: type | None) -> Any:
    """Return what running a statement has bound, with `super()` in it meaning `cls`."""
    cell = names.pop("__classcell__", None)
    if cell is not None:
        cell.cell_contents = cls
    return names[_mangled(definition)]


def _as_in_class(definition: Definition, made: Any, owner: type | None) -> Any:
    if owner is not None and isinstance(made, FunctionType):
        return _IMPLICIT.get(definition.own_name, _as_it_is)(made)
    return made


def run_in_class(
    nodes: list[ast.stmt],
    definition: Definition,
    namespace: Namespace,
    owner: type,
    scope: dict[str, Any],
    transaction: Transaction,
) -> CodeType:
    """Run statements of a class body aside, in `scope`, which takes the names they bind.

    Returns what they were compiled to.
    """
    around = [*classes_around(definition, None), (definition.own_name, owner)]
    code = _compiled(nodes, definition, namespace, around)
    transaction.about_to_run(code := _innermost(code, around), namespace, definition.line)
    _run(code, namespace, scope, around)
    return code


def classes_around(definition: Definition, owner: type | None) -> list[tuple[str, type | None]]:
    """Return the names of the classes a definition stands in, the innermost with the live class."""
    around: list[tuple[str, type | None]] = [(name, None) for name in definition.scopes]
    if around:
        around[-1] = (around[-1][0], owner)
    return around


def _compiled(
    statements: list[ast.stmt],
    definition: Definition,
    namespace: Namespace,
    around: list[tuple[str, type | None]],
) -> CodeType:
    for name, live in reversed(around):
        statements = [_class_around(name, live, statements)]
    tree = _shifted(ast.Module(statements, type_ignores=[]), definition.shift)
    file = definition.file or namespace.file or "<relive>"
    return compile_user(tree, file, "exec", namespace.future_flags)


def _shifted(tree: ast.Module, lines: int) -> ast.Module:
    """Return a tree with the line numbers of its file."""
    if not lines:
        return tree
    return ast.increment_lineno(copy.deepcopy(tree), lines)


def _class_around(name: str, live: type | None, body: list[ast.stmt]) -> ast.stmt:
    """Return an empty class for `body`; with the type parameters of the live one (3.12)."""
    parameters = [each.__name__ for each in getattr(live, "__type_params__", ())]
    text = f"class C[{', '.join(parameters)}]: pass" if parameters else "class C: pass"
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.ClassDef)
    node.name, node.body = name, body
    return ast.copy_location(node, body[0])


def _run(
    code: CodeType,
    namespace: Namespace,
    scope: dict[str, Any],
    around: list[tuple[str, type | None]],
) -> None:
    """Run the code of the innermost class around, or the module's where there is none."""
    if code.co_freevars:
        live = around[-1][1]
        known = {each.__name__: each for each in getattr(live, "__type_params__", ())}
        known[".type_params"] = getattr(live, "__type_params__", ())
        cells = tuple(CellType(known[name]) for name in code.co_freevars)
        exec(code, namespace.module.__dict__, scope, closure=cells)  # type: ignore[call-arg]
    else:
        exec(code, namespace.module.__dict__, scope)


def _innermost(code: CodeType, around: list[tuple[str, type | None]]) -> CodeType:
    """Return the code of the innermost class around, or that of the module."""
    for name, _ in around:
        code = _class_body(code, name)
    return code


def _class_body(code: CodeType, name: str) -> CodeType:
    """Return the code of the class `name`, below the scope of its type parameters if it has any."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    found = next((each for each in inner if each.co_name == name), None)
    return found if found is not None else _class_body(inner[0], name)


def _as_it_is(value: Any) -> Any:
    return value


def _mangled(definition: Definition) -> str:
    name = definition.own_name
    if definition.scopes and name.startswith("__") and not name.endswith("__"):
        return f"_{definition.scopes[-1].lstrip('_')}{name}"
    return name


def attribute_name(definition: Definition) -> str:
    """Return the name under which the live scope holds the definition, mangled if private."""
    return _mangled(definition)
