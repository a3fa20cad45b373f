"""Dataclasses that share their methods are what the standard library makes of them."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relive.source.quick_dataclasses import dataclass

VALUES = st.one_of(st.integers(-1, 1), st.sampled_from(["", "x", (1, 2)]))
KINDS = ({}, {"frozen": True}, {"eq": False}, {"frozen": True, "eq": False})
FIELDS = {
    "none": {},
    "one": {"a": None},
    "two": {"a": None, "b": dataclasses.field(default=0)},
    "one compared": {"a": None, "b": dataclasses.field(default=0, compare=False)},
    "one shown": {"a": None, "b": dataclasses.field(default=0, repr=False)},
}


def made(decorator: Callable[..., Any], options: dict[str, bool], fields: dict[str, Any]) -> Any:
    names = {"__annotations__": dict.fromkeys(fields, "object"), "__qualname__": "f.<locals>.Made"}
    values = {name: value for name, value in fields.items() if value is not None}
    cls = type("Made", (), {"__module__": __name__, **names, **values})
    return decorator(**options)(cls)


def said(kind: Any, one: tuple[object, ...], other: tuple[object, ...]) -> list[Any]:
    """Return all that can be asked of two objects."""
    first, second = kind(*one), kind(*other)
    hashes = kind.__hash__ is object.__hash__ or kind.__hash__
    told = [first == second, first != second, first == 1, first.__eq__(1), repr(first)]
    same = hash(first) == hash(kind(*one)) if hashes is not None else None
    parts = [dataclasses.asdict(first), kind.__match_args__, bool(hashes), same]
    return told + parts + ([] if hashes is None else [hash(first) == hash(one) or len(one) > 1])


@pytest.mark.parametrize("options", KINDS, ids=str)
@pytest.mark.parametrize("fields", FIELDS)
@given(st.tuples(VALUES, VALUES), st.tuples(VALUES, VALUES))
def test_they_are_the_same(
    options: dict[str, bool],
    fields: str,
    one: tuple[object, object],
    other: tuple[object, object],
) -> None:
    kinds = (made(each, options, FIELDS[fields]) for each in (dataclass, dataclasses.dataclass))
    count = len(FIELDS[fields])
    quick, plain = (said(each, one[:count], other[:count]) for each in kinds)
    assert quick == plain


@dataclass(frozen=True)
class Frozen:
    a: object
    b: object = None


@dataclass
class Own:
    a: int

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 5

    def __repr__(self) -> str:
        return "own"


@dataclass(frozen=True)
class Inherited(Frozen):
    c: object = None


def test_frozen_ones_are_frozen_and_travel() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Frozen(1).a = 2  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(Frozen(1, 2))) == Frozen(1, 2)
    assert dataclasses.replace(Frozen(1), b=3) == Frozen(1, 3)


def test_of_another_class_none_is_equal() -> None:
    assert Frozen(1) != Inherited(1)
    assert Inherited(1, 2, 3) == Inherited(1, 2, 3)
    assert Inherited(1, 2, 3) != Inherited(1, 2, 4)
    assert len({Frozen(1), Frozen(1), Inherited(1)}) == 2


def test_what_a_class_says_itself_stays() -> None:
    assert (Own(1) == 7, hash(Own(1)), repr(Own(1))) == (True, 5, "own")


def test_one_that_holds_itself_is_told() -> None:
    inside: list[object] = []
    whole = Frozen(inside)
    inside.append(whole)
    assert repr(whole) == "Frozen(a=[...], b=None)"
