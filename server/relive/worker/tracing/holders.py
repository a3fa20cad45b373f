"""The names through which an object is reached, found upwards from the object.

The garbage collector tells who refers to whom, whatever it is: containers, closures, generators,
objects of libraries. One look through the heap gives the holders of any number of objects, and few
objects have more than two or three levels of holders above them.
"""

from __future__ import annotations

from _weakref import getweakrefs
from time import thread_time
from types import CodeType, FrameType, FunctionType, ModuleType, TracebackType

from relive.worker.keeping.belonging import is_own_class
from relive.worker.library import standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_PASSED = (ModuleType, FrameType, CodeType, TracebackType)
"""Types whose objects hold nothing by which a program comes to it."""
_MANY = 64
"""Objects above which a look-up for each reference costs less than a comparison with each."""
_referrers: Any = standard("gc").get_referrers
_referents: Any = standard("gc").get_referents
_every: Any = standard("gc").get_objects


def holders_of(
    objects: list[Any], seconds: float, ours: Iterable[object] = ()
) -> tuple[set[int], bool]:
    """Return the `id` of objects and of all that they are reached by; and whether that is all.

    `ours`: what holds them only because they are looked at.
    """
    until = thread_time() + seconds
    seen = {id(each) for each in objects}
    passed = {id(objects), *map(id, ours)}
    frontier = objects
    while frontier:
        if thread_time() > until:
            return seen, False
        frontier = _above(frontier, seen | passed | {id(frontier)})
        seen.update(map(id, frontier))
    return seen, True


def _above(objects: list[Any], known: set[int]) -> list[Any]:
    """Return what refers to one of some objects and is not known.

    From 3.13 on the collector also gives the tuple of what it was called with, hence the mark.
    """
    mark = object()
    found = _referrers(*objects, mark) if len(objects) < _MANY else _referring(objects)
    found = [each for each in found if not (type(each) is tuple and each and each[-1] is mark)]
    for each in objects:
        found += getweakrefs(each)
    return [each for each in found if id(each) not in known and not _is_passed(each)]


def _referring(objects: list[Any]) -> list[Any]:
    """Do what the collector does, which asks of each reference in turn whether it is to one."""
    keys = set(map(id, objects))
    return [each for each in _every() if not keys.isdisjoint(map(id, _referents(each)))]


def alive(keys: set[int]) -> list[Any]:
    """Return the objects that are known by these `id`s and are there still."""
    return [each for each in _every() if id(each) in keys]


def _is_passed(value: Any) -> bool:
    kind = type(value)
    if kind is dict:  # the names of a module
        return "__name__" in value and ("__builtins__" in value or "__spec__" in value)
    if issubclass(type(value), type):
        return not is_own_class(value)
    if issubclass(type(value), _PASSED) or str(kind.__module__).startswith("relive."):
        return True
    return kind is FunctionType and str(value.__module__).startswith("relive.")
