"""How functions and classes are called, read from their code objects: nothing of theirs runs.

`inspect.signature` would ask `__signature__`, and whatever a metaclass answers. What a wrapper
stands for (`__wrapped__`) and what a partial is of are looked up as they lie there.
"""

from __future__ import annotations

import _functools  # type: ignore[import-not-found]  # in C: it loads less
from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)

from relive.worker.bare import Kinds, looked_up, own_names
from relive.worker.parts import attributes_of
from relive.worker.render import bounded_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_MAX_DEFAULT = 40
_HAS_REST, _HAS_KEYWORDS = 0x04, 0x08
_IN_C = Kinds([BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType])
_text_of_class = type.__dict__["__text_signature__"].__get__
_WRAPPERS = Kinds([classmethod, staticmethod])
_MOST_STEPS = 50
"""From wrapper to what is wrapped; one can be made to wrap itself."""
_ABSENT = object()
_PLACEHOLDER = getattr(_functools, "Placeholder", _ABSENT)
"""Stands for an argument of a partial that is still to be given; from Python 3.14 on."""
_partial: Any = _functools.partial
_func_of, _arguments_of, _keywords_of = (
    vars(_partial)[name].__get__ for name in ("func", "args", "keywords")
)
CACHED: Any = _functools._lru_cache_wrapper
"""What `functools.lru_cache` makes of a function; of an instance it is a method, as that is."""


def parameters(value: Any) -> list[str] | None:
    """Return the parameters to call `value` with, each as it is written; None: not known."""
    return _parameters(value, _MOST_STEPS)


def parameter_names(value: Any) -> list[str]:
    """Return the names that arguments can be given by."""
    told = parameters(value) or []
    begin = told.index("/") + 1 if "/" in told else 0
    return [_name(each) for each in told[begin:] if each[:1] != "*"]


def function_of(value: Any) -> FunctionType | None:
    """Return the function that a function, or a method, hands its arguments to in the end."""
    for _ in range(_MOST_STEPS):
        if type(value) is MethodType:
            value = value.__func__
        wrapped = _wrapped(value)
        if wrapped is _ABSENT:
            break
        value = wrapped
    return value if type(value) is FunctionType else None


def _parameters(value: Any, steps: int) -> list[str] | None:
    if not steps:  # it wraps itself
        return None
    wrapped = _wrapped(value)
    if wrapped is not _ABSENT:
        told = _parameters(wrapped, steps - 1)
        if told is not None:
            return told
    kind = type(value)
    if kind is FunctionType:
        return list(_of_code(value))
    if kind is _partial:
        told = _parameters(_func_of(value), steps - 1)
        return told and _left(told, _arguments_of(value), _keywords_of(value))
    called = _called(value)
    if called is None:
        return _of_text(value)
    told = _parameters(called[0], steps - 1)
    return _without_first(told) if told is not None and called[1] else told


def _called(value: Any) -> tuple[Any, bool] | None:
    """Return what is called in the place of `value`, and whether it is given a first argument."""
    kind = type(value)
    if kind is MethodType:
        return value.__func__, True
    if kind in _WRAPPERS:
        return value.__func__, kind is classmethod
    found = _constructor(value) if issubclass(kind, type) else looked_up(kind, "__call__")
    return (found, True) if type(found) is FunctionType else None


def _constructor(cls: type) -> FunctionType | None:
    for base in type.mro(cls):
        for name in ("__init__", "__new__"):
            found = own_names(base).get(name)
            found = found.__func__ if type(found) is staticmethod else found
            if type(found) is FunctionType:
                return found
    return None


def _wrapped(value: Any) -> Any:
    """Return what `functools.wraps` and the like have noted that a callable stands for."""
    kind = type(value)
    if issubclass(kind, (type, ModuleType)) or looked_up(kind, "__call__") is None:
        return _ABSENT
    return attributes_of(value).get("__wrapped__", _ABSENT)


def _without_first(told: list[str]) -> list[str]:
    """Return parameters but for the one that is given an instance, or a class."""
    rest = told[1:] if told and told[0][:1] != "*" else told
    return rest[1:] if rest[:1] == ["/"] else rest


