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

    def note(self, value: Any) -> None:
        """Make `value` the latest."""
        if value is None or not self._are_ours():
            return
        self._values = [value, *self._values][: len(_NAMES)]
        vars(builtins).update(zip(_NAMES, self._values))

    def _are_ours(self) -> bool:
        """Whether the names still hold what was put there, or nothing."""
        expected = [*self._values, *[_ABSENT] * len(_NAMES)]
        return all(
            vars(builtins).get(name, _ABSENT) is value for name, value in zip(_NAMES, expected)
        )
