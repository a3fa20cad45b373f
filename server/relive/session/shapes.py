"""What the worker says, checked against the shapes of its messages before anyone acts on it.

The worker runs user code, which can write whatever it likes to the worker's descriptors. After
this check a message has every field its shape names, each of the right kind, and no number that
JSON or an editor could not hold.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from relive.wire.frames import FrameError

_ANY_OF_KIND = (str, bool, type(None))
"""Of these each is right, which to see needs no further call: most fields are of them."""
_ABSENT = object()
_MAX_NUMBER = 2**53 - 1
"""Above it JavaScript, and so an editor, does not tell neighbouring integers apart."""

Check = Callable[[Any], "str | None"]
"""Returns what is wrong with a value, beginning with where in it; None if nothing is."""


class Shapes:
    """The kinds of messages that may come on one channel."""

    def __init__(self, kinds: Iterable[type]) -> None:
        self._kinds = {op: kind for kind in kinds for op in _ops(kind)}
        self._checks: dict[str, Check] = {}
        """Of the kinds that have come: to read a shape takes long, and most never come."""

    def check(self, message: dict[str, Any]) -> None:
        """Check a message.

        Raises:
            FrameError: it is none of the kinds, or does not have the shape of its kind.
        """
        op = message["op"]
        check = self._checks.get(op) or self._first(op)
        wrong = check(message)
        if wrong is not None:
            raise FrameError(f"{op}{wrong}")

    def _first(self, op: str) -> Check:
        kind = self._kinds.get(op)
        if kind is None:
            raise FrameError(f"{op[:40]!r} is no message of this channel")
        return self._checks.setdefault(op, _check(kind))


def _ops(kind: type) -> tuple[str, ...]:
    """Return what messages of a kind are called, without a look at the rest of their shape."""
    op = types.SimpleNamespace(__annotations__={"op": kind.__annotations__["op"]})
    return get_args(get_type_hints(op, vars(sys.modules[kind.__module__]))["op"])


def _check(kind: Any) -> Check:
    origin = get_origin(kind)
    if is_typeddict(kind):
        return _fields(get_type_hints(kind))
    return _SIMPLE[kind] if origin is None else _COMPOSITE[origin](get_args(kind))


def _fields(kinds: dict[str, Any]) -> Check:
    checks = [(name, _at_once(kind), _check(kind)) for name, kind in kinds.items()]

    def check(value: Any) -> str | None:
        if type(value) is not dict:
            return " is not an object"
        for name, at_once, each in checks:
            field = value.get(name, _ABSENT)
            if type(field) in at_once:
                continue
            if field is _ABSENT:
                return f".{name} is missing"
            wrong = each(field)
            if wrong is not None:
                return f".{name}{wrong}"
        return None if len(value) == len(checks) else " has a field that it should not have"

    return check


def _at_once(kind: Any) -> frozenset[type]:
    """Return the classes of values that are right whatever they are, if the field is of `kind`."""
    is_one_of = get_origin(kind) in (Union, types.UnionType)
    kinds = get_args(kind) if is_one_of else (kind,)
    return frozenset(each for each in _ANY_OF_KIND if each in kinds)


def _either(kinds: tuple[Any, ...]) -> Check:
    checks = [_check(kind) for kind in kinds]
    first, may_be_null = checks[0], type(None) in kinds

    def check(value: Any) -> str | None:
        if value is None and may_be_null:
            return None
        wrong = first(value)
        return None if wrong is None or any(each(value) is None for each in checks) else wrong

    return check


def _items(kinds: tuple[Any, ...]) -> Check:
    item = _check(kinds[0])

    def check(value: Any) -> str | None:
        if type(value) is not list:
            return " is not a list"
        for number, each in enumerate(value):
            wrong = item(each)
            if wrong is not None:
                return f"[{number}]{wrong}"
        return None

    return check


def _values(kinds: tuple[Any, ...]) -> Check:
    item = _check(kinds[1])

    def check(value: Any) -> str | None:
        if type(value) is not dict:
            return " is not an object"
        return next((f".*{wrong}" for wrong in map(item, value.values()) if wrong), None)

    return check


def _each(kinds: tuple[Any, ...]) -> Check:
    checks = [_check(kind) for kind in kinds]

    def check(value: Any) -> str | None:
        if type(value) is not list or len(value) != len(checks):
            return f" is not a list of {len(checks)}"
        for number, each in enumerate(checks):
            wrong = each(value[number])
            if wrong is not None:
                return f"[{number}]{wrong}"
        return None

    return check


def _one_of(choices: tuple[Any, ...]) -> Check:
    return lambda value: None if value in choices else f" is none of {', '.join(choices)}"


def _integer(value: Any) -> str | None:
    fits = type(value) is int and abs(value) <= _MAX_NUMBER
    return None if fits else " is not an integer"


def _number(value: Any) -> str | None:
    fits = type(value) in (int, float) and isfinite(value) and abs(value) <= _MAX_NUMBER
    return None if fits else " is not a number"


def _exactly(kind: type, name: str) -> Check:
    return lambda value: None if type(value) is kind else f" is not {name}"


_COMPOSITE: dict[Any, Callable[[tuple[Any, ...]], Check]] = {
    Union: _either,
    types.UnionType: _either,
    list: _items,
    dict: _values,
    tuple: _each,
    Literal: _one_of,
}
_SIMPLE: dict[Any, Check] = {
    Any: lambda value: None,
    int: _integer,
    float: _number,
    str: _exactly(str, "a text"),
    bool: _exactly(bool, "a truth value"),
    type(None): _exactly(type(None), "null"),
}
