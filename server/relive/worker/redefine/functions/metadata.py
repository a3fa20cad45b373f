"""What a function carries besides its code: header and docstring, and the copies wrappers have.

`functools.wraps` copies name, docstring and annotations of a function into its wrapper. Where the
wrapper still has what it copied, it gets the new.
"""

from __future__ import annotations

from functools import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FunctionType
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction

_EVALUATED = ("__defaults__", "__kwdefaults__", "__annotations__", "__type_params__")
"""What running a `def` statement's header gives the function."""
_COPIED = ("__doc__", "__annotations__", "__type_params__")
_DOCUMENTED = (property, cached_property)
"""Descriptors that copy the docstring of the function they are made of."""


def header_of(fresh: FunctionType) -> dict[str, Any]:
    """Return what the header of a function just made was evaluated to, by attribute."""
    names = list(_EVALUATED)
    if hasattr(fresh, "__annotate__"):  # lazy from 3.14 on: moved as code
        names[names.index("__annotations__")] = "__annotate__"
    return {name: getattr(fresh, name) for name in names if hasattr(fresh, name)}


def plan_attributes(
    live: FunctionType, new: dict[str, Any], wrappers: Iterable[Any], transaction: Transaction
) -> None:
    """Plan that `live` gets attributes, and its wrappers the copies of those that they copied."""
    before = {name: getattr(live, name, None) for name in new if name in _COPIED}
    for name, value in new.items():
        transaction.set_attribute(live, name, value)
    for wrapper in wrappers:
        if wrapper is live:
            continue
        for name, old in before.items():
            if _has_copied(wrapper, name, old):
                transaction.set_attribute(wrapper, name, new[name])


def _has_copied(wrapper: Any, name: str, old: Any) -> bool:
    if isinstance(wrapper, _DOCUMENTED):
        return name == "__doc__" and wrapper.__doc__ == old
    held = getattr(wrapper, "__dict__", None)
    return type(held) is dict and "__wrapped__" in held and getattr(wrapper, name, old) == old
