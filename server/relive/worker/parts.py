"""The parts of a value: a container's items, then an object's attributes. No property is called.

Parts are numbered, and a few are fetched at a time: of ten million the first hundred cost what they
cost of a hundred.
"""

from __future__ import annotations

from itertools import islice
from types import GetSetDescriptorType, MemberDescriptorType, ModuleType

from relive.worker import layouts
from relive.worker.bare import Kinds, own_names
from relive.worker.libraries import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    Named = tuple[Any, Any]
    """A part with its key in a container, or its name."""
    Fetch = Callable[[int, int], Iterable[tuple[str, Any, Any]]]

_MODULE_DICT: Any = vars(ModuleType)["__dict__"]
_MOST_SLOTS = 10_000
_PLAIN = Kinds([int, float, complex, bool, str, bytes, bytearray, type(None), range])


class Group:
    """Parts of one kind."""

    def __init__(self, size: int, fetch: Fetch) -> None:
        self.size = size
        self.fetch = fetch
        """Returns kind (`item`, `key`, `member`, `attribute`), key and value of some parts."""


class Parts:
    """All parts of a value, in groups."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._groups = [group for group in groups if group.size]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(group.size for group in self._groups)

    def page(self, start: int, count: int) -> list[tuple[str, Any, Any]]:
        """Return some of them, as their kind, their key and themselves."""
        found: list[tuple[str, Any, Any]] = []
        for group in self._groups:
            first, last = max(start, 0), min(start + count, group.size)
            if first < last:
                found += group.fetch(first, last)
            start -= group.size
        return found


def parts_of(value: Any) -> Parts:
    """Return the parts of `value`; of library values what one would look for in them."""
    if type(value) in _PLAIN:
        return Parts([])
    if issubclass(type(value), type):
        return Parts([_attributes(dict(own_names(value)), dunders=False)])
    if issubclass(type(value), ModuleType):
        return Parts([_attributes(_MODULE_DICT.__get__(value), dunders=False)])
    make = _LIBRARIES.get(kind_of(value) or "")
    if make is not None:
        return Parts([make(value)])
    return Parts([_items(value), _attributes(_dict_of(value)), _slots(value)])


def has_parts(value: Any) -> bool:
    """Whether there are any."""
    return parts_of(value).total > 0


def _items(value: Any) -> Group:
    size = layouts.size_of(value)
    kind = type(value)  # not `isinstance`, which asks the value for its `__class__`
    if issubclass(kind, dict):
        return Group(size, lambda first, last: _keyed(dict.items(value), first, last))
    if issubclass(kind, (list, tuple)):
        get: Any = list.__getitem__ if issubclass(kind, list) else tuple.__getitem__
        names = _field_names(value, size)
        return Group(
            size,
            lambda first, last: [
                ("attribute", names[n], get(value, n)) if names else ("item", n, get(value, n))
                for n in range(first, last)
            ],
        )
    if issubclass(kind, layouts.TEXTS):
        return Group(0, _none)
    return Group(size, lambda first, last: _members(layouts.items_of(value), first, last))


def _field_names(value: Any, size: int) -> Any:
    """Return the names of a named tuple's fields."""
    for base in type.mro(type(value)):
        fields = own_names(base).get("_fields")
        if type(fields) is tuple and len(fields) == size:
            return fields if all(type(name) is str for name in fields) else None
    return None


def _keyed(items: Iterable[Named], first: int, last: int) -> list[tuple[str, Any, Any]]:
    return [("key", key, item) for key, item in islice(items, first, last)]


def _members(items: Iterable[Any], first: int, last: int) -> list[tuple[str, Any, Any]]:
    return [("member", first + n, item) for n, item in enumerate(islice(items, first, last))]


def _none(_first: int, _last: int) -> list[tuple[str, Any, Any]]:
    return []


def _attributes(scope: dict[str, Any] | None, *, dunders: bool = True) -> Group:
    names = [
        name
        for name in ([] if scope is None else list(dict.keys(scope)))
        if type(name) is str and (dunders or not name.startswith("__"))
    ]
    held: Any = scope
    return Group(
        len(names),
        lambda first, last: [
            ("attribute", name, dict.__getitem__(held, name)) for name in names[first:last]
        ],
    )


def _dict_of(value: Any) -> dict[str, Any] | None:
    """Return the attributes of an instance, past whatever its class says of `__dict__`."""
    for base in type.mro(type(value)):
        found = own_names(base).get("__dict__")
        if type(found) is GetSetDescriptorType:
            scope = found.__get__(value)
            return scope if issubclass(type(scope), dict) else None
    return None


def attributes_of(value: Any) -> dict[str, Any]:
    """Return the attributes that an instance has itself, those in slots included."""
    found = {name: held for _, name, held in _slots(value).fetch(0, _MOST_SLOTS)}
    scope = _dict_of(value)
    if scope is not None:  # which may be of a class with code of its own, and so may be its keys
        found.update((name, held) for name, held in dict.items(scope) if type(name) is str)
    return found


def _slots(value: Any) -> Group:
    found = [
        (name, each)
        for base in type.mro(type(value))
        if "__slots__" in own_names(base)
        for name, each in own_names(base).items()
        if type(each) is MemberDescriptorType
    ]
    filled = [(name, held[0]) for name, each in found for held in [_slot(each, value)] if held]
    return Group(
        len(filled),
        lambda first, last: [("attribute", name, held) for name, held in filled[first:last]],
    )


def _slot(descriptor: Any, value: Any) -> list[Any]:
    try:
        return [descriptor.__get__(value)]
    except AttributeError:  # it has not been assigned to
        return []


def _array(value: Any) -> Group:
    shape = tuple(value.shape)
    return Group(
        shape[0] if shape else 0,
        lambda first, last: [("item", n, value[n]) for n in range(first, last)],
    )


def _frame(value: Any) -> Group:
    labels = value.columns
    return Group(
        len(labels),
        lambda first, last: [("key", labels[n], value.iloc[:, n]) for n in range(first, last)],
    )


def _polars_frame(value: Any) -> Group:
    return Group(
        value.width,
        lambda first, last: [
            ("key", value.columns[n], value.to_series(n)) for n in range(first, last)
        ],
    )


def _nothing(_value: Any) -> Group:
    return Group(0, _none)


_LIBRARIES: dict[str, Callable[[Any], Group]] = {
    "numpy array": _array,
    "torch tensor": _array,
    "pandas frame": _frame,
    "polars frame": _polars_frame,
    "pandas series": _nothing,
    "pandas index": _nothing,
    "polars series": _nothing,
}
