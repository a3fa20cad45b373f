"""The registries of generic functions (`singledispatch`): what a step finds in them, and leaves.

They are what closures of `functools` hold, found by looking, so that no code of the program runs.
"""

from __future__ import annotations

import functools
import gc
from functools import partial
from types import FunctionType
from weakref import WeakKeyDictionary, ref

from relive.worker.redefine.modules.snapshot import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction

    Registry = dict[type, Any]

_OF_REGISTER: WeakKeyDictionary[FunctionType, ref[FunctionType]] = WeakKeyDictionary()
"""For functions that register, the generic functions that they were found to be of."""


def registry_of(generic: Any) -> Registry | None:
    """Return which type a generic function calls what for; None: it is no such function."""
    register = vars(generic).get("register") if type(generic) is FunctionType else None
    if type(register) is not FunctionType or register.__globals__ is not vars(functools):
        return None
    cells = dict(zip(register.__code__.co_freevars, register.__closure__ or ()))
    found = cells["registry"].cell_contents if "registry" in cells else None
    return found if type(found) is dict else None


def generic_registering(register: FunctionType) -> FunctionType | None:
    """Return the generic function whose `register` it is: only that knows of the other."""
    known = _OF_REGISTER.get(register)
    found = known() if known is not None else None
    if found is None:
        scopes = [each for each in gc.get_referrers(register) if type(each) is dict]
        holders = gc.get_referrers(*scopes) if scopes else []
        found = next((each for each in holders if _registers_by(each, register)), None)
        if found is not None:
            _OF_REGISTER[register] = ref(found)
    return found


def _registers_by(holder: Any, register: FunctionType) -> bool:
    return registry_of(holder) is not None and vars(holder)["register"] is register


class Generics:
    """Generic functions that a step may change, and their registries before it."""

    def __init__(self) -> None:
        self._had: dict[int, tuple[FunctionType, Registry, Registry]] = {}

    def note(self, generic: FunctionType, transaction: Transaction) -> None:
        """Take down what one has, before decorators run that may register with it."""
        registry = registry_of(generic)
        if registry is not None:
            transaction.already(partial(_put_back, generic, registry, dict(registry)))
            self._had.setdefault(id(generic), (generic, registry, dict(registry)))

    def __bool__(self) -> bool:
        return bool(self._had)

    def changed(self) -> Iterator[tuple[FunctionType, type, Any, Any]]:
        """Yield what types were and are registered for, where that is something else."""
        for generic, registry, had in self._had.values():
            for kind in {**had, **registry}:
                before, after = had.get(kind, ABSENT), registry.get(kind, ABSENT)
                if before is not after:
                    yield generic, kind, before, after

    def left(self) -> bool:
        """Whether a type has no handler any more that had one."""
        return any(is_default(generic, kind, now) for generic, kind, _, now in self.changed())


def is_default(generic: FunctionType, kind: type, handler: Any) -> bool:
    """Whether a generic function has nothing registered for a type, by what it calls for it."""
    return handler is ABSENT or (kind is object and handler is generic.__wrapped__)  # type: ignore[attr-defined]


def plan_registered(
    generic: FunctionType, kinds: Iterable[type], value: Any, transaction: Transaction
) -> None:
    """Plan that a generic function calls `value` for types; `ABSENT`: what their bases have."""
    registry = registry_of(generic)
    for kind in kinds if registry is not None else ():
        assert registry is not None
        now = registry.get(kind, ABSENT)
        then = generic.__wrapped__ if value is ABSENT and kind is object else value  # type: ignore[attr-defined]
        transaction.call(_write(registry, kind, then), _write(registry, kind, now))
        transaction.afterwards(generic._clear_cache)  # type: ignore[attr-defined]


def _write(registry: Registry, kind: type, value: Any) -> partial[Any]:
    if value is ABSENT:
        return partial(registry.pop, kind, None)
    return partial(registry.__setitem__, kind, value)


def _put_back(generic: FunctionType, registry: Registry, had: Registry) -> None:
    registry.clear()
    registry.update(had)
    generic._clear_cache()  # type: ignore[attr-defined]
