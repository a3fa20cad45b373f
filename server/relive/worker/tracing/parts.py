"""What an object is made of, one level deep, and a mark of that which tells whether it has changed.

No code of the user's is run: attributes are read past properties, and nothing is compared. Marks
hold plain values, never the user's objects: those would live longer than the program has them.
"""

from __future__ import annotations

import sys
from _blake2 import blake2b  # the C module, as in `keeping`
from _contextvars import ContextVar
from _io import BytesIO, StringIO
from _weakref import ref as weak_reference
from types import (
    CellType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    ModuleType,
    TracebackType,
)

from relive.worker.keeping.belonging import is_own_class
from relive.worker.keeping.chance import told
from relive.worker.keeping.objects import built_in_part, is_array
from relive.worker.libraries import kind_of
from relive.worker.library import standard
from relive.worker.tracing.kinds import Kinds, is_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from relive.worker.tracing.kinds import Kind

    Parts = tuple[Any, Iterable[Any]]

PLAIN = frozenset([type(None), bool, int, float, complex, str, bytes, type(...)])
"""Exact types whose objects never change and refer to nothing."""
_LONG = 200
"""Characters above which a text goes into a mark as its hash."""
_SHORT = 64
"""Bytes up to which data goes into a mark as it is."""
_MANY = 20_000
"""Items above which only some are looked at."""
_SAMPLE = 2_000
_WHOLE_ARRAY = 1 << 20
_PAGE = 1 << 12
_PAGES = 64
_PASSED = (ModuleType, CodeType, FrameType, TracebackType)
"""Types whose objects are not looked into."""
_OF_THE_CLASS = frozenset(
    [
        "__dict__",
        "__weakref__",
        "__firstlineno__",
        "__slotnames__",
        "__static_attributes__",
        "__module__",
        "__annotations_cache__",
        "__annotations__",
        "__annotate__",
        "__annotate_func__",
        "_abc_impl",
        "__abstractmethods__",
        "__qualname__",
    ]
)
_BIT_GENERATORS = (
    ("_mt19937", "MT19937"),
    ("_pcg64", "PCG64"),
    ("_pcg64", "PCG64DXSM"),
    ("_philox", "Philox"),
    ("_sfc64", "SFC64"),
)
"""Of NumPy: what its generators draw from."""
_UNTOLD = object()
"""The mark of an object whose state cannot be seen, and moves on when it is used."""
_dumps: Any = standard("marshal").dumps
_referents: Any = standard("gc").get_referents


class Look:
    """What was found of one object."""

    __slots__ = ("mark", "moves", "parts", "whole")

    def __init__(self, mark: Any, parts: Iterable[Any] = (), *, whole: bool = True) -> None:
        self.mark = mark
        self.parts = parts
        """The objects it refers to; there may be plain ones among them."""
        self.whole = whole
        """Whether all of it was looked at."""
        self.moves = mark is _UNTOLD
        """Whether using it changes it, and nothing else can be told of it."""


def _of_items(mark: Any, items: Iterable[Any]) -> Look:
    """Return what is found of an object that holds items, of which it has this mark."""
    return Look(mark, () if type(mark) is bytes else items)


def look_at(value: Any, kinds: Kinds) -> Look | None:
    """Return what is found of an object; None: nothing that can change."""
    kind = type(value)
    if kind in PLAIN or issubclass(type(value), _PASSED):
        return None
    handle = _HANDLERS.get(kind)
    if handle is not None:
        found: Look | None = handle(value)
        return found
    if issubclass(type(value), type):
        return _class(value) if is_own_class(value) else None
    known = kinds.of(value)
    return _own(value, known) if known.is_own else _foreign(value, known)


def _sequence(value: Any) -> Look:
    if len(value) > _MANY:
        step = len(value) // _SAMPLE
        some = [*value[:100], *value[::step], *value[-100:]]
        return Look((len(value), _told(some)), some, whole=False)
    return _of_items(_told(value), value)


def _dict(value: Any) -> Look:
    if len(value) > _MANY:
        return _part_of_dict(value)
    items = [*value, *value.values()]
    return _of_items(_told(items), items)


