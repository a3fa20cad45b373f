"""What a module's plain statements gave when they ran: to see what the program changed since."""

from __future__ import annotations

import ast
from functools import partial
from operator import attrgetter, itemgetter, methodcaller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.reading.matching import Ran
    from relive.worker.redefine.reading.toplevel import TopLevel

_ABSENT = object()
_MADE_OF = (partial, attrgetter, itemgetter, methodcaller)
"""Values that are equal to no other one, though all they are is what they were made of."""


class Replay:
    """The values of plain statements, computed once more when somebody asks."""

    def __init__(
        self, ran: Ran, names: dict[str, Any], before: dict[str, Any], formers: dict[str, Any]
    ) -> None:
        """Replay in a module.

        Args:
            ran: its statements.
            names: its names as they are now.
            before: what names were that have just been given other values.
            formers: for classes that have got other data, what has the data they had.
        """
        self._formers = formers
        self._ran = ran
        self._names = names
        self._before = before
        self._replayed: dict[str, Any] | None = None

    def is_untouched(self, statement: TopLevel) -> bool:
        """Whether the names that `statement` binds still have the values it gave them.

        What cannot be computed any more (a name it used is deleted) counts as untouched.
        """
        replayed = self._values()
        return all(
            _same(replayed.get(name, _ABSENT), self._names.get(name, _ABSENT))
            for name in statement.binds
        )

    def _values(self) -> dict[str, Any]:
        if self._replayed is None:
            self._replayed = {**self._names, **self._formers, **self._before}
            own: set[str] = set()
            for each in self._ran:
                # A live object may not be added to, or given attributes or items.
                only_names = not each.adds_on and each.key.isidentifier()
                if (only_names or each.binds <= own) and each.is_plain_data(self._replayed):
                    _run(each.node, self._replayed)
                    own |= each.binds
        return self._replayed


def _run(node: ast.stmt, scope: dict[str, Any]) -> None:
    try:
        exec(compile(ast.Module([node], type_ignores=[]), "<replay>", "exec"), scope)
    except Exception:
        pass  # it needs something that is gone: nothing is known of its value


def _same(one: Any, other: Any) -> bool:
    if one is other or one is _ABSENT or other is _ABSENT:
        return True
    try:
        if type(one) in _MADE_OF:
            one, other = (type(one), one.__reduce__()), (type(other), other.__reduce__())
        return type(one) is type(other) and bool(one == other)
    except Exception:  # such as an array, which compares element by element
        return False
