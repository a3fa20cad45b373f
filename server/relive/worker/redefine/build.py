"""Making the new function of a definition, exactly as its `def` statement would make it.

The statement is compiled inside empty classes of the same names, so that qualified name, private
name mangling and the `__class__` cell of `super()` come out as in the file, and is run with the
live scope's names in view: the module's, and inside a class those of the live class. Nothing of
the live program changes here.
"""

from __future__ import annotations

import ast
import copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from relive.worker.namespace import Namespace
    from relive.worker.redefine.definitions import Definition


def build(
    definition: Definition, namespace: Namespace, owner: type | None, *, decorated: bool
) -> Any:
    """Run the definition's statement aside and return what it defines.

    Args:
        definition: a function or class.
        namespace: the module it belongs to.
        owner: the live class a method belongs to, else None.
        decorated: whether to run the decorators; without them the plain function is returned.

    Raises:
        BaseException: what a default, an annotation or a decorator raises.
    """
    node = copy.copy(definition.node)
    if not decorated and hasattr(node, "decorator_list"):
        node.decorator_list = []
    code = _compiled(node, definition, namespace)
    scope: dict[str, Any] = {} if owner is None else dict(vars(owner))
    for _ in definition.scopes:
        code = _class_body(code)
    exec(code, namespace.module.__dict__, scope)
    cell = scope.pop("__classcell__", None)
    if cell is not None:
        cell.cell_contents = owner
    return scope[_mangled(definition)]


def run_in_class(
    nodes: list[ast.stmt], definition: Definition, namespace: Namespace, owner: type
) -> dict[str, Any]:
    """Run statements of a class body aside and return the names they bind."""
    inner = _class_body(_compiled(nodes, definition, namespace, inside=True))
    for _ in definition.scopes:
        inner = _class_body(inner)
    before = dict(vars(owner))
    scope = dict(before)
    exec(inner, namespace.module.__dict__, scope)
    ignored = {"__module__", "__qualname__", "__classcell__", "__firstlineno__"}
    return {
        name: value
        for name, value in scope.items()
        if name not in ignored and before.get(name, scope) is not value
    }


def _compiled(
    body: ast.stmt | list[ast.stmt],
    definition: Definition,
    namespace: Namespace,
    *,
    inside: bool = False,
) -> CodeType:
    statements = body if isinstance(body, list) else [body]
    names = [*definition.scopes, definition.own_name] if inside else definition.scopes
    for name in reversed(names):
        statements = [_class_around(name, statements)]
    tree = ast.Module(statements, type_ignores=[])
    if definition.shift:
        tree = copy.deepcopy(tree)
        ast.increment_lineno(tree, definition.shift)
    code: CodeType = compile(
        tree,
        definition.file or namespace.file or "<relive>",
        "exec",
        namespace.future_flags,
        dont_inherit=True,
    )
    return code


def _class_around(name: str, body: list[ast.stmt]) -> ast.stmt:
    node = ast.parse("class C: pass").body[0]
    assert isinstance(node, ast.ClassDef)
    node.name, node.body = name, body
    return ast.copy_location(node, body[0])


def _class_body(code: CodeType) -> CodeType:
    return next(const for const in code.co_consts if isinstance(const, type(code)))


def _mangled(definition: Definition) -> str:
    name = definition.own_name
    if definition.scopes and name.startswith("__") and not name.endswith("__"):
        return f"_{definition.scopes[-1].lstrip('_')}{name}"
    return name


def attribute_name(definition: Definition) -> str:
    """Return the name under which the live scope holds the definition, mangled if private."""
    return _mangled(definition)
