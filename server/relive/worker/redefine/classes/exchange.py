"""Making everything that holds certain objects hold others in their place.

Holders are found by the garbage collector: dicts (keys and values), lists, sets, attributes,
closures' cells, default arguments, weak references. What cannot be written to but can be made
again (a tuple, a bound method) is made again, and its holders get the new one. Frames that run
keep what they have in local variables.
"""

from __future__ import annotations

import functools
import gc
import sys
import types
import weakref
from collections import defaultdict
from functools import partial
from types import (
    BuiltinFunctionType,
    CellType,
    CodeType,
    FrameType,
    FunctionType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)

from relive.worker.redefine.classes.containers import KINDS, copy_of, exchange_in, is_a, restore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_OURS = "relive.worker."
_ANY_NAME = "_relive_looks_up_anew"
_MAX_LEVELS = 4
"""How deep immutable things nest that are made again: a tuple in a tuple in a tuple."""


class Pairs:
    """Which object takes the place of which. Its own references are not taken for holders."""

    __slots__ = ("_by", "newcomers")

    def __init__(self, pairs: Iterable[tuple[Any, Any]], *, newcomers: bool) -> None:
        self._by = _Slots({id(old): (old, new) for old, new in pairs if old is not new})
        self.newcomers = newcomers
        """Whether those that give way have only just been made."""

    def __contains__(self, each: Any) -> bool:
        return id(each) in self._by.pairs

    def __call__(self, each: Any) -> Any:
        """Return what takes the place of `each`, or `each` itself."""
        return self._by.pairs.get(id(each), (each, each))[1]

    def __len__(self) -> int:
        return len(self._by.pairs)

    @property
    def old(self) -> list[Any]:
        """Those that give way."""
        return [old for old, _ in self._by.pairs.values()]

    @property
    def inner(self) -> set[int]:
        """Ids of what holds the pairs themselves."""
        held = self._by.pairs
        return {id(held), *map(id, held.values())}


class OwnDict(dict):  # type: ignore[type-arg]
    """A dict of the engine's, which is not taken for a holder."""


class OwnList(list):  # type: ignore[type-arg]
    """A list of the engine's, which is not taken for a holder."""


class _Slots:
    __slots__ = ("pairs",)

    def __init__(self, pairs: dict[int, tuple[Any, Any]]) -> None:
        self.pairs = pairs


