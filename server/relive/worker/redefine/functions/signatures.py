"""Decorators that have taken something out of a function's heading, and gave the function back.

They do not run again when only the heading changed, since most of them would register the function
once more. A generic function has one handler for a type, so it can be told of another one.
"""

from __future__ import annotations

import ast

from relive.worker.redefine.functions.generics import registers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.reading.definitions import Definition

_READ_NO_HEADING = ("abc", "contextlib", "functools", "typing", "typing_extensions", "warnings")
"""Modules whose decorators give a function back, or a wrapper, and note nothing of its heading."""

STAYS = "its decorators have not run again: what they took from its former parameters stays"


def is_dispatched_anew(old: Definition, new: Definition, scope: dict[str, Any]) -> bool:
    """Whether a handler is to be registered for another type, by its annotations."""
    is_told = any(registers(each, scope, typed=False) for each in _decorators(new))
    return is_told and _annotations(old) != _annotations(new)


def may_have_been_taken(old: Definition, new: Definition, scope: dict[str, Any]) -> bool:
    """Whether decorators may have noted what the heading was, and it is another one now."""
    return old.header != new.header and any(
        _home(each, scope) not in _READ_NO_HEADING for each in _decorators(new)
    )


def _decorators(definition: Definition) -> list[ast.expr]:
    return getattr(definition.node, "decorator_list", [])


def _annotations(definition: Definition) -> list[str]:
    every = (each for each in ast.walk(definition.node.args) if isinstance(each, ast.arg))  # type: ignore[attr-defined]
    return [ast.dump(each.annotation) for each in every if each.annotation is not None]


def _home(decorator: ast.expr, scope: dict[str, Any]) -> str:
    """Return the module that a decorator is from, as far as its first name tells."""
    while isinstance(decorator, (ast.Attribute, ast.Call)):
        decorator = decorator.func if isinstance(decorator, ast.Call) else decorator.value
    value = scope.get(decorator.id) if isinstance(decorator, ast.Name) else None
    name = getattr(value, "__name__" if type(value).__name__ == "module" else "__module__", None)
    return name if isinstance(name, str) else ""
