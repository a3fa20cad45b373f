"""Statements that bind one name and change places, or the last of which goes.

None of them is another one for that, but what the name means is: what the last one gives.
"""

from __future__ import annotations

from functools import cached_property

from relive.worker.redefine.modules.additions import Additions
from relive.worker.redefine.reading.definitions import listed
from relive.worker.redefine.reading.walk import is_compound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.redefine.modules.replay import Replay
    from relive.worker.redefine.reading.matching import Ran
    from relive.worker.redefine.reading.source import Source
    from relive.worker.redefine.reading.toplevel import TopLevel


class Order:
    """The order of statements in a new text, and that in which they have run."""

    def __init__(self, former: Source | None, new: Source, ran: Ran) -> None:
        """Compare two texts; `former`: the one that was brought in before."""
        self._former = former
        self._new = new
        self._ran = ran
        self._additions: Additions | None = None

    @cached_property
    def names(self) -> dict[str, TopLevel]:
        """The names that another statement binds last, which had bound it before, and who did.

        Also those that another one binds last than before what adds on to them. None that it gave
        its value last anyway, as when it was run by hand where it is now.
        """
        names = _bound_twice(self._ran)
        if self._former is None or not names:
            return {}
        before, now, ran = _last(self._former.everything()), self._now, _last(self._ran)
        self._additions = Additions(self._former, self._new, self._ran, names)
        return {
            name: before[name]
            for name in names & before.keys() & now.keys() - self._defined(self._former)
            if not (_is_more(before[name]) or _is_more(now[name]))
            and (
                now[name].text not in (before[name].text, ran[name].text)
                or name in self._additions.moved
            )
            and any(now[name].text == each.text for each in self._ran if name in each.binds)
        }

    def moved(self, each: TopLevel) -> set[str]:
        """Return those of such names that a statement of the new text binds anew."""
        return set() if each.adds_on or each.is_deletion else each.binds & self.names.keys()

    def obstacle(self, each: TopLevel, scope: dict[str, Any], replay: Replay) -> str | None:
        """Return why a statement is not to run once more for such a name, if it is not."""
        names = self.moved(each)
        former = [self.names[name] for name in names]
        if self._additions is not None and not self._additions.run_by_themselves(names, scope):
            return f"what gives {listed(names)} a value, or adds on to it, has another order now"
        if not all(one.runs_by_itself(scope) for one in (each, *former)):
            return f"it is the last now that binds {listed(names)}"
        if not all(map(replay.is_untouched, former)):
            return "the program has changed its value since"
        return None

    def is_last(self, each: TopLevel) -> bool:
        """Whether such a name means what this statement of the new text gives it."""
        return any(self._now[name].text == each.text for name in self.moved(each))

    @cached_property
    def _now(self) -> dict[str, TopLevel]:
        return _last(self._new.everything())

    def _defined(self, former: Source) -> set[str]:
        """Return the names that definitions have as well."""
        return {name for text in (former, self._new) for name in (*text.by_key, *text.names_within)}


def _is_more(each: TopLevel) -> bool:
    """Whether it does more with a name than to bind it."""
    return each.is_deletion or is_compound(each.node)


def _bound_twice(statements: Iterable[TopLevel]) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for each in statements:
        twice |= seen & each.binds
        seen |= each.binds
    return twice


def _last(statements: Iterable[TopLevel]) -> dict[str, TopLevel]:
    """Return the last statement that binds a name, whatever it was before, by name."""
    return {name: each for each in statements if not each.adds_on for name in each.binds}
