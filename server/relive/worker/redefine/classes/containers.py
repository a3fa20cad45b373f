"""Exchanging objects inside containers, and putting containers back as they were.

A subclass may have methods of its own, such as a registry that takes no name twice; what is done
here is no use of it, so the built-in type's own methods do it.
"""

from __future__ import annotations

import gc
from collections import OrderedDict, deque
from types import FrameType, MethodType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.classes.exchange import Pairs

KINDS = (dict, list, set, deque)
"""The containers that can be written to."""


def is_a(value: Any, *kinds: type) -> bool:
    """Whether an object is of a type; not asked of the object, which may be a proxy."""
    return issubclass(type(value), kinds)


def copy_of(holder: Any) -> Any:
    """Return what a container holds, as a plain one."""
    kind = _kind(holder)
    return list(kind.__iter__(holder)) if kind is deque else kind.copy(holder)


def restore(holder: Any, items: Any) -> None:
    """Make a container hold what it held."""
    kind = _kind(holder)
    kind.clear(holder)
    (kind.extend if kind in (list, deque) else kind.update)(holder, items)


def holds_any(holder: Any, pairs: Pairs) -> bool:
    """Whether a container has one of those that are exchanged; of a dict as a value."""
    kind = _kind(holder)
    items = kind.values(holder) if is_a(holder, dict) else copy_of(holder)
    return any(each in pairs for each in items)


def exchange_in(holder: Any, pairs: Pairs) -> None:
    """Put the others in the place of those a container holds."""
    if is_a(holder, dict):
        _in_dict(holder, _kind(holder), pairs)
    elif is_a(holder, list):
        _in_list(holder, pairs)
    elif is_a(holder, deque):
        for place, each in enumerate(copy_of(holder)):
            deque.__setitem__(holder, place, pairs(each))
    else:
        for each in [each for each in copy_of(holder) if each in pairs]:
            set.discard(holder, each)
            set.add(holder, pairs(each))


def take_out(holder: Any, stray: Any, before: Any) -> None:
    """Take an object out of a container; what had its place in a dict `before` is back."""
    if is_a(holder, dict):
        kind = _kind(holder)
        for key in [k for k, value in kind.items(holder) if value is stray or k is stray]:
            if before is not None and key in before:
                kind.__setitem__(holder, key, before[key])
            else:
                kind.__delitem__(holder, key)
    elif is_a(holder, list, deque):
        restore(holder, [each for each in copy_of(holder) if each is not stray])
    else:
        set.discard(holder, stray)


def _kind(holder: Any) -> Any:
    for kind in (OrderedDict, *KINDS):
        if is_a(holder, kind):
            return kind
    raise TypeError(f"{type(holder)} is no container to write to")


def _in_dict(holder: Any, kind: Any, pairs: Pairs) -> None:
    """Exchange values, and keys at their place."""
    items = list(kind.items(holder))
    keys = [key for key, value in items if value in pairs]
    for key in keys:
        new = pairs(kind.__getitem__(holder, key))
        others = [other for other, value in items if value is new]
        kind.__setitem__(holder, key, new)
        if len(keys) == len(others) == 1 and _is_registry(holder):
            # It is registered under another name now.
            kind.__delitem__(holder, others[0] if pairs.newcomers else key)
    if any(key in pairs for key, _ in items):
        restore(holder, {pairs(key): value for key, value in kind.items(holder)})


def _is_registry(holder: dict[Any, Any]) -> bool:
    """Whether a dict is no namespace: not the attributes of an object or module."""
    return "__name__" not in holder and not any(
        _attributes(each) is holder
        for each in gc.get_referrers(holder)
        if not is_a(each, FrameType)
    )


def _attributes(value: Any) -> Any:
    try:
        return object.__getattribute__(value, "__dict__")
    except AttributeError:
        return None


def _in_list(holder: list[Any], pairs: Pairs) -> None:
    """Exchange elements; what the list then holds twice, it holds once, at the first place."""
    items = copy_of(holder)
    exchanged = [pairs(each) for each in items if each in pairs]
    kept: list[Any] = []
    for each in map(pairs, items):
        is_one = any(_same(other, each) for other in exchanged)
        if not is_one or not any(_same(other, each) for other in kept):
            kept.append(each)
    list.__setitem__(holder, slice(None), kept)


def _same(one: Any, other: Any) -> bool:
    """Whether two are one object, one method of one object, or tuples of the same."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if type(one) is MethodType:
        return one.__func__ is other.__func__ and one.__self__ is other.__self__
    if not is_a(one, tuple) or len(one) != len(other):
        return False
    return all(
        a is b or (type(a) is type(b) and type(a) in (str, int) and a == b)
        for a, b in zip(tuple.__iter__(one), tuple.__iter__(other))
    )
