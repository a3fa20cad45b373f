"""Attributes on their way back: defaults, data of classes, and what objects were given."""

from __future__ import annotations

from functools import partial
from types import FunctionType

from relive.worker.history import Registered
from relive.worker.redefine.applying.generics import plan_registered, registry_of
from relive.worker.redefine.change import Change
from relive.worker.redefine.functions.rebind import drop_what_caches_keep
from relive.worker.redefine.functions.trampoline import is_same_passing
from relive.worker.redefine.modules.snapshot import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.history import Written
    from relive.worker.redefine.step import Step

STAYS = "the program has given it another value since, which stays"


class AttributeBack:
    """An attribute of a function or class on its way back to the object it was."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._target = written.target()
        self._now = self._value()
        """What it is before anything is planned, which may do the same by running a text."""

    def _value(self) -> Any:
        if self._target is None:
            return ABSENT
        if isinstance(self._target, FunctionType):
            return getattr(self._target, self._written.name)
        return vars(self._target).get(self._written.name, ABSENT)

    def announce(self, step: Step) -> None:
        """Have the step know that it goes back, whatever has been put into it since."""
        if isinstance(self._target, type) and self._now is self._written.after:
            step.gives_back(self._target, self._written.name)

    def plan(self, step: Step) -> None:
        """Plan that it is what it was, or stays what the program has made it since."""
        if self._target is None:
            return
        if self._written.name == "__code__":
            self._run_its_own(step)
            return
        is_as_made = self._now is self._written.after
        value = self._written.before if is_as_made else self._now
        if not is_as_made:
            self._tell(step)
        if not isinstance(self._target, (type, FunctionType)):
            self._take_away(step)
        elif value is not ABSENT:
            step.transaction.set_attribute(self._target, self._written.name, value)

    def _run_its_own(self, step: Step) -> None:
        """Plan that a function passes no calls on, unless a definition's text says what it runs.

        It was made by a decorator, say.
        """
        step.transaction.perform()
        if is_same_passing(self._value(), self._written.after):
            step.transaction.set_attribute(self._target, "__code__", self._written.before)
            step.transaction.afterwards(partial(drop_what_caches_keep, [self._target]))

    def _take_away(self, step: Step) -> None:
        """Plan that an object lacks what it was given, whatever its class says to that."""
        target, name = self._target, self._written.name
        if self._now is self._written.after:
            step.transaction.call(
                partial(object.__delattr__, target, name),
                partial(object.__setattr__, target, name, self._now),
            )

    def _tell(self, step: Step) -> None:
        owner = self._target if hasattr(self._target, "__qualname__") else type(self._target)
        name = f"{owner.__qualname__}.{self._written.name}"
        step.changes.append(Change(name, "statement", "refused", STAYS))


class RegisteredBack:
    """What a generic function has for a type, on its way back."""

    def __init__(self, written: Registered) -> None:
        self._written = written
        self._generic = written.target()
        self._is_as_left = self._now() is written.after

    def _now(self) -> Any:
        return (registry_of(self._generic) or {}).get(self._written.kind, ABSENT)

    def plan(self, step: Step) -> None:
        """Plan that it is what it was, unless a definition that came back has registered anew."""
        if self._generic is None or not self._is_as_left:
            return
        step.transaction.perform()
        if self._now() is ABSENT or self._now() is self._written.after:
            kinds = [self._written.kind]
            plan_registered(self._generic, kinds, self._written.before, step.transaction)


def back_of(written: Written) -> AttributeBack | RegisteredBack:
    """Return what takes a value back that a step has written."""
    return RegisteredBack(written) if isinstance(written, Registered) else AttributeBack(written)