class Exchange:
    """The writes that make all holders go over, and who cannot be made to."""

    def __init__(
        self,
        pairs: Iterable[tuple[Any, Any]],
        *,
        newcomers: bool = False,
        leaving: Iterable[Any] = (),
    ) -> None:
        """Find the holders.

        Args:
            pairs: what is held, each with what takes its place.
            newcomers: those held have only just been made, and registered beside what takes their
                place: a registry that has the latter under another name drops that name.
            leaving: holders that keep what they hold.
        """
        self.writes: list[tuple[Callable[[], Any], Callable[[], Any]]] = []
        """What to do, with what takes it back."""
        self.stuck: list[Any] = []
        """Objects that hold one and cannot be written to."""
        self.references = 0
        level = self._first = Pairs(pairs, newcomers=newcomers)
        done: set[int] = set()
        self._left = set(map(id, leaving))
        for _ in range(_MAX_LEVELS):
            if not len(level):
                break
            level = self._level(level, done)

    def _level(self, pairs: Pairs, done: set[int]) -> Pairs:
        """Find the holders of `pairs`, and return what has to be exchanged for them in turn."""
        again: list[tuple[Any, Any]] = []
        old = pairs.old
        ours = {id(old), id(again), id(done), *self._left, *pairs.inner, *_lineages(old)}
        for holder in gc.get_referrers(*old):
            if id(holder) not in ours and not _is_ours(holder):
                self._holder(holder, pairs, again)
        for each in old:
            again += self._weak(each, pairs(each))
        ours.clear()
        done.update(map(id, old))
        return Pairs([pair for pair in again if id(pair[0]) not in done], newcomers=pairs.newcomers)

    def _weak(self, old: Any, new: Any) -> list[tuple[Any, Any]]:
        """Return the weak references to `old`, each with one to `new`."""
        made = []
        for each in _weak_references(old):
            if type(each) is weakref.ref:
                made.append((each, weakref.ref(new, *_callback(each))))
            elif isinstance(each, weakref.KeyedRef):
                made.append((each, weakref.KeyedRef(new, each.__callback__, each.key)))
        return made

    def _holder(self, holder: Any, pairs: Pairs, again: list[tuple[Any, Any]]) -> None:
        if type(holder) in pairs and sum(each in pairs for each in gc.get_referents(holder)) < 2:
            return  # it is an instance, and holds its class as such only
        if is_a(holder, *KINDS):
            self._container(holder, pairs)
        elif is_a(holder, CellType):
            self._attribute(holder, "cell_contents", holder.cell_contents, pairs)
        elif (made := _made_again(holder, pairs)) is not None:
            again.append((holder, made))
        elif not self._object(holder, pairs) and not is_a(holder, *_UNCHANGEABLE):
            self.stuck.append(holder)

    def _container(self, holder: Any, pairs: Pairs) -> None:
        if is_a(holder, defaultdict):
            self._attribute(holder, "default_factory", holder.default_factory, pairs)
        if not is_a(holder, dict) or (owner := _class_of(holder)) is None:
            if not _lists_subclasses(holder, pairs):
                back = partial(restore, holder, copy_of(holder))
                self._write(partial(exchange_in, holder, pairs), back)
            return
        for name, value in list(holder.items()):
            if value in pairs:
                self._write(
                    partial(type.__setattr__, owner, name, pairs(value)),
                    partial(type.__setattr__, owner, name, value),
                )

    def _object(self, holder: Any, pairs: Pairs) -> bool:
        """Plan for the attributes of an object; False if none of them holds one."""
        before = len(self.writes)
        if is_a(holder, functools.partial):
            self._partial(holder, pairs)
        if is_a(holder, FunctionType):
            self._function(holder, pairs)
        for name, value in _instance_dict(holder):
            self._attribute(holder, name, value, pairs)
        for member in _slots_of(type(holder)):
            try:
                value = member.__get__(holder)
            except AttributeError:
                continue
            if value in pairs:
                self._write(
                    partial(member.__set__, holder, pairs(value)),
                    partial(member.__set__, holder, value),
                )
        return len(self.writes) > before

    def _function(self, holder: FunctionType, pairs: Pairs) -> None:
        """Plan for default values, and for annotations, which are a tuple until they are read."""
        self._attribute(holder, "__defaults__", holder.__defaults__, pairs)
        if not hasattr(holder, "__annotate__"):
            annotations = holder.__annotations__
            if any(value in self._first for value in annotations.values()):
                self._container(annotations, self._first)

    def _partial(self, holder: functools.partial[Any], pairs: Pairs) -> None:
        """Plan for a partial of what is exchanged; those that are planned writes stay."""
        if holder.func in pairs:
            state = (holder.func, holder.args, holder.keywords, holder.__dict__)
            self._write(
                partial(holder.__setstate__, (pairs(state[0]), *state[1:])),  # type: ignore[attr-defined]
                partial(holder.__setstate__, state),  # type: ignore[attr-defined]
            )

    def _attribute(self, holder: Any, name: str, value: Any, pairs: Pairs) -> None:
        if value in pairs:
            put = setattr if is_a(holder, CellType, FunctionType) else object.__setattr__
            self._write(partial(put, holder, name, pairs(value)), partial(put, holder, name, value))

    def _write(self, do: Callable[[], Any], undo: Callable[[], Any]) -> None:
        self.writes.append((do, undo))
        self.references += 1


_UNCHANGEABLE = (
    type,
    FrameType,
    CodeType,
    FunctionType,
    MethodType,
    BuiltinFunctionType,
    ModuleType,
    MemberDescriptorType,
    types.GetSetDescriptorType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.MethodWrapperType,
    types.MappingProxyType,
    types.GeneratorType,
    types.CoroutineType,
    types.AsyncGeneratorType,
    types.TracebackType,
    weakref.ReferenceType,
    functools.partial,
    tuple,
    frozenset,
    staticmethod,
    classmethod,
    property,
    super,
)
"""What holds an object without keeping data of its own about it."""


def perform(exchange: Exchange) -> list[Callable[[], Any]]:
    """Make the writes at once and return what takes them back, in the order to do so."""
    undo: list[Callable[[], Any]] = []
    for do, back in exchange.writes:
        undo.insert(0, back)
        do()
    return undo


