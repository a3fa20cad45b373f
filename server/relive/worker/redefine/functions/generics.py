"""Generic functions (`singledispatch`), and what definitions have registered with them.

A handler is held by its generic function alone, whatever its name means: when its text goes, it
would be called for ever.
"""

from __future__ import annotations

import ast
from functools import singledispatchmethod
from types import FunctionType, ModuleType

from relive.worker.redefine.applying.generics import plan_registered, registry_of
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
    return (typed or isinstance(decorator, ast.Attribute)) and generic_of(
        decorator, scope
    ) is not None


def only_registers(definition: Definition, scope: dict[str, Any]) -> bool:
    """Whether all decorators of a definition do that."""
    return all(registers(each, scope) for each in _decorators(definition))


def note_generics(
    definition: Definition, scope: dict[str, Any], transaction: Transaction
) -> list[FunctionType]:
    """Take down what those generic functions have that a definition registers with."""
    found = [generic_of(each, scope) for each in _decorators(definition)]
    generics = [each for each in found if each is not None]
    for each in generics:
        transaction.generics.note(each, transaction)
    return generics


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
    """Return the generic function that a decorator, `generic.register`, registers with."""
    register = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not isinstance(register, ast.Attribute) or register.attr != "register":
        return None
    found = _looked_up(register.value, scope)
    if type(found) is singledispatchmethod:
        found = found.dispatcher
    return found if registry_of(found) is not None else None


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
