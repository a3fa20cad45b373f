"""What classes are, past all that they and their metaclasses say of themselves.

`vars`, `__module__` and the like are attributes, which a metaclass can answer with code of its own;
so can it when a class is looked for in a set or a tuple.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_dict_of = type.__dict__["__dict__"].__get__
_module_of = type.__dict__["__module__"].__get__
_name_of = type.__dict__["__name__"].__get__
_qualified_name_of = type.__dict__["__qualname__"].__get__
_ABSENT = object()


plain_text = str.__str__
"""Makes a plain text of one of any class, past what that says of itself: names can be such."""


class Kinds:
    """Some classes, which are told from others by what they are: no metaclass is asked."""

    def __init__(self, kinds: Iterable[type]) -> None:
        self._ids = frozenset(map(id, kinds))

    def __contains__(self, kind: object) -> bool:
        return id(kind) in self._ids


def own_names(kind: type) -> Mapping[str, Any]:
    """Return what the body of a class has given it."""
    scope: Mapping[str, Any] = _dict_of(kind)
    return scope


def looked_up(kind: type, name: str) -> Any:
    """Return what instances of `kind` would find by a name in its classes; None: nothing."""
    for base in type.mro(kind):
        found = _dict_of(base).get(name, _ABSENT)
        if found is not _ABSENT:
            return found
    return None


def module_of(kind: type) -> str:
    """Return the name of the module that a class says it is of."""
    try:
        module = _module_of(kind)
    except AttributeError:
        return ""
    return module if type(module) is str else ""


def class_name(kind: type) -> str:
    """Return the name of a class."""
    return plain_text(_name_of(kind))


def type_name(kind: type) -> str:
    """Return the qualified name of a class."""
    module, name = module_of(kind), plain_text(_qualified_name_of(kind))
    return name if module in ("builtins", "") else f"{module}.{name}"
