"""Which of the code that stands inside other code may run with it, where nobody tells what runs.

A module's text and the body of a class only make the functions that stand there. These run if they
are named, or handed to something of the user's, such as a decorator or a metaclass.
"""

from __future__ import annotations

from types import FunctionType, ModuleType

from relive.worker.keeping.belonging import is_own_class, is_own_file, is_own_module
from relive.worker.tracing.facts import facts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

_OF_A_FUNCTION = 0x1
"""The flag of code whose names are its own: `inspect.CO_OPTIMIZED`, which costs an import."""


def may_run(code: CodeType, *, is_handed: bool) -> list[CodeType]:
    """Return the code inside `code` that may run with it.

    `is_handed`: what is made there is handed to something of the user's, such as a decorator.
    """
    found = [const for const in code.co_consts if type(const) is type(code)]
    if code.co_flags & _OF_A_FUNCTION or is_handed:
        return found
    made = {each.co_name for each in found if _is_merely_made(each)}
    if not made.isdisjoint(read.name for read in facts_of(code).reads.values()):
        return found
    return [each for each in found if not _is_merely_made(each)]


def hands_over(code: CodeType, scope: dict[str, Any]) -> bool:
    """Whether code names something of the user's that may call what the code makes."""
    made = [scope.get(name) for name in facts_of(code).names]
    classes: list[Any] = [each for each in made if issubclass(type(each), type)]
    bases = {id(base) for kind in classes for base in kind.__mro__[1:]}
    reads = {read.name for read in facts_of(code).reads.values()}
    return any(_may_call(scope[name], bases) for name in reads if name in scope)


def _is_merely_made(code: CodeType) -> bool:
    return bool(code.co_flags & _OF_A_FUNCTION) and not code.co_name.startswith("<")


def _may_call(value: Any, bases: set[int]) -> bool:
    kind = type(value)
    if issubclass(kind, ModuleType):
        return is_own_module(value)
    if issubclass(kind, FunctionType):
        return is_own_file(value.__code__.co_filename)
    if issubclass(kind, type) and is_own_class(value):
        return id(value) not in bases or is_own_class(kind) or "__init_subclass__" in _names(value)
    return is_own_class(kind)


def _names(kind: type) -> set[str]:
    return {name for base in kind.__mro__ if is_own_class(base) for name in list(vars(base))}
