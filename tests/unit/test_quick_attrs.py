"""Classes that share their methods are what attrs makes of them, told by all that can be asked."""

from __future__ import annotations

import subprocess
import sys

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relive.lsp.quick_attrs import message, sharing

LOADED = """
import contextlib, sys
from relive.lsp.loading import quickly
with quickly() if sys.argv[1] == "quickly" else contextlib.nullcontext():
    import attrs
    from lsprotocol import types
    define = attrs.define
assert define.__module__ == "attr._next_gen"
for name, cls in sorted(vars(types).items()):
    if not attrs.has(cls):
        continue
    given = {each.name.lstrip("_"): index for index, each in enumerate(attrs.fields(cls))}
    with attrs.validators.disabled():
        one, same, other = cls(**given), cls(**given), cls(**{name: -1 for name in given})
    said = [cls.__slots__, cls.__match_args__, cls.__hash__ is None, one == same, one != same]
    print(name, *said, one == other, one == 1, one.__eq__(1), repr(one))
"""


def test_types_of_lsp_are_the_same() -> None:
    told = {
        how: subprocess.run(
            (sys.executable, "-c", LOADED, how), capture_output=True, text=True, check=True
        ).stdout
        for how in ("quickly", "as ever")
    }
    assert told["quickly"].count("\n") > 400
    assert told["quickly"] == told["as ever"]


def made(decorator: object) -> type:
    namespace = {"__annotations__": {"a": "object", "b": "object"}, "b": 0}
    return decorator(type("Outer.Made", (), {"__qualname__": "f.<locals>.Made", **namespace}))  # type: ignore[operator, no-any-return]


QUICK, PLAIN = made(message), made(attrs.frozen)
VALUES = st.one_of(st.integers(-1, 1), st.sampled_from(["", "x", (1, 2)]))


@given(st.tuples(VALUES, VALUES), st.tuples(VALUES, VALUES))
def test_messages_are_the_same(one: tuple[object, object], other: tuple[object, object]) -> None:
    quick, plain = ([kind(*one), kind(*other)] for kind in (QUICK, PLAIN))
    assert (quick[0] == quick[1]) == (plain[0] == plain[1])
    assert (quick[0] != quick[1]) == (plain[0] != plain[1])
    assert [repr(each) for each in quick] == [repr(each) for each in plain]
    assert quick[0] != quick[1] or len(set(quick)) == 1
    assert (quick[0] == plain[0]) is False


def test_messages_are_frozen() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        QUICK(1, 2).a = 3


def test_of_another_class_none_is_equal() -> None:
    inherited = message(type("Inherited", (QUICK,), {}))
    assert QUICK(1, 2) != inherited(1, 2)
    assert inherited(1, 2) == inherited(1, 2)


def test_what_a_class_says_itself_stays() -> None:
    class Own:  # noqa: PLW1641 - attrs is to see that it has none
        def __eq__(self, other: object) -> bool:
            return True

        def __repr__(self) -> str:
            return "own"

    told = sharing(attrs.define)(Own)()
    assert told == 1
    assert repr(told) == "own"
    assert type(told).__hash__ is None