def compiled_holders(exchange: Exchange) -> list[Any]:
    """Return the stuck holders of extension modules, which keep data of their own about a class."""
    known: frozenset[str] = getattr(sys, "stdlib_module_names", frozenset())
    return [each for each in exchange.stuck if not _is_of(type(each), known)]


def _is_of(kind: type, known: frozenset[str]) -> bool:
    """Whether a type is the interpreter's or the standard library's."""
    module = kind.__module__.partition(".")[0]
    return module in known or module == "builtins" or module.startswith("_")


def classes_with(held: Any) -> list[type]:
    """Return the classes that have an object as an attribute."""
    dicts = [each for each in gc.get_referrers(held) if type(each) is dict]
    return [cls for cls in map(_class_of, dicts) if cls is not None]


def forget_subclass(cls: type) -> None:
    """Take a class that nobody is to see out of its bases' lists of subclasses."""
    for reference in _weak_references(cls):
        for holder in gc.get_referrers(reference):
            if type(holder) is dict and holder.get(id(cls)) is reference:
                del holder[id(cls)]


def look_up_anew(unlisted: Iterable[type], base: type) -> None:
    """Have classes that bases do not list any more find what one of these has got.

    The interpreter remembers what a class has, and tells those in the lists of what is other.
    """
    for each in OwnList(unlisted):
        if any(one is base for one in type.__dict__["__mro__"].__get__(each)):
            type.__setattr__(each, _ANY_NAME, None)
            type.__delattr__(each, _ANY_NAME)


def _lineages(classes: list[Any]) -> set[int]:
    """Return the ids of the tuples in which classes keep their bases and ancestors."""
    found: set[int] = set()
    waiting = [each for each in classes if isinstance(each, type)]
    while waiting:
        each = waiting.pop()
        found |= {id(each.__bases__), id(each.__mro__)}
        waiting += type.__subclasses__(each)
    return found


def _weak_references(each: Any) -> list[Any]:
    try:
        return weakref.getweakrefs(each)
    except TypeError:
        return []


def _callback(reference: Any) -> tuple[Any, ...]:
    return () if reference.__callback__ is None else (reference.__callback__,)


def _is_ours(holder: Any) -> bool:
    return is_a(holder, FrameType) or type(holder).__module__.startswith(_OURS)


def _lists_subclasses(holder: Any, pairs: Pairs) -> bool:
    """Whether `holder` is a class's own list of its subclasses: weak references by address."""
    return type(holder) is dict and any(
        is_a(each, weakref.ref) and holder.get(id(each())) is each for each in pairs.old
    )


def _class_of(holder: dict[Any, Any]) -> Any:
    """Return the class whose attributes `holder` is, which must be written by way of the class."""
    if "__module__" not in holder or "__doc__" not in holder or type(holder) is not dict:
        return None
    for each in gc.get_referrers(holder):
        if is_a(each, type) and any(one is holder for one in gc.get_referents(each)):
            return each
    return None


def _made_again(holder: Any, pairs: Pairs) -> Any:
    """Return a thing like `holder` with what is exchanged; None if that cannot be made."""
    kind: Any = type(holder)
    if issubclass(kind, tuple):
        return tuple.__new__(kind, map(pairs, tuple.__iter__(holder)))
    if kind is frozenset:
        return frozenset(map(pairs, holder))
    if kind is MethodType:
        return MethodType(pairs(holder.__func__), pairs(holder.__self__))
    if kind is types.GenericAlias:
        return types.GenericAlias(pairs(holder.__origin__), tuple(map(pairs, holder.__args__)))
    return None


def _instance_dict(holder: Any) -> list[tuple[str, Any]]:
    if is_a(holder, type, ModuleType):
        return []
    try:
        found = object.__getattribute__(holder, "__dict__")
    except AttributeError:
        return []
    return list(found.items()) if type(found) is dict else []


def _slots_of(kind: type) -> list[Any]:
    return [
        member
        for cls in kind.__mro__
        if cls.__module__ != "builtins" and "__slots__" in vars(cls)
        for member in list(vars(cls).values())
        if isinstance(member, MemberDescriptorType)
    ]
