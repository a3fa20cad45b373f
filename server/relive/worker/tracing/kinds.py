"""What is known of the classes of the objects that are looked at: told once for many objects."""

from __future__ import annotations

import re
from functools import cached_property
from types import MemberDescriptorType

from relive.worker.keeping.belonging import is_own_class
from relive.worker.keeping.objects import BUILT_IN
from relive.worker.library import standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_CACHE = re.compile(r"_\w*cache$")
"""What libraries call attributes in which they keep what they need not work out again."""

_referents: Any = standard("gc").get_referents


class Kind:
    """A class, and what there is to say of its objects."""

    def __init__(self, kind: type) -> None:
        self.kind = kind
        self.is_own = is_own_class(kind)
        """Whether it is the user's work."""
        self.slots = list(_slots(kind))
        """The slots of the user's classes, by name."""
        self.cached = _cached_names(kind)
        """The attributes that objects compute once and then keep."""
        self.has_names = bool(type.__dict__["__dictoffset__"].__get__(kind))
        """Whether objects can have any attribute."""
        self.is_built_in = any(each in kind.__mro__ for each in BUILT_IN)
        """Whether it is made from a list, a text or the like."""
        self.is_plain = all(base is object or is_own_class(base) for base in kind.__mro__)
        """Whether its objects have nothing but attributes."""
        self.is_by_value = _is_by_value(kind) and not self.has_names
        """Whether its objects are hashed by what they are, which then may not change: what they
        come to hold later is a cache."""

    def attributes_of(self, value: Any) -> tuple[list[str], list[Any]]:
        """Return the names and the values of what an object holds, without what it has cached."""
        held = _names_of(value) if self.has_names else {}
        names, values = list(held), list(held.values())
        for name, slot in self.slots:
            try:
                values.append(slot.__get__(value))
            except AttributeError:  # nothing in it yet
                continue
            names.append(name)
        if self.cached.isdisjoint(names):
            return names, values
        kept = [at for at, name in enumerate(names) if name not in self.cached]
        return [names[at] for at in kept], [values[at] for at in kept]

    def referents_of(self, value: Any) -> list[Any]:
        """Return what an object of a library's class holds, without what it has cached.

        The collector tells of attributes by their dictionary, or one by one, or not yet.
        """
        names = _names_of(value) if self.has_names else {}
        held = [each for name, each in names.items() if not self._is_cached(name)]
        known = {id(self.kind), id(names), *map(id, names.values())}
        return held + [each for each in _referents(value) if id(each) not in known]

    def _is_cached(self, name: str) -> bool:
        return name in self.cached or _CACHE.match(name) is not None


class Kinds:
    """The classes that were come by while some objects were looked at."""

    def __init__(self) -> None:
        self._known: dict[int, Kind] = {}

    def of(self, value: Any) -> Kind:
        """Return what is known of the class of an object."""
        kind = type(value)
        known = self._known.get(id(kind))
        if known is None:
            known = self._known[id(kind)] = Kind(kind)
        return known


def is_cache(value: Any) -> bool:
    """Whether a value is what `lru_cache` makes of a function."""
    kind = type(value)
    return kind.__module__ == "functools" and kind.__name__ == "_lru_cache_wrapper"


def _slots(kind: type) -> Iterator[tuple[str, Any]]:
    for base in kind.__mro__:
        if is_own_class(base):
            for name, slot in list(vars(base).items()):
                if type(slot) is MemberDescriptorType:
                    yield name, slot


def _cached_names(kind: type) -> set[str]:
    return {
        name
        for base in kind.__mro__
        for name, each in list(vars(base).items())
        if type(each) is cached_property
    }


def _names_of(value: Any) -> dict[str, Any]:
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return held if type(held) is dict else {}


def _is_by_value(kind: type) -> bool:
    found = next(vars(base)["__hash__"] for base in kind.__mro__ if "__hash__" in vars(base))
    return found is not None and found is not vars(object)["__hash__"]
