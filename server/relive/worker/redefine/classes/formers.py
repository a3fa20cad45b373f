"""Classes that another one has taken the place of, and of which C code can still make objects.

What an extension has compiled about a class, or an iterator that calls it, goes on with the class
that it has. Objects that come of it are to do what the text says: their class gets the functions,
properties and plain data that the text has added or changed since, and loses those that went.
What makes an object, or is a place in it, stays as it was.
"""

from __future__ import annotations

import weakref
from functools import cached_property
from types import CellType, FunctionType

from relive.worker.redefine.classes.merge import NOT_MEMBERS, is_slot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_WRAPPERS = (staticmethod, classmethod)
_MEMBERS = (FunctionType, *_WRAPPERS, property, cached_property)
_MAKING = frozenset(["__new__", "__init__", "__post_init__", "__init_subclass__"])
_OF_THE_CLASS = NOT_MEMBERS.union(
    ["__slots__", "__match_args__", "__annotations__"],
    (name for cls in (type, object) for name, value in vars(cls).items() if is_slot(value)),
)
_ABSENT = object()


class _Ref(weakref.ref):  # type: ignore[type-arg] # subscripted, it would be made slowly
    """A weak reference of the engine's, which an exchange leaves alone."""

    __slots__ = ()


class Formers:
    """The former classes that live on, each with the one that has its place."""

    def __init__(self) -> None:
        self._pairs: list[tuple[_Ref, _Ref]] = []
        """Each former class, with the one that has its place now."""

    def note(self, old: type, fresh: type, *, is_stuck: bool) -> None:
        """Note that `fresh` has the place of `old`, and of those that `old` had the place of.

        `is_stuck`: whether something holds `old` that cannot be made to hold another.
        """
        known = [(former, _Ref(fresh) if now() is old else now) for former, now in self._pairs]
        if is_stuck:
            known.append((_Ref(old), _Ref(fresh)))
        alive = [pair for pair in known if pair[0]() is not None and pair[1]() is not None]
        self._pairs = alive

    def of(self, cls: type) -> list[type]:
        """Return the classes that `cls` has the place of, as far as they are alive."""
        found = [former() for former, now in self._pairs if now() is cls]
        return [each for each in found if each is not None]

    def bring_up_to_date(self, cls: type, names: Iterable[str], gone: Iterable[str] = ()) -> None:
        """Give the former classes of `cls` what it has under `names`, and take what it has not."""
        formers = self.of(cls)
        for name in {*names, *gone} - _OF_THE_CLASS if formers else ():
            for former in formers:
                _bring(former, name, vars(cls).get(name, _ABSENT))


def _bring(former: type, name: str, value: Any) -> None:
    had = vars(former).get(name, _ABSENT)
    if not (_is_plain(had) and _is_plain(value)):
        return
    if name in _MAKING and (had is _ABSENT or value is _ABSENT):
        return
    made = _for(former, value)
    if made is had:
        return
    if made is _ABSENT:
        type.__delattr__(former, name)
    else:
        type.__setattr__(former, name, made)


def _is_plain(value: Any) -> bool:
    return isinstance(value, _MEMBERS) or not hasattr(type(value), "__get__")


def _for(cls: type, value: Any) -> Any:
    """Return `value` as a member of `cls`: `super()` in it means that class."""
    if isinstance(value, FunctionType):
        return _function_for(cls, value)
    if type(value) in _WRAPPERS:
        made = _for(cls, value.__func__)
        return value if made is value.__func__ else type(value)(made)
    if type(value) is property:
        had = (value.fget, value.fset, value.fdel)
        parts = [_for(cls, each) for each in had]
        return (
            value
            if all(map(_is, parts, had))
            else property(parts[0], parts[1], parts[2], value.__doc__)
        )
    return value


def _is(one: Any, other: Any) -> bool:
    return one is other


def _function_for(cls: type, function: FunctionType) -> FunctionType:
    """Return a function of the same code, so that a later change finds it too."""
    code = function.__code__
    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    if "__class__" not in cells or cells["__class__"].cell_contents is cls:
        return function
    cells["__class__"] = CellType(cls)
    made = FunctionType(
        code,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        tuple(cells.values()),
    )
    made.__kwdefaults__ = function.__kwdefaults__
    made.__qualname__ = function.__qualname__
    made.__module__ = function.__module__
    made.__doc__ = function.__doc__
    made.__dict__.update(function.__dict__)
    return made
