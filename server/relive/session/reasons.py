"""Why results are stale, in words."""

from __future__ import annotations

from collections.abc import Iterable

from relive.session.units import Name, Trace

_MOST = 10
"""Reasons told of one result: a loop may have made names by the thousand."""


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
