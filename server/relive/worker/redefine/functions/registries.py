"""Registries in which running decorators anew has put a second object beside the first.

What was registered before goes; a decorator that runs again must not register twice. It is an
exchange like that of classes, of what has only just been made.
"""

from __future__ import annotations

import gc
from weakref import getweakrefs

from relive.worker.redefine.classes.containers import KINDS, exchange_in, holds_any, is_a
from relive.worker.redefine.classes.exchange import Exchange, Pairs, perform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_SCOPE = frozenset(["__name__", "__module__"])
"""What the names of a module or class have among them."""


def replace_everywhere(fresh: Any, kept: Any) -> None:
    """Make whatever holds `fresh`, which decorators have been given, hold `kept`; only once."""
    perform(Exchange([(fresh, kept)], newcomers=True))


def leave_one(before: Iterable[Any], now: Any, *, spares_scopes: bool = False) -> None:
    """Where a container holds `now` and one of `before`, leave `now`, in the earlier place.

    Who holds one of `before` alone has not registered it anew, and goes on with it.
    `spares_scopes`: so do the names of modules and classes.
    """
    held = [(old, new) for old in before for old, new in [(old, now), *_weak(old, now)]]
    pairs = Pairs(held, newcomers=False)
    for holder in gc.get_referrers(now, *_references(now)):
        if spares_scopes and type(holder) is dict and not _SCOPE.isdisjoint(holder):
            continue
        if is_a(holder, *KINDS) and id(holder) not in pairs.inner and holds_any(holder, pairs):
            exchange_in(holder, pairs)


def _weak(old: Any, now: Any) -> list[tuple[Any, Any]]:
    references = _references(now)
    return [(each, references[0]) for each in _references(old)] if references else []


def _references(value: Any) -> list[Any]:
    try:
        return list(getweakrefs(value))
    except TypeError:
        return []
