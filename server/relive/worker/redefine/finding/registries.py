"""Registries in which running decorators anew has put a second object beside the first.

What was registered before goes; a decorator that runs again must not register twice. Lists, dicts
and sets are seen, whoever holds them; other kinds of registry are not looked into.
"""

from __future__ import annotations

import gc
from weakref import getweakrefs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def replace_everywhere(old: Any, new: Any) -> None:
    """Put `new` in the place of `old` in lists, dicts and sets; where both are, once."""
    for holder in _holders(old):
        _replace(holder, old, new)


def leave_one(before: Iterable[Any], now: Any) -> None:
    """Where a container holds `now` and one of `before`, leave `now`, in the earlier place."""
    olds = [each for each in before if each is not now]
    for holder in _holders(now):
        for old in olds:
            if _holds(holder, old):
                _replace(holder, old, now)


def _holders(value: Any) -> list[Any]:
    """Return the containers that hold `value`, or a weak reference to it."""
    references = _references(value)
    holders = gc.get_referrers(value, *references)
    return [each for each in holders if type(each) in (list, dict, set) and each is not references]


def _references(value: Any) -> list[Any]:
    try:
        return list(getweakrefs(value))
    except TypeError:
        return []


def _holds(holder: Any, value: Any) -> bool:
    items = holder.values() if isinstance(holder, dict) else holder
    names = [value, *_references(value)]
    return any(each is name for each in items for name in names)


def _replace(holder: Any, old: Any, new: Any) -> None:
    if isinstance(holder, list):
        holder[:] = _once([new if each is old else each for each in holder], new)
    elif isinstance(holder, dict):
        for key in [key for key, value in holder.items() if value is old]:
            holder[key] = new
    elif any(each is old for each in holder):
        holder.discard(old)
        holder.add(new)
    else:
        gone = [each for each in holder if any(each is ref for ref in _references(old))]
        holder.difference_update(gone)


def _once(items: list[Any], value: Any) -> list[Any]:
    """Return `items` with all but the first occurrence of `value` left out."""
    first = next(place for place, each in enumerate(items) if each is value)
    return [each for place, each in enumerate(items) if each is not value or place == first]
