"""The cells of a table as text: each short, and all of them within one budget."""

from __future__ import annotations

import sys
from time import monotonic
from types import ModuleType

from relive.worker.render import bounded_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_MAX_CELL = 200
_MAX_ALL = 3_000_000
"""Characters of one page."""
_SECONDS = 3.0
"""For all of them together."""
_CELL_SECONDS = 0.25
_PLAIN = frozenset([int, float, complex, bool, type(None)])
_SCALARS = (
    ("numpy", "generic"),
    ("pandas", "Timestamp"),
    ("pandas", "Timedelta"),
    ("pandas", "Period"),
    ("pandas", "Interval"),
    ("datetime", "date"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("decimal", "Decimal"),
    ("uuid", "UUID"),
)
"""Whose `str` is what one wants to read; all else is shown by its `repr`."""


class Cells:
    """Makes texts until the budget is used up; then marks."""

    def __init__(self) -> None:
        self._left = _MAX_ALL
        self._end = monotonic() + _SECONDS
        self._scalars = tuple(_known_scalars())

    def texts(self, values: Iterable[Any]) -> list[str]:
        """Return the texts of several cells."""
        return [self.text(value) for value in values]

    def text(self, value: Any) -> str:
        """Return the text of one cell."""
        left = self._end - monotonic()
        if self._left <= 0 or left <= 0:
            return "…"
        text = self._text(value, min(left, _CELL_SECONDS))
        self._left -= len(text)
        return text

    def _text(self, value: Any, seconds: float) -> str:
        kind = type(value)
        if kind is str:
            return _cut(value)
        if kind in _PLAIN and kind is not int:
            return _number(value)
        if issubclass(kind, self._scalars):
            try:
                return _number(value)
            except Exception:  # of a subclass of the user's
                pass
        return bounded_repr(value, _MAX_CELL, seconds)[0]


def _known_scalars() -> Iterable[type]:
    for module, name in _SCALARS:
        loaded = sys.modules.get(module)
        if isinstance(loaded, ModuleType):
            known: Any = vars(loaded).get(name)
            if issubclass(type(known), type):
                yield known
    pandas = sys.modules.get("pandas")
    if isinstance(pandas, ModuleType):
        yield from (type(vars(pandas).get(name)) for name in ("NaT", "NA"))


def _number(value: Any) -> str:
    text = str(value)
    return "NaN" if text == "nan" else _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_CELL else f"{text[: _MAX_CELL - 1]}…"
