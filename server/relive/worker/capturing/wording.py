"""Values of a call as text, at the time, under one budget for the whole call."""

from __future__ import annotations

from _thread import get_ident
from time import perf_counter
from types import ModuleType

from relive.worker.quiet import Quiet
from relive.worker.render import bounded_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.interrupt import Interrupts

MAX_TEXT = 200
"""Characters of one value: it stands at the end of a line."""
_SECONDS = 0.1
"""For one value."""
_SECONDS_IN_ALL = 0.3
"""For all of a call's: a program that is looked at is still to get on."""
_MOST_VALUES = 40
"""Variables of one call that are told, of arguments and at its end each."""
_ATOMS = (int, float, complex, bool, type(None), str, bytes)
_KEPT_SIZE = 1_000
"""Characters or digits, about, of those that are kept until the call ends."""
_repr = repr
_NO_DATA = (ModuleType, type, type(perf_counter), type(get_ident), type(bounded_repr))


class Wording:
    """Puts the values of one call in words."""

    def __init__(self, interrupts: Interrupts, main: int) -> None:
        self._interrupts = interrupts
        self._is_main = get_ident() == main
        self._left = _SECONDS_IN_ALL

    @property
    def has_time(self) -> bool:
        """Whether values may still be asked what they are."""
        return self._left > 0

    def text(self, value: Any) -> str:
        """Return `value` as text; nothing that it prints or raises meanwhile is told of.

        On another thread than the main one nothing can end code that hangs: there only what
        needs no code of the value's own is told.
        """
        if is_atom(value):
            text = _repr(value)
            return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
        started = perf_counter()
        seconds = min(_SECONDS, max(self._left, 0.001))
        with self._interrupts.held_back(), Quiet():
            text, _ = bounded_repr(value, MAX_TEXT, seconds, asks=self._is_main and self.has_time)
        self._left -= perf_counter() - started
        return text

    def named(self, values: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
        """Return variables with their values as text, those that are data."""
        shown = [(name, value) for name, value in values if is_data(name, value)]
        return [{"name": name, "text": self.text(value)} for name, value in shown[:_MOST_VALUES]]


def is_data(name: str, value: Any) -> bool:
    """Whether a variable is worth showing: no module, no function, nothing of Python's own."""
    hidden = name.startswith(".") or (name.startswith("__") and name.endswith("__"))
    return not hidden and type(value) not in _NO_DATA


def is_atom(value: Any) -> bool:
    """Whether `value` cannot change, and is small enough to be kept as it is."""
    kind = type(value)
    if kind is int:
        return bool(int.bit_length(value) < _KEPT_SIZE)
    return kind in _ATOMS and (kind not in (str, bytes) or len(value) < _KEPT_SIZE)
