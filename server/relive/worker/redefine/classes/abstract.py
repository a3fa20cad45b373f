"""What abstract base classes keep about a class: abstract methods, and answers to `isinstance`."""

from __future__ import annotations

import abc
import gc
from types import FunctionType

from relive.worker.redefine.finding.live import family_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def settle_abstract(cls: type) -> None:
    """Compute anew which methods of a class and its subclasses are abstract, and forget answers."""
    for each in family_of(cls):
        if isinstance(each, abc.ABCMeta):
            names = _abstract(each)
            if names != getattr(each, "__abstractmethods__", None):
                type.__setattr__(each, "__abstractmethods__", names)
    for each in {id(each): each for one in family_of(cls) for each in one.__mro__}.values():
        if isinstance(each, abc.ABCMeta):
            abc.ABCMeta._abc_caches_clear(each)  # type: ignore[attr-defined]


def forget_dispatch() -> None:
    """Have generic functions look up anew which implementation a class gets: its bases changed."""
    for each in gc.get_objects():
        if type(each) is FunctionType and "_clear_cache" in each.__dict__:
            each.__dict__["_clear_cache"]()


def virtual_subclasses(cls: type) -> list[type]:
    """Return the classes that were registered with an abstract base class."""
    if not isinstance(cls, abc.ABCMeta):
        return []
    from _abc import _get_dump  # type: ignore[import-not-found]

    return [each for each in (reference() for reference in _get_dump(cls)[0]) if each is not None]


def _abstract(cls: type) -> frozenset[str]:
    """Return the names a class leaves abstract, as `ABCMeta` finds them."""
    names = {name for name, value in vars(cls).items() if _is_abstract(value)}
    for base in cls.__bases__:
        for name in getattr(base, "__abstractmethods__", ()):
            if _is_abstract(getattr(cls, name, None)):
                names.add(name)
    return frozenset(names)


def _is_abstract(value: Any) -> bool:
    return bool(getattr(value, "__isabstractmethod__", False))
