"""Finding what is live: the scope a definition stands in, and the functions made from it."""

from __future__ import annotations

import functools
import gc
import sys
from types import FunctionType, ModuleType

from relive.worker.redefine.functions.build import attribute_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType
    from typing import Any
    from weakref import WeakSet

    from relive.worker.redefine.reading.definitions import Definition

    Retired = WeakSet[type]
    """Classes that another one has taken the place of, and that are still held by something."""

_MAX_WRAPPERS = 200
"""Objects looked at between a name and its function; decorators nest a few deep."""
_COUNTABLE_BLOCKS = 2_000_000
"""Memory blocks up to which instances are counted: counting walks the whole heap."""
_ONE = {"": object()}
_HELD_ONCE = sys.getrefcount(_ONE.get(""))
"""What the interpreter says of what only a dictionary holds."""


def owner_of(definition: Definition, module: ModuleType, retired: Retired) -> Any:
    """Return the live module or class that holds the definition.

    Raises:
        LookupError: an enclosing class is not there; the message names it.
    """
    owner: Any = module
    for depth, name in enumerate(definition.scopes, 1):
        qualname = ".".join(definition.scopes[:depth])
        owner = live_class(vars(owner).get(name), qualname, module, retired)
        if owner is None:
            raise LookupError(f"class {'.'.join(definition.scopes)!r} is not loaded")
    return owner


def class_or_none(owner: Any) -> type | None:
    """Return the scope that holds a definition if it is a class, and not a module."""
    return owner if isinstance(owner, type) else None


def bound_to(definition: Definition, owner: Any) -> Any:
    """Return what the scope holds under the definition's name, descriptors unopened; or None."""
    return vars(owner).get(attribute_name(definition))


def is_held_by_name_alone(definition: Definition, module: ModuleType, *, noted: bool) -> bool:
    """Whether nobody holds what a module has under a definition's name, but that name.

    `noted`: but that name, and the snapshot that the step has taken of the module's names.

    Where the interpreter counts references in another way, the answer is no.
    """
    return sys.getrefcount(vars(module).get(definition.own_name)) == _HELD_ONCE + noted


def live_class(value: Any, name: str, module: ModuleType, retired: Retired) -> type | None:
    """Return the live class of a qualified name, where the name is bound to `value`.

    The program may have put something else there, such as a mock: then the class is searched for.
    """
    found = class_behind(value, name)
    if value is None or (found is not None and found.__qualname__ == name):
        return found
    called = [each for each in classes_called(name, module.__name__) if each not in retired]
    without = [each for each in called if not _functions_of(each)]  # which may be any module's
    searched = [each for each in called if _is_made_in(module, each)] or without
    return searched[-1] if searched else found


def classes_called(name: str, module: str) -> list[type]:
    """Return the classes with a qualified name, whoever holds them."""
    return [
        each for each in family_of(object) if (each.__qualname__, each.__module__) == (name, module)
    ]


def class_behind(value: Any, name: str) -> type | None:
    """Return the class made by the statement of the qualified `name` that `value` is, or hides.

    A decorator may have given something else for it: a subclass, a function that makes objects.
    """
    if isinstance(value, type):
        candidates = [each for each in value.__mro__ if each.__module__ == value.__module__]
    else:
        candidates = [each for each in reachable(value) if isinstance(each, type)]
        candidates.append(type(value))
    found = [each for each in candidates if each.__qualname__ == name]
    first = value if isinstance(value, type) else found[0] if found else None
    if len(found) < 2:
        return first
    return next((each for each in found if _has_functions_of(each, name)), first)


def functions_behind(value: Any, definition: Definition) -> list[FunctionType]:
    """Return the functions made from `definition` that `value` is, or wraps.

    Looks through static and class methods, properties, partials, `__wrapped__`, closures and the
    attributes of wrapper objects; the decorator may have hidden the function in any of these.
    """
    return [each for each in functions_in(value, definition) if is_from(each, definition)]


def functions_in(value: Any, definition: Definition) -> list[FunctionType]:
    """Return all functions that `value` is, or wraps; of a property those of the part meant."""
    if isinstance(value, property):
        value = getattr(value, definition.role, value)
    return [each for each in reachable(value) if isinstance(each, FunctionType)]


def made_at(old: Definition | None, functions: list[FunctionType]) -> list[FunctionType]:
    """Leave of functions of one name those made where `old` stands.

    Such as `def total` and its `expression`. All of them, if none is: their lines were changed.
    """
    if old is None or len(functions) < 2:
        return functions
    return [each for each in functions if _line(each) == old.line] or functions


def caches_behind(value: Any) -> list[Any]:
    """Return the `lru_cache` wrappers that `value` is, or wraps."""
    return [each for each in reachable(value) if isinstance(each, functools._lru_cache_wrapper)]


