"""Generic functions (`singledispatch`), and what definitions have registered with them.

A handler is held by its generic function alone, whatever its name means: when its text goes, it
would be called for ever.
"""

from __future__ import annotations

import ast
import functools
from functools import partial, singledispatchmethod
from types import FunctionType, MethodType, ModuleType

from relive.worker.redefine.applying.generics import (
    generic_registering,
    plan_registered,
    registry_of,
)
from relive.worker.redefine.finding.live import functions_in
from relive.worker.redefine.modules.snapshot import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction
    from relive.worker.redefine.reading.definitions import Definition


def registers(decorator: ast.expr, scope: dict[str, Any], *, typed: bool = True) -> bool:
    """Whether it is `generic.register`; `typed`: or that, called with a type."""
    by_type = isinstance(decorator, ast.Call) or (not typed and gives_type(decorator, scope))
    return (typed or not by_type) and generic_of(decorator, scope) is not None


def only_registers(definition: Definition, scope: dict[str, Any]) -> bool:
    """Whether all decorators of a definition do that."""
    return all(registers(each, scope) for each in _decorators(definition))


def note_generics(
    definition: Definition, scope: dict[str, Any], transaction: Transaction
) -> list[FunctionType]:
    """Take down what those generic functions have that a definition registers with."""
    generics = generics_of(definition, scope)
    for each in generics:
        transaction.generics.note(each, transaction)
    return generics


def generics_of(definition: Definition, scope: dict[str, Any]) -> list[FunctionType]:
    """Return the generic functions that a definition registers with."""
    found = [generic_of(each, scope) for each in _decorators(definition)]
    return [each for each in found if each is not None]


def plan_dropped(
    gone: Definition, scope: dict[str, Any], transaction: Transaction, files: tuple[str | None, ...]
) -> None:
    """Plan that no type has the handler any more that a definition, which is gone, has made."""
    for generic in note_generics(gone, scope, transaction):
        kinds = _registered(generic, lambda each: _is_of(each, gone, files), gone)
        plan_registered(generic, kinds, ABSENT, transaction)


def plan_left(
    old: Definition,
    live: list[FunctionType],
    scope: dict[str, Any],
    transaction: Transaction,
) -> None:
    """Plan the same of types for which decorators, which have just run anew, have not told it."""
    for generic in note_generics(old, scope, transaction):
        kinds = _registered(generic, lambda each: any(each is one for one in live), old)
        plan_registered(generic, kinds, ABSENT, transaction)


def _decorators(definition: Definition) -> list[ast.expr]:
    return getattr(definition.node, "decorator_list", [])


def generic_of(decorator: ast.expr, scope: dict[str, Any]) -> FunctionType | None:
    """Return the generic function that a decorator registers with.

    It is `generic.register`, or a name of that, of what it gave for a type, or a `partial` of it.
    """
    register = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not isinstance(register, ast.Attribute) or register.attr != "register":
        return _registering(_looked_up(register, scope))
    found = _generic(_looked_up(register.value, scope))
    return found or _registering(_looked_up(register, scope))


def gives_type(decorator: ast.expr, scope: dict[str, Any]) -> bool:
    """Whether a decorator that registers with a generic function says for which type by itself."""
    found = _looked_up(decorator, scope)
    return type(found) is partial or getattr(found, "__name__", "") == "<lambda>"


def _generic(value: Any) -> FunctionType | None:
    """Return a generic function, or that of a generic method."""
    generic: Any = value.dispatcher if type(value) is singledispatchmethod else value
    return generic if registry_of(generic) is not None else None


def _registering(value: Any) -> FunctionType | None:
    """Return the generic function that a function registers with, if it does that."""
    if type(value) is partial:
        return _registering(value.func)
    if type(value) is MethodType:
        is_register = type(value.__self__) is singledispatchmethod and value.__name__ == "register"
        return _generic(value.__self__) if is_register else None
    if type(value) is not FunctionType or value.__globals__ is not vars(functools):
        return None
    inner = dict(zip(value.__code__.co_freevars, value.__closure__ or ())).get("register")
    if inner is None or value.__name__ not in ("register", "<lambda>"):
        return None
    return generic_registering(inner.cell_contents)


def _looked_up(node: ast.expr, scope: dict[str, Any]) -> Any:
    """Return what a name means, or an attribute of a module or class, descriptors unopened."""
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner = _looked_up(node.value, scope)
    scopes = owner.__mro__ if isinstance(owner, type) else [owner]
    held = (vars(each) for each in scopes if isinstance(each, (type, ModuleType)))
    return next((each[node.attr] for each in held if node.attr in each), None)


def _registered(
    generic: FunctionType, is_meant: Callable[[FunctionType], bool], text: Definition
) -> list[type]:
    """Return the types for which a generic function has a handler that is meant."""
    registry = registry_of(generic) or {}
    return [kind for kind, each in registry.items() if any(map(is_meant, functions_in(each, text)))]


def _is_of(function: FunctionType, gone: Definition, files: tuple[str | None, ...]) -> bool:
    """Whether a definition has made a function, by its code or, if nobody knows that, its place."""
    code = function.__code__
    if gone.codes:
        return any(code is each for each in gone.own_codes)
    is_there = code.co_filename in (*files, gone.file) and code.co_firstlineno == gone.line + 1
    return is_there and code.co_name == gone.own_name
