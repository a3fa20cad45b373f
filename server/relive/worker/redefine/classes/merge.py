"""A class whose statement has to run again: what it makes is merged into the live class.

Bases, keywords, decorators and generated members (those of a dataclass, say) come only from running
the statement. It runs aside and makes a second class: its members move into the live one, so that
`isinstance`, pickling, registries and instances go on with the class they have. Where the two
cannot be one, `obstacle` says why.
"""

from __future__ import annotations

from functools import partial
from types import GetSetDescriptorType, MemberDescriptorType

from relive.worker.redefine.classes.abstract import forget_dispatch, settle_abstract
from relive.worker.redefine.classes.exchange import Exchange, compiled_holders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction

NOT_MEMBERS = frozenset(
    ["__dict__", "__weakref__", "__module__", "__qualname__", "_abc_impl", "__slotnames__"]
)
"""Attributes of a class that belong to the class object, not to its text."""


def obstacle(old: type, fresh: type, exchange: Exchange) -> str | None:
    """Return why `fresh` cannot be merged into `old`; None if it can."""
    if slots(old) != slots(fresh):
        return "its slots changed, and with them the layout of its objects"
    if issubclass(old, tuple) and _fields(old) != _fields(fresh):
        return "its fields changed, and its objects are tuples of the old ones"
    for each in compiled_holders(exchange):
        kind = type(each)
        return f"{kind.__module__}.{kind.__qualname__} keeps data about it that is compiled"
    return _other_descent(old, fresh)


def _other_descent(old: type, fresh: type) -> str | None:
    """Return why a class cannot have another's metaclass and bases."""
    if type(old) is not type(fresh) and refuses(old, "__class__", type(fresh)):
        return "its metaclass changed"
    error = refuses(old, "__bases__", fresh.__bases__) if _bases_differ(old, fresh) else None
    if error is not None:
        return f"its bases changed, and it does not take them ({error})"
    return None if layout(old) == layout(fresh) else "the layout of its objects changed"


def plan_merge(
    old: type, fresh: type, transaction: Transaction, kept: set[str], doomed: Iterable[str]
) -> None:
    """Plan that `old` becomes what `fresh` is.

    Args:
        old: the live class.
        fresh: what running the statement has made.
        transaction: takes the writes.
        kept: names of which the live value stays: the statement did not change, or they are
            planned one by one.
        doomed: names that go.
    """
    had, made = vars(old), vars(fresh)
    for name, value in made.items():
        if name in NOT_MEMBERS or (name in kept and name in had) or is_slot(value):
            continue
        if name not in had or had[name] is not value:
            transaction.set_member(old, name, value)
    for name in doomed:
        if name in had and name not in made:
            transaction.delete_member(old, name)
    if type(old) is not type(fresh):
        transaction.set_attribute(old, "__class__", type(fresh))
    if _bases_differ(old, fresh):
        transaction.set_attribute(old, "__bases__", fresh.__bases__)
        transaction.afterwards(forget_dispatch)
    transaction.afterwards(partial(settle_abstract, old))


def is_slot(value: Any) -> bool:
    """Whether an attribute of a class only gives access to a place in its objects' memory."""
    return isinstance(value, (MemberDescriptorType, GetSetDescriptorType))


def _bases_differ(old: type, fresh: type) -> bool:
    return old.__bases__ != fresh.__bases__


def refuses(cls: type, attribute: str, value: Any) -> str | None:
    """Return why a live class does not take a value; None if it does, and it has its own back."""
    before = getattr(cls, attribute)
    try:
        type.__setattr__(cls, attribute, value)
    except TypeError as error:
        return str(error)
    type.__setattr__(cls, attribute, before)
    return None


def slots(cls: type) -> set[str]:
    """Return the names of the slots a class adds."""
    return {name for name, value in vars(cls).items() if isinstance(value, MemberDescriptorType)}


def layout(cls: type) -> tuple[int, ...]:
    """Return where a class keeps what in the memory of its objects."""
    return (
        cls.__basicsize__,
        cls.__itemsize__,
        cls.__dictoffset__,
        cls.__weakrefoffset__,
    )


def _fields(cls: type) -> Any:
    return getattr(cls, "_fields", None)
