"""Functions and classes that another one has taken the place of, and what holds them still."""

from __future__ import annotations

import gc
import sys
from types import CellType, FrameType, FunctionType
from weakref import ref

from relive.worker.redefine.classes.exchange import OwnDict, OwnList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.leftovers.bodies import Place
    from relive.worker.redefine.finding.live import Retired

_COUNTABLE_BLOCKS = 250_000
"""Memory blocks up to which holders are looked for: some 100,000 objects, a few milliseconds."""
_MOST = 20
"""Objects that are remembered of one definition, the last ones."""
_OURS = "relive."
_OWN_PARTS = ("getset_descriptor", "member_descriptor", "wrapper_descriptor", "method_descriptor")


class Replaced:
    """The objects that were replaced, by definition; none is kept alive."""

    def __init__(self, retired: Retired) -> None:
        self._retired = retired
        self._known: dict[Place, list[ref[Any]]] = {}

    def note(self, place: Place, former: Any) -> None:
        """Remember what a definition had made until its statement ran anew."""
        try:
            weakly = ref(former)
        except TypeError:
            return
        self._known[place] = [*self._known.get(place, ()), weakly][-_MOST:]

    def holders(self, place: Place, known: Iterable[Any]) -> list[Any]:
        """Return what holds one that was replaced; `known` are holders that do not count.

        The program's own objects, each once: no frames, and nothing that is a part of the object.
        """
        objects = [each for each in self._objects(place) if each is not None]
        if not objects or sys.getallocatedblocks() > _COUNTABLE_BLOCKS:
            return []
        skipped = {id(each) for each in [objects, *known]}
        found: dict[int, Any] = {}
        for each in objects:
            parts = _parts(each)
            for holder in gc.get_referrers(each):
                if id(holder) in skipped or id(holder) in parts:
                    continue
                owner = _owner_of(holder)
                if not _is_ours(owner):
                    found[id(owner)] = owner
        return list(found.values())

    def names(self, key: tuple[str, str]) -> set[str]:
        """Return the definitions of a module that may have been replaced."""
        gone = {each.__qualname__ for each in list(self._retired) if each.__module__ == key[1]}
        return gone | {name for known, name in list(self._known) if known == key}

    def has(self, place: Place) -> bool:
        """Whether there is one that something may hold."""
        return any(each is not None for each in self._objects(place))

    def _objects(self, place: Place) -> list[Any]:
        (_, module), name = place
        classes = list(self._retired)
        gone = [each for each in classes if (each.__module__, each.__qualname__) == (module, name)]
        return [each() for each in self._known.get(place, ())] + gone


def _owner_of(holder: Any) -> Any:
    """Return the module or object whose names a dict is; what else it is, is its own owner."""
    if type(holder) is not dict:
        return holder
    owners = (each for each in gc.get_referrers(holder) if _names_of(each) is holder)
    return next(owners, holder)


def _names_of(value: Any) -> Any:
    try:
        return object.__getattribute__(value, "__dict__")
    except Exception:  # it has none, or one of its own making
        return None


def _is_ours(owner: Any) -> bool:
    """Whether it is a frame, or what a step works with, until the collector has taken it."""
    if issubclass(type(owner), (FrameType, OwnDict, OwnList)):
        return True
    is_copy = type(owner) is dict and "__builtins__" in owner
    return is_copy or str(type(owner).__module__).startswith(_OURS)


def _parts(value: Any) -> set[int]:
    """Return what makes up a class: it refers to it and is none that holds it."""
    if not issubclass(type(value), type):
        return set()
    members = list(vars(value).values())
    functions = [getattr(each, "__func__", each) for each in members]
    cells = [
        cell
        for each in functions
        if issubclass(type(each), FunctionType)
        for cell in each.__closure__ or ()
        if issubclass(type(cell), CellType)
    ]
    own = [each for each in members if type(each).__name__ in _OWN_PARTS]
    return {id(each) for each in [value.__mro__, *cells, *own]}
