"""Values as bytes and back: one pickle of all that a form has bound, so that sharing stays.

What has to stay the object it is goes by its name: modules, the user's functions and classes, and
whatever a name held that the form read. What shares a part that can change with such a value would
have a copy of that part afterwards: it is refused.
"""

from __future__ import annotations

import io
import sys
from _pickle import Pickler, Unpickler  # in C: user code may patch what is around it
from types import FunctionType, ModuleType

from relive.worker.keeping.arrays import shown, view_of
from relive.worker.keeping.belonging import is_own_class, is_own_module
from relive.worker.keeping.content import Content
from relive.worker.keeping.objects import has_identity, is_array, owner_of
from relive.worker.keeping.places import find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PROTOCOL = 5
_VIEW = "view"
_ABSENT = object()


class RefusedError(Exception):
    """The values cannot be stored; says why."""


class Stored:
    """What was made of values."""

    def __init__(self, data: bytes, definitions: list[list[str]], mark: str) -> None:
        self.data = data
        self.definitions = definitions
        """Module and qualified name of each function and class of the user's they refer to."""
        self.mark = mark
        """Of the content of those."""


def store(values: Any, inputs: Content, limit: int) -> Stored:
    """Return `values` as bytes; raise RefusedError if they would not be the same afterwards."""
    sink = _Sink(limit)
    pickler = _Pickler(sink, inputs)
    try:
        pickler.dump(values)
    except RefusedError:
        raise
    except Exception as error:
        raise RefusedError(f"its value cannot be pickled: {_words(error)}") from None
    data, definitions = sink.getvalue(), pickler.definitions
    _compare(values, data)
    return Stored(data, definitions, mark_of_definitions(definitions))


def load(data: bytes) -> Any:
    """Return the values that were stored. Only for bytes that this user has stored."""
    return _Unpickler(io.BytesIO(data)).load()


def mark_of_definitions(definitions: list[list[str]]) -> str:
    """Return the mark of live definitions; raise LookupError if one is not there."""
    content = Content()
    for module, name in definitions:
        content.add(find(module, name))
    return content.digest()


def _compare(values: Any, data: bytes) -> None:
    """Raise unless `data` gives what `values` are."""
    try:
        again = load(data)
    except Exception as error:
        raise RefusedError(f"its value does not come back from a pickle: {_words(error)}") from None
    if _mark(values) != _mark(again):
        raise RefusedError("its value comes back from a pickle as something else")


def _mark(values: Any) -> str:
    content = Content()
    content.add(values)
    return content.digest()


class _Sink(io.BytesIO):
    """Takes bytes up to a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._left = self._limit = limit

    def write(self, data: Any) -> int:
        self._left -= memoryview(data).nbytes
        if self._left < 0:
            raise RefusedError(
                f"its value takes more than {self._limit >> 20} MB"
                " (the setting relive.keep.maxMegabytes)"
            )
        return super().write(data)


class _Pickler(Pickler):
    """Pickles by value what is the form's own, and by name what is not."""

    def __init__(self, sink: _Sink, inputs: Content) -> None:
        super().__init__(sink, PROTOCOL)
        self._inputs = inputs
        self.definitions: list[list[str]] = []
        self._known: set[int] = set()
        self._memory: dict[int, Any] = {}
        """By the `id` of what has the memory: which array is a copy of it; _VIEW: all show it."""
        self._views: dict[int, Any] = {}

    def persistent_id(self, value: Any) -> Any:
        """Return the name of what goes by name; pickle's call, for each object."""
        if isinstance(value, ModuleType):
            return ("module", value.__name__)
        if isinstance(value, (type, FunctionType)):
            return self._definition(value)
        place = self._inputs.roots.get(id(value))
        if place is not None and has_identity(value):
            return ("name", *place)
        self._check_shared(value)
        return self._view(value) if is_array(value) else None

    def _definition(self, value: Any) -> Any:
        module, name = value.__module__, value.__qualname__
        if not _is_own(value):
            return None
        if _found(module, name) is not value:
            raise RefusedError(
                f"its value refers to {name}, which is not to be found in the module {module}"
            )
        if id(value) not in self._known:
            self._known.add(id(value))
            self.definitions.append([module, name])
        return ("definition", module, name)

    def _check_shared(self, value: Any) -> None:
        """Raise if a copy of `value` would not do."""
        if id(value) in self._inputs.identities:
            kind = type(value).__name__
            raise RefusedError(f"its value shares a {kind} with what it was made from")
        if type(value) is object:
            raise RefusedError("its value holds an object() that equals nothing but itself")

    def _view(self, array: Any) -> Any:
        """Return an array as a part of another one's memory; None: it is stored by itself."""
        owner = owner_of(array)
        view = None if owner is array else view_of(array)
        how = _VIEW if owner is array or view is not None else id(array)
        if id(owner) in self._inputs.identities or self._memory.setdefault(id(owner), how) != how:
            raise RefusedError("its value has arrays that share memory")
        if view is None:
            return None
        self._views[id(array)] = array
        return ("view", id(array), *view)


class _Unpickler(Unpickler):
    """Finds by name what went by name, and runs no file for it."""

    def __init__(self, source: Any) -> None:
        super().__init__(source)
        self._views: dict[int, Any] = {}

    def persistent_load(self, place: Any) -> Any:
        """Return what goes by a name; pickle's call."""
        kind, *names = place
        if kind == "view":
            number, *view = names
            if number not in self._views:
                self._views[number] = shown(tuple(view))
            return self._views[number]
        return sys.modules[names[0]] if kind == "module" else find(*names)

    def find_class(self, module: str, name: str) -> Any:
        """Return a class or function; pickle's call."""
        owner = sys.modules.get(module)
        if isinstance(owner, ModuleType) and is_own_module(owner):
            return find(module, name)
        return super().find_class(module, name)


def _is_own(value: type | FunctionType) -> bool:
    if isinstance(value, type):
        return is_own_class(value)
    module = sys.modules.get(value.__module__)
    return not isinstance(module, ModuleType) or is_own_module(module)


def _found(module: Any, name: str) -> Any:
    try:
        return find(module, name)
    except LookupError:
        return _ABSENT


def _words(error: BaseException) -> str:
    try:
        text = str(error).split("\n")[0][:200]
    except BaseException:
        text = ""
    return text or type(error).__name__
