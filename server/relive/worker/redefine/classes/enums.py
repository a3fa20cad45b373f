"""Enumerations: members are added to the live class, and those it has stay the objects they are."""

from __future__ import annotations

from enum import Enum, EnumMeta
from functools import partial
from types import SimpleNamespace

from relive.worker.redefine.reading.definitions import MEMBERS
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction

_PLAIN = (int, str, float, bytes, bool, type(None))
_SUMS = (
    "_flag_mask_",
    "_singles_mask_",
    "_all_bits_",
    "_hashable_values_",
    "_unhashable_values_",
    "_unhashable_values_map_",
    "__doc__",
    "__annotations__",
    "__firstlineno__",
)
"""What an enumeration keeps about all its members and its text: plain data, simply taken over."""
_put = object.__setattr__


def is_enum(cls: object) -> bool:
    """Whether `cls` is an enumeration."""
    return isinstance(cls, EnumMeta)


def owners(paths: Iterable[str], scope: dict[str, Any]) -> Iterator[str]:
    """Yield the names of which code reads attributes, or goes through if enumerations have them."""
    for path in paths:
        name, dot, _ = path.partition(".")
        if dot and (not path.endswith(MEMBERS) or is_enum(scope.get(name))):
            yield name


class FormerMembers(SimpleNamespace):
    """What an enumeration was that gets more members, for what is computed from them."""

    _each: tuple[Any, ...]

    def __init__(self, cls: Any, had: dict[str, Any]) -> None:
        super().__init__(**{**had, **cls.__members__}, __members__=dict(cls.__members__))
        self._each = tuple(EnumMeta.__iter__(cls))

    def __iter__(self) -> Iterator[Any]:
        yield from self._each

    def __reversed__(self) -> Iterator[Any]:
        yield from reversed(self._each)

    def __len__(self) -> int:
        return len(self._each)

    def __getitem__(self, name: str) -> Any:
        return self.__members__[name]


def plan_members(old: Any, fresh: type[Enum], changed: set[str], transaction: Transaction) -> None:
    """Plan that `old` gets the members of `fresh` that it lacks, in their order.

    Args:
        old: the live enumeration.
        fresh: what running its new statement has made.
        changed: the names that changed statements bind.
        transaction: takes the writes.

    Raises:
        Refused: a member changed its value or is gone, which would make live members untrue.
    """
    _check(old, fresh, changed)
    members = _Members(old, fresh, transaction)
    members.plan()
    for name, value in vars(fresh).items():
        is_data = name in changed and name not in fresh.__members__
        if is_data or name in _SUMS:
            transaction.set_member(old, name, value)


def _check(old: type[Enum], fresh: type[Enum], changed: set[str]) -> None:
    if old.__bases__ != fresh.__bases__:
        raise Refused(
            f"the bases of {old.__qualname__!r} changed, and with them what its members are; "
            "evaluate the class to make a new one"
        )
    has = fresh.__members__
    for name, member in old.__members__.items():
        if name not in has or _differ(member.value, has[name].value, surely=name in changed):
            raise Refused(
                f"member {name!r} of {old.__qualname__!r} changed or is gone, and live code may "
                "hold it; evaluate the class to make a new one"
            )


def _differ(old: Any, new: Any, *, surely: bool) -> bool:
    """Whether a value changed: one that the text makes anew each time may only seem to."""
    comparable = type(old) is type(new) and isinstance(old, _PLAIN)
    return bool(old != new) and (comparable or surely)


class _Members:
    """The members of the live enumeration as they will be."""

    __slots__ = ("_fresh", "_live", "_old", "_transaction")

    def __init__(self, old: Any, fresh: Any, transaction: Transaction) -> None:
        self._old = old
        self._fresh = fresh
        self._transaction = transaction
        had, has = old.__members__, fresh.__members__
        self._live = {id(has[name]): member for name, member in had.items()}
        """The live member by its twin in the new enumeration."""

    def plan(self) -> None:
        """Plan the writes."""
        old, fresh = self._old, self._fresh
        names = list(fresh.__members__)
        members = {name: self._member(name) for name in names}
        new = [name for name in names if name not in old.__members__]
        canonical = {*old._member_names_, *(n for n in fresh._member_names_ if n in new)}
        canonical -= {name for name in new if members[name]._name_ != name}
        for name in new:
            if name in vars(fresh):
                self._transaction.set_member(old, name, self._attribute(name, members[name]))
        self._exchange(old._member_map_, members)
        kept = list(old._member_names_)
        order = [name for name in names if name in canonical]
        self._write(
            partial(_fill_list, old._member_names_, order),
            partial(_fill_list, old._member_names_, kept),
        )
        for place, name in enumerate(order):
            self._note_place(members[name], place)

    def _member(self, name: str) -> Any:
        """Return the live member of a name, or plan that a new one becomes live."""
        twin = self._fresh.__members__[name]
        if id(twin) not in self._live:
            self._live[id(twin)] = self._named(twin) or self._adopted(twin)
        return self._live[id(twin)]

    def _named(self, twin: Any) -> Any:
        """Plan that a combination of flags that is alive already gets its name, and return it."""
        try:
            live = self._old._value2member_map_.get(twin._value_)
        except TypeError:
            return None
        if live is None or live._name_ in self._old.__members__:
            return None
        self._write(
            partial(_put, live, "_name_", twin._name_), partial(_put, live, "_name_", live._name_)
        )
        return live

    def _adopted(self, twin: Any) -> Any:
        for attribute in ("__class__", "__objclass__"):
            self._write(
                partial(_put, twin, attribute, self._old),
                partial(_put, twin, attribute, type(twin)),
            )
        values = self._old._value2member_map_
        try:
            self._transaction.set_item(values, twin._value_, twin)
        except TypeError:  # an unhashable value is found by comparing
            pass
        return twin

    def _attribute(self, name: str, member: Any) -> Any:
        """Return what the class holds under a member's name: it, or what leads to it."""
        made = vars(self._fresh)[name]
        return member if isinstance(made, self._fresh) else made

    def _note_place(self, member: Any, place: int) -> None:
        for attribute, value in (("_sort_order_", place), ("_inverted_", None)):
            if attribute in getattr(member, "__dict__", ()):
                before = vars(member)[attribute]
                self._write(
                    partial(_put, member, attribute, value),
                    partial(_put, member, attribute, before),
                )

    def _exchange(self, holder: dict[str, Any], items: dict[str, Any]) -> None:
        self._write(partial(_fill, holder, items), partial(_fill, holder, dict(holder)))

    def _write(self, do: partial[Any], undo: partial[Any]) -> None:
        self._transaction.call(do, undo)


def _fill(holder: dict[str, Any], items: dict[str, Any]) -> None:
    holder.clear()
    holder.update(items)


def _fill_list(holder: list[str], items: list[str]) -> None:
    holder[:] = items
