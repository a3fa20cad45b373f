"""The content of values, added to a mark."""

from __future__ import annotations

from relive.worker.keeping.belonging import is_own_class
from relive.worker.keeping.digest import Digest, UnknownError
from relive.worker.keeping.objects import (
    PLAIN,
    attributes_of,
    built_in_part,
    has_hidden_part,
    is_array,
    owner_of,
)
from relive.worker.library import standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_PIECE = 1 << 26
"""Bytes of an array that are looked at before it is asked how long it has taken."""


class Values(Digest):
    """Adds values; how functions, classes and modules are added, the class made from it knows."""

    def add(self, value: Any) -> None:
        """Add a value by its content."""
        raise NotImplementedError

    def aside(self, value: Any) -> str:
        """Return the mark of a value by itself, however it comes up elsewhere."""
        raise NotImplementedError

    def _sequence(self, value: list[Any] | tuple[Any, ...]) -> None:
        self._note_identity(value)
        kind = type(value).__name__
        if PLAIN.issuperset(set(map(type, value))):
            self._put_repr(kind, value)
            return
        self._put(kind, str(len(value)).encode())
        for item in value:
            self.add(item)

    def _dict(self, value: Any) -> None:
        self._note_identity(value)
        items = dict(value.items())
        if PLAIN.issuperset({*map(type, items), *map(type, items.values())}):
            self._put_repr("dict", items)
            return
        self._put("dict", str(len(items)).encode())
        for key, item in items.items():
            self.add(key)
            self.add(item)

    def _set(self, value: set[Any] | frozenset[Any]) -> None:
        """Add a set whatever its order, which is another in each process."""
        self._note_identity(value)
        self._put(type(value).__name__, "".join(sorted(map(self.aside, value))).encode())

    def _instance(self, value: Any) -> None:
        self._note_identity(value)
        kind = type(value)
        if is_array(value):
            self._array(value)
        elif is_own_class(kind):
            self._own_instance(value, kind)
        else:
            self._reduced(value)

    def _own_instance(self, value: Any, kind: type) -> None:
        self._put("instance")
        self.add(kind)
        part = built_in_part(value)
        if part is not NotImplemented:
            self.add(part)
        if has_hidden_part(kind):
            self._reduced(value)
        self._attributes_of(value)

    def _attributes_of(self, value: Any) -> None:
        for name, part in attributes_of(value):
            self._put("attribute", name.encode("utf-8", "replace"))
            self.add(part)

    def _reduced(self, value: Any) -> None:
        """Add what a value of a library's tells `pickle` of itself."""
        try:
            reduce = standard("copyreg").dispatch_table.get(type(value))
            reduced = value.__reduce_ex__(4) if reduce is None else reduce(value)
        except (Exception, RecursionError) as error:
            raise UnknownError(
                f"{self._subject(value)} cannot be compared: {_first(error)}"
            ) from None
        self._alive.append(reduced)
        self._put("object", type(value).__name__.encode("utf-8", "replace"))
        if isinstance(reduced, str):  # it is found by its name, and is the same object again
            self.identities.pop(id(value), None)
            self._put("global", reduced.encode("utf-8", "replace"))
            self._attributes_of(value)
            return
        for part in reduced:
            self.add(list(part) if hasattr(part, "__next__") else part)
        for part in _of_its_class(type(value), reduced):
            self.identities.pop(id(part), None)

    def _array(self, array: Any) -> None:
        owner = owner_of(array)
        self.identities[id(owner)] = owner
        self._put("array", repr((array.dtype.descr, array.shape)).encode())
        if array.dtype.hasobject:
            self.add(array.tolist())
        elif array.flags.c_contiguous and array.size:
            memory = array.reshape(-1).view("u1")
            for start in range(0, len(memory), _PIECE):
                self._check_time(always=True)
                self._hash.update(memory[start : start + _PIECE])
        else:
            self._hash.update(array.tobytes())

    def _bytes_like(self, value: Any) -> None:
        self._note_identity(value)
        self._put(type(value).__name__, bytes(value))


def _of_its_class(kind: type, reduced: tuple[Any, ...]) -> list[Any]:
    """Return those parts of an object's state that its class has for all of its objects."""
    state = reduced[2] if len(reduced) > 2 else None
    if type(state) is not dict:
        return []
    shared = {
        id(each) for base in kind.__mro__ if not is_own_class(base) for each in vars(base).values()
    }
    return [part for part in state.values() if id(part) in shared]


def _first(error: BaseException) -> str:
    try:
        return str(error).split("\n")[0][:200] or type(error).__name__
    except BaseException:
        return type(error).__name__
