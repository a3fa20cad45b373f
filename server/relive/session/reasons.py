"""Why results are stale, in words."""

from __future__ import annotations

from collections.abc import Iterable

from relive.session.units import Cause, Name, Places, Trace, Unit

_MOST = 10
"""Reasons told of one result: a loop may have made names by the thousand."""

_LONGEST_WAY = 50
"""Stale units on the way to the reason: that many are followed."""


def reason_of(unit: Unit, places: Places) -> str:
    """Return why a unit is stale."""
    if unit.causes:
        return listed(_words(each, places) for each in unit.causes.values())
    return listed(
        f"{quoted(name)} is stale: {_root(other, places)}" for name, other in unit.through.items()
    )


def _root(unit: Unit, places: Places) -> str:
    """Return why the first unit is stale on the way from which `unit` is."""
    for _ in range(_LONGEST_WAY):
        if unit.causes or not unit.through:
            break
        unit = next(iter(unit.through.values()))
    return listed(_words(each, places) for each in unit.causes.values()) or "what it came of"


def _words(cause: Cause, places: Places) -> str:
    place = None if cause.by is None else places.of(cause.by)
    line = "code that stands in no file" if place is None else f"line {place[1][0] + 1}"
    return cause.words.replace("{line}", line)


def listed(reasons: Iterable[str]) -> str:
    """Return the first of the reasons, and how many more there are."""
    different = list(dict.fromkeys(reasons))
    more = len(different) - _MOST
    return "; ".join([*different[:_MOST], *([f"and {more} more"] if more > 0 else [])])


def what_became(trace: Trace, name: Name) -> str:
    """Return what became of a name that a statement gave or changed."""
    if name not in trace.changed:
        return "was assigned again"
    if trace.unknown is None:
        return "was changed in place by {line}"
    return f"may have been changed in place by {{line}}: {trace.unknown}"


def quoted(name: Name) -> str:
    """Return a name as it stands in a sentence."""
    return f"`{name[1]}`"
