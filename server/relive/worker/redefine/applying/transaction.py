"""Changing the live program: all planned writes, or none.

Everything that may block or run foreign code happens while writes are planned. `commit` then
performs them inside one call into C, so that under the GIL no other thread runs between two of
them and sees, for instance, new code with old defaults.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from types import CellType, FunctionType, GetSetDescriptorType

from relive.worker.redefine.applying.generics import Generics
from relive.worker.redefine.modules.snapshot import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType
    from typing import Any

    from relive.worker.exchanged import Exchanged
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.modules.snapshot import Names

    Given = tuple[Any, str, Any]
    """An object, the name of an attribute it had not, and its value."""
    BeforeRun = Callable[[CodeType, Namespace, int], None]
    """Told of code that is about to run, of the module it runs in, and of its line."""

_run = partial.__call__
"""Calling through the slot keeps the whole loop in C."""


class _OfAttribute(partial):  # type: ignore[type-arg] # subscripted, it would be made slowly
    """A write of an attribute, as a new text has it; not that of whoever holds what is replaced."""


class Transaction:
    """Planned writes and how to take them back."""

    def __init__(self, exchanged: Exchanged, before_run: BeforeRun | None = None) -> None:
        """Begin with nothing planned.

        `exchanged` is told which functions get other code, `before_run` of code of the program's
        that is about to run for it.
        """
        self._exchanged = exchanged
        self._before_run = before_run
        self._writes: list[partial[Any]] = []
        self._undo: list[partial[Any]] = []
        self._afterwards: list[Callable[[], None]] = []
        self.given: list[Given] = []
        """The attributes that objects made before were given, once all is committed."""
        self.generics = Generics()
        self._performed = 0
        """How many of the writes have been made."""
        self._watched: list[Names] = []

    def set_attribute(self, target: Any, name: str, value: Any) -> None:
        """Plan `target.name = value`."""
        if name == "__code__" and type(target) is FunctionType:
            self._exchanged.note(target)
        old = vars(target).get(name, ABSENT) if hasattr(target, "__dict__") else ABSENT
        if old is ABSENT and _is_built_in(target, name):
            old = getattr(target, name, ABSENT)
        undo = partial(delattr, target, name)
        if old is not ABSENT:
            undo = partial(setattr, target, name, old)
        self._writes.append(_OfAttribute(setattr, target, name, value))
        self._undo.append(undo)

    def set_member(self, cls: type, name: str, value: Any) -> None:
        """Plan `cls.name = value`, whatever a metaclass says to it: it made the value itself."""
        old = vars(cls).get(name, ABSENT)
        undo = partial(type.__delattr__, cls, name)
        if old is not ABSENT:
            undo = partial(type.__setattr__, cls, name, old)
        self.call(_OfAttribute(type.__setattr__, cls, name, value), undo)

    def delete_member(self, cls: type, name: str) -> None:
        """Plan `del cls.name`, whatever a metaclass says to it."""
        self.call(
            _OfAttribute(type.__delattr__, cls, name),
            partial(type.__setattr__, cls, name, vars(cls)[name]),
        )

    def delete_attribute(self, target: Any, name: str) -> None:
        """Plan `del target.name`."""
        self._writes.append(_OfAttribute(delattr, target, name))
        self._undo.append(partial(setattr, target, name, vars(target)[name]))

    def set_item(self, target: dict[str, Any], key: str, value: Any) -> None:
        """Plan `target[key] = value`."""
        undo = partial(target.pop, key, None)
        if key in target:
            undo = partial(target.__setitem__, key, target[key])
        self._writes.append(partial(target.__setitem__, key, value))
        self._undo.append(undo)

    def delete_item(self, target: dict[str, Any], key: str) -> None:
        """Plan `del target[key]`."""
        self._writes.append(partial(target.__delitem__, key))
        self._undo.append(partial(target.__setitem__, key, target[key]))

    def attributes(self) -> Iterator[tuple[Any, str, Any, Any]]:
        """Yield the attributes that are set or deleted: whose, which, the value before and after.

        `ABSENT` stands for none.
        """
        for write, undo in zip(self._writes, self._undo):
            if isinstance(write, _OfAttribute):
                target, name, *after = write.args
                yield target, name, *(undo.args[2:] or (ABSENT,)), *(after or (ABSENT,))

    def call(self, write: partial[Any], undo: partial[Any]) -> None:
        """Plan a call that changes something, and the one that changes it back."""
        self._writes.append(write)
        self._undo.append(undo)

    def already(self, undo: Callable[[], Any]) -> None:
        """Note something that is done already, and has to be taken back if the rest fails."""
        self.call(partial(bool), partial(undo))

    def afterwards(self, act: Callable[[], None]) -> None:
        """Have `act` called when all is committed, for what may block and need not be atomic."""
        self._afterwards.append(act)

    def watch(self, names: Names) -> None:
        """Have a module's names taken down before anything can happen to them."""
        self._watched.append(names)

    def expect_anything(self) -> None:
        """Say that code is about to run, or names to be written, be it in another module."""
        for names in self._watched:
            names.note()

    def about_to_run(self, code: CodeType, namespace: Namespace, line: int) -> None:
        """Say which code is about to run in a module, and at which line it stands."""
        if self._before_run is not None:
            self._before_run(code, namespace, line)

    def perform(self) -> None:
        """Make the writes planned so far, for what runs next and is to find them made.

        Raises:
            Exception: a write was refused.
        """
        due, self._performed = self._writes[self._performed :], len(self._writes)
        if self._afterwards or not all(map(_is_of_function, due)):
            self.expect_anything()
        deque(map(_run, due), maxlen=0)

    def mark(self) -> tuple[int, int]:
        """Return a place to roll back to."""
        return len(self._writes), len(self._afterwards)

    def commit(self) -> None:
        """Perform the writes.

        Raises:
            Exception: a write was refused; all that were made are taken back.
        """
        try:
            self.perform()
        except BaseException:
            self.roll_back()
            raise
        for act in self._afterwards:
            act()
        # What the live program was is kept alive no longer: who holds an old code is to be told.
        del self._writes[:], self._undo[:], self._afterwards[:]

    def roll_back(self, mark: tuple[int, int] = (0, 0)) -> None:
        """Put everything back as it was before the transaction, or at `mark`."""
        writes, acts = mark
        for undo in reversed(self._undo[writes:]):
            try:
                undo()
            except Exception:
                continue  # it was never written
        del self._writes[writes:], self._undo[writes:], self._afterwards[acts:]
        self._performed = min(self._performed, writes)

    def __len__(self) -> int:
        return len(self._writes)


def _is_of_function(write: partial[Any]) -> bool:
    """Whether a write sets an attribute of a function, at which nobody's code runs."""
    return write.func is setattr and type(write.args[0]) is FunctionType


def _is_built_in(target: Any, name: str) -> bool:
    """Whether an attribute is part of the object itself, and in no dict."""
    if isinstance(target, type):
        return isinstance(vars(type).get(name), GetSetDescriptorType)
    return name.startswith("__") or isinstance(target, CellType)
