"""The newest code of a function that a frame runs."""

from __future__ import annotations

from types import FunctionType

from relive.worker.holding.bytecode import codes_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from relive.worker.holding.bytecode import Code

_UNDER = ("__func__", "func", "__wrapped__", "fget", "fset", "fdel", "wrapped")


def newest_code(frame: FrameType) -> Code | None:
    """Return the code that the function's definition has now; None where that is not in view."""
    code: Code = frame.f_code
    head, *inner = code.co_qualname.split(".<locals>.")
    if head == "<module>":
        return code
    found = _function(frame.f_globals, head, head if inner else code.co_qualname, code)
    for name in inner:
        found = None if found is None else _inner(found, name, code)
    return found


def _function(scope: dict[str, Any], dotted: str, qualname: str, code: Code) -> Code | None:
    first, *names = dotted.split(".")
    value: Any = scope.get(first)
    owner = first
    for name in names:
        if not isinstance(value, type):
            return None
        members = vars(value)
        value = members.get(name, members.get(f"_{owner.lstrip('_')}{name}"))
        owner = name
    return _code_under(value, qualname, (code.co_filename, scope), depth=4)


def _code_under(
    value: Any, qualname: str, at: tuple[str, dict[str, Any]], depth: int
) -> Code | None:
    if isinstance(value, FunctionType):
        code: Code = value.__code__
        if code.co_qualname == qualname and _is_at(value, *at):
            return code
    if depth:
        for name in _UNDER:
            try:
                below = vars(value).get(name) if name == "__wrapped__" else getattr(value, name)
            except Exception:  # most things have no such attribute; some raise what they like
                continue
            found = _code_under(below, qualname, at, depth - 1)
            if found is not None:
                return found
    return None


def _is_at(function: FunctionType, file: str, scope: dict[str, Any]) -> bool:
    """Whether a function is of the file, or of the module where one of the two is of no file."""
    files = function.__code__.co_filename, file
    is_loose = any(each.startswith("<") for each in files)
    return files[0] == files[1] or (is_loose and function.__globals__ is scope)


def _inner(code: Code, dotted: str, like: Code) -> Code | None:
    """Return what stands in `code` under a name, through classes in it."""
    first, _, rest = dotted.partition(".")
    fitting = [each for each in codes_in(code) if each.co_name == first]
    if like.co_name == first and not rest:
        same = [each for each in fitting if each.co_linetable == like.co_linetable]
        fitting = same or fitting
    if len(fitting) != 1:
        return None
    return _inner(fitting[0], rest, like) if rest else fitting[0]
