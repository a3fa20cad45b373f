"""What objects are made of, told without running their own code where that is possible."""

from __future__ import annotations

import sys
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)

from relive.worker.keeping.belonging import is_own_class, is_own_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

PLAIN = frozenset([type(None), bool, int, float, complex, str, bytes, type(...), range])
"""Exact types whose `repr` tells all there is, and runs no code of the user's."""
SPECIAL = frozenset([*PLAIN, type(NotImplemented)])
BY_NAME = (
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodWrapperType,
    WrapperDescriptorType,
    type(dict.__dict__["fromkeys"]),
)
_NAMED = (type, ModuleType, FunctionType, MethodType, BuiltinFunctionType, CodeType, *BY_NAME)
"""Kinds of objects that are found by a name, or are part of such a one."""
_UNCHANGING = (("enum", "Enum"), ("pandas", "Index"))
"""Classes whose objects nothing changes, and which are shared freely: it cannot be seen in them."""
BUILT_IN = (list, dict, set, frozenset, tuple, str, bytes, bytearray, int, float, complex)
"""Classes that others are made from which then hold what those hold."""


def attributes_of(value: Any) -> list[tuple[str, Any]]:
    """Return what an object has of its own: its dictionary and its slots, past its own code."""
    found: list[tuple[str, Any]] = []
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        held = {}
    if type(held) is dict:
        found += [(str(name), part) for name, part in list(held.items())]
    for kind in type(value).__mro__:
        for name, slot in list(vars(kind).items()):
            if type(slot) is MemberDescriptorType and is_own_class(kind):
                try:
                    found.append((name, slot.__get__(value)))
                except AttributeError:  # nothing in it yet
                    pass
    return found


def is_array(value: Any) -> bool:
    """Whether a value is an array of NumPy's, and of no class made from it."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is getattr(numpy, "ndarray", None)


def _unchanging() -> list[Any]:
    """Return those classes of `_UNCHANGING` whose modules are loaded."""
    found = [getattr(sys.modules.get(module), name, None) for module, name in _UNCHANGING]
    return [each for each in found if issubclass(type(each), type)]


def owner_of(array: Any) -> Any:
    """Return the object whose memory an array shows: itself, unless it is a view."""
    while getattr(array, "base", None) is not None:
        array = array.base
    return array


def has_identity(value: Any) -> bool:
    """Whether a copy of an object is not as good: it may change, or equals nothing but itself."""
    kind = type(value)
    if kind in SPECIAL or kind is slice or issubclass(type(value), _NAMED):
        return False
    if any(each in kind.__mro__ for each in _unchanging()):
        return False
    found: Any = kind
    if found.__hash__ is None or found.__eq__ is object.__eq__:
        return True
    return bool(type.__dict__["__dictoffset__"].__get__(kind)) or bool(
        is_own_class(kind) and attributes_of(value)
    )


def _is_stateless(kind: type) -> bool:
    """Whether objects of a library's class have nothing but what their dictionary holds."""
    return kind.__basicsize__ <= object.__basicsize__ + 2 * 8 and kind.__module__ in (
        "abc",
        "typing",
        "collections.abc",
        "enum",
    )


def _as(kind: Any, value: Any) -> Any:
    """Return what an object of a class made from a built-in one is as that."""
    if kind is dict:
        return {key: dict.__getitem__(value, key) for key in dict.__iter__(value)}
    if kind in (list, tuple, set, frozenset):
        return kind(kind.__iter__(value))
    if kind is str:
        return str.__str__(value)
    if kind in (bytes, bytearray):
        return kind.__getitem__(value, slice(None))
    return kind.__pos__(value)


def built_in_part(value: Any) -> Any:
    """Return what an object is as the built-in its class is made from; NotImplemented: none."""
    base = next((each for each in BUILT_IN if each in type(value).__mro__), None)
    return NotImplemented if base is None else _as(base, value)


def has_hidden_part(kind: type) -> bool:
    """Whether objects of a class have more than a built-in's content, a dictionary and slots."""
    base = next((each for each in BUILT_IN if each in kind.__mro__), object)
    foreign = [each for each in kind.__mro__ if not is_own_class(each)]
    return not all(map(_is_stateless, set(foreign).difference(base.__mro__)))


def grafted(held: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the user's own functions and classes that were put into a library's class or module.

    Those too that something there holds in turn, such as an accessor that was registered.
    """
    for name, value in list(held.items()):
        if _is_own(value):
            yield str(name), value
        elif not issubclass(type(value), (type, ModuleType)):
            yield from ((str(name), part) for _, part in attributes_of(value) if _is_own(part))


def _is_own(value: Any) -> bool:
    if type(value) is FunctionType:
        return is_own_file(value.__code__.co_filename)
    return issubclass(type(value), type) and is_own_class(value)