def _left(told: list[str], given: tuple[Any, ...], named: dict[str, Any]) -> list[str]:
    """Return the parameters that a partial leaves, as `inspect.signature` tells them."""
    end = next((n for n, each in enumerate(told) if each[:1] == "*"), len(told))
    places, rest = _not_given(told[:end], given), told[end:]
    values = _by_name(named)
    begin = places.index("/") if "/" in places else 0
    turned = next((n for n in range(begin, len(places)) if _name(places[n]) in values), None)
    if turned is not None:  # what comes after a parameter that has a value is given by name
        by_name = [each for each in rest if each[:1] != "*" or each[:2] == "**"]
        places, rest = places[:turned], ["*", *places[turned:], *by_name]
    return places + [
        _with_default(_name(each), (values[_name(each)],)) if _name(each) in values else each
        for each in rest
    ]


def _not_given(places: list[str], given: tuple[Any, ...]) -> list[str]:
    """Return the parameters by position that arguments leave; a placeholder leaves its own."""
    only = places.index("/") if "/" in places else 0
    names = [each for each in places if each != "/"]
    holes = [n for n, each in enumerate(given) if each is _PLACEHOLDER]
    only = max(only, holes[-1] + 1) if holes else only
    left = [n for n in range(len(names)) if n >= len(given) or n in holes]
    by_place = [names[n] for n in left if n < only]
    return [*by_place, *(["/"] if by_place else []), *(names[n] for n in left if n >= only)]


def _name(parameter: str) -> str:
    """Return the name of a parameter that is written with a default, or an annotation."""
    return parameter.partition("=")[0].partition(":")[0].strip()


def _of_code(function: FunctionType) -> Iterator[str]:
    code, defaults, named = function.__code__, _defaults(function), _named_defaults(function)
    names, count = code.co_varnames, code.co_argcount
    total = count + code.co_kwonlyargcount
    rest = bool(code.co_flags & _HAS_REST)
    for number in range(count):
        default = number - (count - len(defaults))
        yield _with_default(names[number], defaults[default : default + 1] if default >= 0 else ())
        if number + 1 == code.co_posonlyargcount:
            yield "/"
    if rest or code.co_kwonlyargcount:
        yield f"*{names[total]}" if rest else "*"
    for name in names[count:total]:
        yield _with_default(name, (named[name],) if name in named else ())
    if code.co_flags & _HAS_KEYWORDS:
        yield f"**{names[total + rest]}"


def _defaults(function: FunctionType) -> tuple[Any, ...]:
    """Return them, past what a tuple of the user's own class says of itself."""
    found = function.__defaults__
    return () if found is None else tuple.__getitem__(found, slice(None))


def _named_defaults(function: FunctionType) -> dict[str, Any]:
    found = function.__kwdefaults__
    return {} if found is None else _by_name(found)


def _by_name(found: dict[Any, Any]) -> dict[str, Any]:
    """Return a plain dict of what a dict of whatever class holds by texts."""
    return {key: held for key, held in dict.items(found) if type(key) is str}


def _with_default(name: str, default: tuple[Any, ...]) -> str:
    if not default:
        return name
    return f"{name}={bounded_repr(default[0], _MAX_DEFAULT, 0.05, 2, asks=False)[0]}"


def _of_text(value: Any) -> list[str] | None:
    """Return what a function or class written in C says of its parameters."""
    if issubclass(type(value), type):
        text = _text_of_class(value)
    else:
        text = value.__text_signature__ if type(value) in _IN_C else None
    if type(text) is not str:
        return None
    found = [each for each in _split(text.strip()[1:-1]) if each and not each.startswith("$")]
    return found[1:] if found[:1] == ["/"] else found  # only what was bound stood before it


def _split(text: str) -> list[str]:
    """Return the parts between the commas that are in no brackets and no quotes."""
    parts, depth, quote = [""], 0, ""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        else:
            depth += (char in "([{") - (char in ")]}")
        if char == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += char
    return [each.strip() for each in parts]
