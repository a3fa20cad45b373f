"""The text of a value as an example tells it: the same each time, in whatever process.

That is its `repr`, but for sets, whose order is another in each process: they are sorted, also in
lists, tuples and dictionaries.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DEPTH = 100
"""Deeper ones are asked for their own `repr`, which says what to say of them."""


def steady_repr(value: Any, depth: int = 0) -> str:
    """Return the text of a value."""
    kind = type(value)
    if depth > _DEPTH or kind not in (list, tuple, dict, set, frozenset):
        return repr(value)
    if not _has_set(value, set()):
        return repr(value)
    if kind is dict:
        pairs = ((steady_repr(k, depth + 1), steady_repr(v, depth + 1)) for k, v in value.items())
        return "{" + ", ".join(f"{key}: {each}" for key, each in pairs) + "}"
    if kind in (set, frozenset):
        return _set(value, depth)
    inside = ", ".join(steady_repr(each, depth + 1) for each in value)
    if kind is list:
        return f"[{inside}]"
    return f"({inside},)" if len(value) == 1 else f"({inside})"


def _set(value: Any, depth: int) -> str:
    if not value:
        return repr(value)
    try:
        items = sorted(value)
    except Exception:  # of several kinds, or of one without an order
        items = sorted(value, key=repr)
    inside = ", ".join(steady_repr(each, depth + 1) for each in items)
    return f"{{{inside}}}" if type(value) is set else f"frozenset({{{inside}}})"


def _has_set(value: Any, inside: set[int]) -> bool:
    """Whether there is a set in it; of what contains itself that is not told."""
    kind = type(value)
    if kind in (set, frozenset):
        return True
    if kind not in (list, tuple, dict) or id(value) in inside:
        return False
    inside.add(id(value))
    parts = [*value, *value.values()] if kind is dict else value
    return any(_has_set(each, inside) for each in parts)