def _part_of_dict(value: Any) -> Look:
    keys = list(value)
    some = [*keys[:100], *keys[:: len(keys) // _SAMPLE], *keys[-100:]]
    parts = [*some, *(value[each] for each in some if type(each) in PLAIN)]
    return Look((len(value), _told(parts)), parts, whole=False)


def _set(value: Any) -> Look:
    items = list(value)
    return _sequence(items)


def _told(items: Any) -> Any:
    """Return a mark of items: of plain ones their value, of others their identity."""
    if PLAIN.issuperset(map(type, items)):
        data = _dumps(items if type(items) is list else list(items), 2)
        return data if len(data) <= _SHORT else _digest(data)
    return tuple(map(_part, items))


def _part(value: Any) -> Any:
    kind = type(value)
    if kind not in PLAIN:
        if kind is tuple and PLAIN.issuperset(set(map(type, value))):
            return tuple(map(_part, value))
        return id(value)
    if kind in (str, bytes):
        return (kind, value) if len(value) <= _LONG else (kind, len(value), hash(value))
    return (kind, repr(value)) if kind in (float, complex) else (kind, value)


def _digest(data: Any) -> bytes:
    return blake2b(data, digest_size=20).digest()


def _bytes_like(value: Any) -> Look:
    return Look(_digest(bytes(value)))


def _text_stream(value: Any) -> Look:
    text = value.getvalue() if not value.closed else None
    return Look((hash(text), value.tell() if not value.closed else None))


def _function(value: FunctionType) -> Look:
    cells = value.__closure__ or ()
    parts = [value.__defaults__, value.__kwdefaults__, *cells, vars(value)]
    named = map(_part, (value.__name__, value.__doc__))
    return Look((type(value), *named, *map(id, parts[:-1])), parts)


def _cell(value: Any) -> Look:
    try:
        held = value.cell_contents
    except ValueError:  # nothing in it yet
        return Look(None)
    return Look(_part(held), (held,))


def _wrapping(value: Any) -> Look:
    return Look(id(value.__func__), (value.__func__,))


def _generator(value: Any) -> Look:
    frame = value.gi_frame if issubclass(type(value), GeneratorType) else value.cr_frame
    if frame is None:
        return Look("ended")
    parts = _referents(value) if sys.version_info >= (3, 11) else _referents(frame)
    held = [each for each in parts if not issubclass(type(each), (*_PASSED, FunctionType, dict))]
    return Look((frame.f_lasti, _told(held)), held)


def _weak(value: Any) -> Look:
    target = value()
    return Look(id(target), (target,))


def _class(kind: type) -> Look:
    held = [(n, each) for n, each in list(vars(kind).items()) if n not in _OF_THE_CLASS]
    values = [each for _, each in held]
    mark = (tuple(name for name, _ in held), _told(values), tuple(map(id, kind.__bases__)))
    functions = [each for value in values for each in functions_in(value)]
    parts = [each for each in values if not functions_in(each)]
    parts += [part for each in functions for part in _function(each).parts]
    return Look(mark, [*parts, *kind.__bases__, type(kind)])


def functions_in(held: Any) -> list[FunctionType]:
    """Return the functions of a method, as a class holds it."""
    if issubclass(type(held), property):
        found: tuple[Any, ...] = (held.fget, held.fset, held.fdel)
    elif issubclass(type(held), (staticmethod, classmethod)):
        found = (held.__func__,)
    else:
        found = (held,)
    return [each for each in found if issubclass(type(each), FunctionType)]


def _own(value: Any, kind: Kind) -> Look:
    names, parts = kind.attributes_of(value)
    mark: tuple[Any, ...] = (id(kind.kind), tuple(names), _told(parts))
    whole = True
    if kind.is_built_in:
        inner = look_at(built_in_part(value), Kinds())
        if inner is None:
            mark = (*mark, _part(built_in_part(value)))
        else:
            mark, parts, whole = (*mark, inner.mark), [*parts, *inner.parts], inner.whole
    elif not kind.is_plain:
        others = [each for each in _referents(value) if each is not kind.kind]
        mark, parts = (*mark, _told(others)), [*parts, *others]
    return Look(mark, [*parts, kind.kind], whole=whole)


def _foreign(value: Any, kind: Kind) -> Look | None:
    if is_array(value):
        return _array(value)
    library = kind_of(value)
    if library in ("pandas frame", "pandas series"):
        return _frame(value, kind)
    if library == "pandas index":
        return None
    if library == "torch tensor":
        return Look((id(value), value._version))
    state = _STATES.get((type(value).__module__, type(value).__name__))
    return _by_reference(value, kind) if state is None else Look(_digest(state(value)))


def _flat(state: dict[str, Any]) -> Iterator[Any]:
    """Yield the values of a dictionary, and of those in it."""
    for value in state.values():
        if isinstance(value, dict):
            yield from _flat(value)
        else:
            yield value


def _state_of_context(value: Any) -> Look:
    held = value.get(None)
    return Look(_part(held), (held,))


def _by_reference(value: Any, known: Kind) -> Look | None:
    kind = known.kind
    if is_cache(value):  # what it holds follows from what it wraps
        inner = vars(value).get("__wrapped__")
        return Look(id(inner), (inner,))
    has_next = any("__next__" in vars(base) for base in kind.__mro__)
    hint = getattr(kind, "__length_hint__", None) if has_next else None
    parts = known.referents_of(value)
    if known.is_by_value and not has_next:
        return Look(None, parts)
    if hint is not None:
        return Look((hint(value), _told(parts)), parts)
    if has_next and not _is_seen(kind):
        return Look(_UNTOLD, parts)
    if not parts and not has_next:
        return None
    mark = repr(value) if kind.__name__ == "count" and kind.__module__ == "itertools" else None
    return Look((mark, _told(parts)), parts)


def _is_seen(kind: type) -> bool:
    """Whether an iterator moves on what it refers to, so that it can be seen there."""
    return kind.__module__ in ("builtins", "itertools") and kind.__name__ not in (
        "cycle",
        "repeat",
        "callable_iterator",
    )


def _array(value: Any) -> Look:
    base = value.base
    about = (value.dtype.str, value.shape, value.strides)
    parts = () if base is None else (base,)
    if value.dtype.hasobject:
        items = _sequence(value.reshape(-1).tolist())
        return Look((about, items.mark), [*parts, *items.parts], whole=items.whole)
    if value.nbytes <= _WHOLE_ARRAY:
        return Look((about, _digest(value.tobytes())), parts)
    return Look((about, _pages(value)), parts, whole=False)


def _pages(array: Any) -> bytes:
    """Return a mark of some pages of a big array."""
    if not array.flags.c_contiguous:
        step = max(array.shape[0] // _PAGES, 1)
        return _digest(array[::step].reshape(-1)[:_WHOLE_ARRAY].tobytes())
    memory = array.reshape(-1).view("u1")
    step = len(memory) // _PAGES
    pages = [memory[at : at + _PAGE].tobytes() for at in range(0, len(memory), step)]
    return _digest(b"".join([*pages, memory[-_PAGE:].tobytes()]))


def _frame(value: Any, kind: Kind) -> Look | None:
    manager = getattr(value, "_mgr", None)
    if manager is None:
        return _by_reference(value, kind)
    arrays, axes = list(manager.arrays), list(manager.axes)
    told = [getattr(value, "_name", None), *(getattr(each, "_name", None) for each in axes)]
    parts = [*arrays, vars(value).get("_attrs")]
    return Look((tuple(map(id, arrays)), tuple(map(id, axes)), _told(told)), parts)


_STATES: dict[tuple[str, str], Any] = {
    ("array", "array"): lambda value: value.tobytes(),
    ("random", "Random"): lambda value: repr(value.getstate()).encode(),
    ("numpy.random._generator", "Generator"): lambda v: repr(v.bit_generator.state).encode(),
    ("numpy.random.mtrand", "RandomState"): lambda v: told(v.get_state()).encode(),
    **{
        (f"numpy.random.{module}", kind): lambda value: told(tuple(_flat(value.state))).encode()
        for module, kind in _BIT_GENERATORS
    },
}
"""By class: what tells the state of its objects."""
_HANDLERS: dict[type, Any] = {
    list: _sequence,
    tuple: _sequence,
    dict: _dict,
    set: _set,
    frozenset: _set,
    bytearray: _bytes_like,
    StringIO: _text_stream,
    BytesIO: _text_stream,
    FunctionType: _function,
    CellType: _cell,
    staticmethod: _wrapping,
    classmethod: _wrapping,
    GeneratorType: _generator,
    CoroutineType: _generator,
    weak_reference: _weak,
    ContextVar: _state_of_context,
}
