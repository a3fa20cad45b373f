"""How functions and classes are called, read from their code objects: nothing of theirs runs.

`inspect.signature` would ask `__signature__`, `__wrapped__` and whatever a metaclass answers.
"""

from __future__ import annotations

from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    WrapperDescriptorType,
)

from relive.worker.bare import Kinds, looked_up, own_names
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


def function_of(value: Any) -> tuple[FunctionType, bool] | None:
    """Return the function that calling `value` runs, and whether its first parameter is taken."""
    kind = type(value)
    if kind is FunctionType:
        return value, False
    if kind is MethodType:
        return (value.__func__, True) if type(value.__func__) is FunctionType else None
    if kind in _WRAPPERS:
        inner = value.__func__
        return (inner, kind is classmethod) if type(inner) is FunctionType else None
    if issubclass(kind, type):
        return _constructor(value)
    call = looked_up(kind, "__call__")
    return (call, True) if type(call) is FunctionType else None


def _constructor(cls: type) -> tuple[FunctionType, bool] | None:
    for base in type.mro(cls):
        for name in ("__init__", "__new__"):
            found = own_names(base).get(name)
            found = found.__func__ if type(found) is staticmethod else found
            if type(found) is FunctionType:
                return found, True
    return None


def parameters(value: Any) -> list[str] | None:
    """Return the parameters to call `value` with, each as it is written; None: not known."""
    found = function_of(value)
    if found is not None:
        function, bound = found
        return list(_of_code(function))[1 if bound and function.__code__.co_argcount else 0 :]
    return _of_text(value)


def parameter_names(value: Any) -> list[str]:
    """Return the names that arguments can be given by."""
    found = function_of(value)
    if found is None:
        return []
    function, bound = found
    code = function.__code__
    first = max(code.co_posonlyargcount, 1 if bound and code.co_argcount else 0)
    return list(code.co_varnames[first : code.co_argcount + code.co_kwonlyargcount])


def _of_code(function: FunctionType) -> Iterator[str]:
    code, defaults = function.__code__, function.__defaults__ or ()
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
    given = function.__kwdefaults__ or {}
    for name in names[count:total]:
        yield _with_default(name, (given[name],) if name in given else ())
    if code.co_flags & _HAS_KEYWORDS:
        yield f"**{names[total + rest]}"


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
    return [each for each in _split(text.strip()[1:-1]) if each and not each.startswith("$")]


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
