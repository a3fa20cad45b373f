"""Finds values again that were shown, by their `ref`, and keeps none of the user's objects alive.

A value that was shown is whatever the user made: a frame of 5 GB that is bound anew twenty times
must not be there twenty times. So of most a weak reference is kept. Where their class allows none,
as that of lists and dicts, the value is found among the latest three, which `_`, `__` and `___`
hold anyway, or by the name that it was assigned to or read from.

Such a name is believed as long as it has not been bound anew: a statement that binds it has it
forgotten, and after each statement it is looked at whether it holds an object of the same identity
still, for what a function may have done. Only small values of the immutable builtin types are kept.
"""

from __future__ import annotations

import _ast as ast  # the classes of nodes alone: `ast` itself loads much more
from _weakref import ref as _weak_reference

from relive.worker.nodes import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import CodeType
    from typing import Any

    from relive.worker.recent import RecentValues

_MAX_PLACES = 5_000
"""Values that are known by their ref; the oldest are forgotten."""
_MAX_NAMED = 200
"""Of them those found by name alone, which are looked at after each statement."""
_MAX_KEPT = 4_000_000
"""Size of the small values that are kept, together, about in bytes."""
_SMALL = 100_000
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SIMPLE = frozenset([int, float, complex, bool, type(None), type(...), str, bytes])
_SIZED = frozenset([str, bytes])

_ABSENT = object()
_weakrefs_of = type.__dict__["__weakrefoffset__"].__get__
"""Tells whether a class allows weak references; its metaclass is not asked."""

_NOT_KEPT = (
    "This value is gone: nothing in the process holds it any more, or what it was found by has"
    " another value now. Evaluate the code again to see it."
)


class GoneError(Exception):
    """The value cannot be found again; says why, and what to do."""


class Shelf:
    """Where shown values are to be found."""

    def __init__(self, recent: RecentValues) -> None:
        self._recent = recent
        self._places: dict[str, Callable[[], Any]] = {}
        self._named: dict[str, _Named] = {}
        self._kept: dict[str, int] = {}
        """The sizes of those that are kept."""
        self._kept_size = 0
        self._inspected: dict[str, Any] = {}
        """The latest that was inspected, until the next evaluation."""
        self.worked_out: dict[Any, Any] = {}
        """Of values, such as the order of a table's rows; it holds until code runs."""

    def put(self, ref: str, value: Any, scope: dict[str, Any], names: Iterable[str]) -> None:
        """Note where `value` is to be found: `names` of `scope` may hold it."""
        if len(self._places) >= _MAX_PLACES:
            self._forget(next(iter(self._places)))
        size = _size(value) if type(value) in _SIMPLE else None
        if size is not None and size <= _SMALL:
            self._keep(ref, value, size)
        elif _weakrefs_of(type(value)):
            self._places[ref] = _weakly(value)
        else:
            self._place_by_name(ref, value, scope, names)

    def place(self, ref: str, find: Callable[[], Any]) -> None:
        """Note that `find` returns a value, or raises LookupError when it is gone."""
        if ref not in self._places and len(self._places) >= _MAX_PLACES:
            self._forget(next(iter(self._places)))
        self._places[ref] = find

    def hold(self, ref: str, value: Any) -> None:
        """Note where a value is that was inspected, and which nobody else may hold."""
        self._inspected = {ref: value}

    def find(self, ref: str) -> Any:
        """Return the value that was shown as `ref`.

        Raises:
            GoneError: it cannot be found.
        """
        if ref in self._inspected:
            return self._inspected[ref]
        try:
            return self._places[ref]()
        except (LookupError, GoneError):
            raise GoneError(_NOT_KEPT) from None

    def begin(self) -> None:
        """Let go of what was inspected and worked out: an evaluation begins."""
        self._inspected, self.worked_out = {}, {}

    def note_ran(self, node: ast.stmt, code: CodeType, scope: dict[str, Any]) -> None:
        """Forget the names that are not what they were, now that a statement has run in `scope`."""
        if not self._named:
            return
        watched = {name for place in self._named.values() for name in place.names}
        bound = set() if watched.isdisjoint(code.co_names) else set(_bound_by(node))
        for ref, place in list(self._named.items()):
            place.look_again(bound if place.scope is scope else ())
            if not place.names:
                del self._named[ref]

    def _place_by_name(
        self, ref: str, value: Any, scope: dict[str, Any], names: Iterable[str]
    ) -> None:
        place = _Named(value, scope, names, self._recent)
        self._places[ref] = place.value
        if place.names:
            self._named[ref] = place
        if len(self._named) > _MAX_NAMED:
            oldest = next(iter(self._named))
            self._named.pop(oldest).names = ()

    def _keep(self, ref: str, value: Any, size: int) -> None:
        self._places[ref] = lambda: value
        self._kept[ref] = size
        self._kept_size += size
        while self._kept_size > _MAX_KEPT:
            self._forget(next(iter(self._kept)))

    def _forget(self, ref: str) -> None:
        self._places.pop(ref, None)
        self._named.pop(ref, None)
        self._kept_size -= self._kept.pop(ref, 0)


class _Named:
    """A value that only the recent ones and names of a module hold, as far as is known."""

    def __init__(
        self, value: Any, scope: dict[str, Any], names: Iterable[str], recent: RecentValues
    ) -> None:
        self.scope = scope
        self._recent = recent
        self._number = recent.number_of(value)
        self._id, self._kind = id(value), type(value)
        self.names = tuple(name for name in names if self._is_in(name))
        """Those that have held it all the time."""

    def value(self) -> Any:
        """Return it, or raise LookupError."""
        if self._number is not None:
            try:
                return self._recent.numbered(self._number)
            except LookupError:
                pass
        for name in self.names:
            if self._is_in(name):
                return self.scope[name]
        raise LookupError

    def look_again(self, bound: Iterable[str]) -> None:
        """Forget names that were bound, or hold something else."""
        self.names = tuple(name for name in self.names if name not in bound and self._is_in(name))

    def _is_in(self, name: str) -> bool:
        found = self.scope.get(name, _ABSENT)
        return id(found) == self._id and type(found) is self._kind


def _bound_by(node: ast.AST) -> Iterator[str]:
    """Yield the names that running a statement may bind, or delete; of functions, not their own."""
    name = getattr(node, "name", None)
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif type(name) is str:  # of a definition, an exception or a pattern
        yield name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    if not isinstance(node, (*_DEFINITIONS, ast.Lambda)):
        for child in children(node):
            yield from _bound_by(child)


class _Reference(_weak_reference):  # type: ignore[type-arg]
    """A weak reference that is known as ours by whoever looks for what refers to a value."""

    __slots__ = ()


def _weakly(value: Any) -> Callable[[], Any]:
    refer = _Reference(value)

    def find() -> Any:
        found = refer()
        if found is None:
            raise LookupError
        return found

    return find


def _size(value: Any) -> int:
    if type(value) in _SIZED:
        return len(value) + 100
    return value.bit_length() // 8 + 100 if type(value) is int else 100
