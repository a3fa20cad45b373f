"""What statements add to what a name means, which may be moved past what gives it its value.

`total += 1` takes what is there; `found.append(1)` and `table["a"] = 1` change the object that the
name has by then. They have to run once more when another object has the name.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cached_property
from operator import attrgetter

from relive.worker.redefine.modules.vanished import first_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.redefine.reading.matching import Ran
    from relive.worker.redefine.reading.source import Source
    from relive.worker.redefine.reading.toplevel import TopLevel


class Additions:
    """What adds on to each of some names, in the text before and in the new one."""

    def __init__(self, former: Source, new: Source, ran: Ran, names: set[str]) -> None:
        """Compare two texts, for `names` that several statements bind; `ran`: what has run."""
        before, now = list(former.everything()), list(new.everything())
        stay = _texts_as_often(before, now)
        self._before = _added(before, names, stay)
        self._now = _added(now, names, stay)
        self._ran = _added(ran, names, stay)

    @cached_property
    def moved(self) -> set[str]:
        """The names whose object others have been added to than the text says now."""
        return {
            name
            for name, now in self._now.items()
            if _told(now) not in (_told(self._before[name]), _told(self._ran[name]))
        }

    def run_by_themselves(self, names: set[str], scope: dict[str, Any]) -> bool:
        """Whether all that adds on to such names may run though nobody has asked for it."""
        return all(
            each.is_plain_data(scope)
            for name in names & self.moved
            for added in (self._before[name], self._now[name])
            for each in added
        )


def _texts_as_often(before: list[TopLevel], now: list[TopLevel]) -> set[str]:
    """Return the texts of statements that are in both as often: the others are new, or gone."""
    counts: defaultdict[str, int] = defaultdict(int)  # a Counter asks what users may patch
    for each in before:
        counts[each.text] += 1
    for each in now:
        counts[each.text] -= 1
    return {text for text, more in counts.items() if not more}


def _added(
    statements: Iterable[TopLevel], names: set[str], texts: set[str]
) -> defaultdict[str, list[TopLevel]]:
    """Return, by name, what adds on to it after the last statement that gives it another object."""
    found: defaultdict[str, list[TopLevel]] = defaultdict(list)
    for each in statements:
        if each.text not in texts:
            continue
        for name in names & _changes(each):
            found[name].append(each)
        for name in names & each.binds if not each.adds_on else ():
            found[name] = []
    return found


def _changes(each: TopLevel) -> set[str | None]:
    """Return the names whose objects a statement changes, as far as its text tells."""
    node = each.node
    if each.adds_on and each.binds:
        return {*each.binds}
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        is_method = isinstance(node.value.func, ast.Attribute)
        return {first_name(node.value.func)} if is_method else set()
    if isinstance(node, ast.Delete):
        return {first_name(target) for target in node.targets}
    return {first_name(place) for place in each.places}


def _told(added: list[TopLevel]) -> list[str]:
    """Return their texts: the order counts of those that change the same in the same way."""
    return [each.text for each in sorted(added, key=attrgetter("key"))]