def drop_cached(cls: type, name: str) -> None:
    """Drop what `functools.cached_property` has kept under `name` in live instances."""
    if sys.getallocatedblocks() > _COUNTABLE_BLOCKS:
        return
    for each in instances_of(cls):
        getattr(each, "__dict__", {}).pop(name, None)


def class_holding(function: FunctionType) -> type | None:
    """Return the class that has a function among its attributes, as a method or inside of one."""
    holders = gc.get_referrers(function)
    wrapped = [each for each in holders if isinstance(each, (staticmethod, classmethod, property))]
    holders += gc.get_referrers(*wrapped) if wrapped else []
    for holder in [each for each in holders if type(each) is dict and "__module__" in each]:
        for each in gc.get_referrers(holder):
            if isinstance(each, type) and any(one is holder for one in gc.get_referents(each)):
                return each
    return None


def class_made_of(codes: list[CodeType], name: str) -> type | None:
    """Return the class of a qualified name whose methods run one of `codes`, bound or not."""
    known = set(map(id, codes))
    functions = [each for each in gc.get_referrers(*codes) if type(each) is FunctionType]
    holding = [class_holding(each) for each in functions if id(each.__code__) in known]
    return next((each for each in holding if each and each.__qualname__ == name), None)


def lines_in(definition: Definition, module: ModuleType, retired: Retired) -> list[int]:
    """Return the 0-based first lines of the functions in the live class of a definition's name."""
    try:
        cls = bound_to(definition, owner_of(definition, module, retired))
    except LookupError:
        return []
    if not isinstance(cls, type):
        return []
    return [
        _line(each) for member in vars(cls).values() for each in functions_in(member, definition)
    ]


def instances_of(cls: type) -> list[Any]:
    """Return the live objects of `cls` and its subclasses that the garbage collector knows."""
    # By type and identity: a class or metaclass may answer `isinstance` with user code.
    kinds = {id(each) for each in family_of(cls)}
    return [each for each in gc.get_objects() if id(type(each)) in kinds]


def family_of(cls: type) -> list[type]:
    """Return a class and its subclasses, however deep, itself first."""
    found: dict[int, type] = {}
    waiting = [cls]
    while waiting:
        each = waiting.pop(0)
        if id(each) not in found:
            found[id(each)] = each
            waiting += type.__subclasses__(each)
    return list(found.values())


def _is_made_in(module: ModuleType, cls: type) -> bool:
    """Whether a class has functions of this very module, and not of another that had its name."""
    return any(each.__globals__ is vars(module) for each in _functions_of(cls))


def _has_functions_of(cls: type, name: str) -> bool:
    return any(each.__qualname__.rpartition(".")[0] == name for each in _functions_of(cls))


def _functions_of(cls: type) -> list[FunctionType]:
    return [each for each in vars(cls).values() if isinstance(each, FunctionType)]


def _line(function: FunctionType) -> int:
    return function.__code__.co_firstlineno - 1


def is_from(
    function: FunctionType, definition: Definition, files: tuple[str | None, ...] = ()
) -> bool:
    """Whether a function was made from a definition, going by name and place.

    Args:
        function: any function.
        definition: what it may have been made from.
        files: where its code has to be from, if the definition's own code is known.
    """
    code = function.__code__
    if definition.codes and files:
        same_place = code.co_firstlineno == definition.line + 1
        if not same_place or code.co_filename not in (*files, definition.file):
            return False
    qualified = getattr(code, "co_qualname", None)
    if qualified is not None:
        return bool(qualified == definition.name)
    return code.co_name == definition.own_name and function.__qualname__ == definition.name


def reachable(start: Any) -> Iterator[Any]:
    """Yield `start` and what it wraps, as far as a decorator's result can be looked into."""
    seen: set[int] = set()
    waiting = [start]
    while waiting and len(seen) < _MAX_WRAPPERS:
        value = waiting.pop(0)
        if id(value) in seen or value is None:
            continue
        seen.add(id(value))
        yield value
        waiting.extend(_wrapped_by(value))


def _wrapped_by(value: Any) -> list[Any]:
    if isinstance(value, FunctionType):
        cells = [_content(cell) for cell in value.__closure__ or ()]
        return [value.__dict__.get("__wrapped__"), *filter(_is_wrapper, cells)]
    if isinstance(value, (staticmethod, classmethod)):
        return [value.__func__]
    if isinstance(value, property):
        return [value.fget, value.fset, value.fdel]
    if isinstance(value, functools.partial):
        return [value.func]
    if isinstance(value, (ModuleType, type)):
        return []
    held = getattr(value, "__dict__", None)
    inner = [each for each in held.values() if _is_wrapper(each)] if type(held) is dict else []
    return [*inner, *([value.__wrapped__] if _has_wrapped(value) else [])]


def _is_wrapper(value: Any) -> bool:
    return callable(value) or isinstance(value, (staticmethod, classmethod, property))


def _has_wrapped(value: Any) -> bool:
    return isinstance(value, functools._lru_cache_wrapper)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None
