"""Enumerations: members are added to the live class, and those it has stay the objects they are."""

from __future__ import annotations

from enum import Enum, EnumMeta
from functools import partial

from relive.worker.redefine.receipt import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.transaction import Transaction


def is_enum(cls: type) -> bool:
    """Whether `cls` is an enumeration."""
    return isinstance(cls, EnumMeta)


def plan_members(old: type[Enum], fresh: type[Enum], transaction: Transaction) -> None:
    """Plan that `old` gets the members of `fresh` that it lacks.

    Raises:
        Refused: a member changed its value or is gone, which would make live members untrue.
    """
    had, has = dict(old.__members__), dict(fresh.__members__)
    for name, member in had.items():
        if name not in has or has[name].value != member.value:
            raise Refused(
                f"member {name!r} of {old.__qualname__!r} changed or is gone, and live code may "
                "hold it; evaluate the class to make a new one"
            )
    for name in [name for name in has if name not in had]:
        _plan_member(old, has[name], name, transaction)


def _plan_member(old: Any, member: Any, name: str, transaction: Transaction) -> None:
    plan, put = transaction.call, object.__setattr__
    for attribute in ("__class__", "__objclass__"):
        plan(partial(put, member, attribute, old), partial(put, member, attribute, type(member)))
    transaction.set_item(old._member_map_, name, member)
    names = old._member_names_
    plan(partial(names.append, name), partial(names.remove, name))
    plan(partial(type.__setattr__, old, name, member), partial(type.__delattr__, old, name))
    transaction.afterwards(partial(_remember_value, old, member))


def _remember_value(old: Any, member: Any) -> None:
    try:
        old._value2member_map_.setdefault(member._value_, member)
    except TypeError:  # an unhashable value is found by comparing
        getattr(old, "_unhashable_values_", []).append(member._value_)
