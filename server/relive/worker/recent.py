"""`_`, `__` and `___`: the values of the session's latest expressions, as a terminal REPL has `_`.

They are builtins, so that every module sees them and a module's own `_` comes first. Where somebody
else has put a `_` among the builtins, as gettext does, it stays what it is.
"""

from __future__ import annotations

import builtins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAMES = ("_", "__", "___")
_ABSENT = object()


class RecentValues:
    """Keeps the three latest values that are not None; older ones are let go of."""

    def __init__(self) -> None:
        self._values: list[Any] = []
        self._count = 0
        """Of all that were noted."""

    def number_of(self, value: Any) -> int | None:
        """Return the number to ask for `value` by, if it is the latest."""
        return self._count if self._values and self._values[0] is value else None

    def numbered(self, number: int) -> Any:
        """Return the value of that number while it is kept, else LookupError is raised."""
        age = self._count - number
        if not 0 <= age < len(self._values):
            raise LookupError
        return self._values[age]

    def note(self, value: Any) -> None:
        """Make `value` the latest."""
        if value is None or not self._are_ours():
            return
        self._count += 1
        self._values = [value, *self._values][: len(_NAMES)]
        vars(builtins).update(zip(_NAMES, self._values))

    def _are_ours(self) -> bool:
        """Whether the names still hold what was put there, or nothing."""
        expected = [*self._values, *[_ABSENT] * len(_NAMES)]
        return all(
            vars(builtins).get(name, _ABSENT) is value for name, value in zip(_NAMES, expected)
        )
