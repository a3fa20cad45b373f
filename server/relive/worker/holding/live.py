"""The newest code of a function that a frame runs."""

from __future__ import annotations

import ast
from types import FunctionType

from relive.worker.holding.bytecode import codes_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

    from relive.worker.holding.bytecode import Code
    from relive.worker.holding.texts import Texts

    FunctionOf = Callable[[Code], "FunctionType | None"]
    """Says which function has had a code until it got another."""

_UNDER = ("__func__", "func", "__wrapped__", "fget", "fset", "fdel", "wrapped")


class Newest:
    """Finds what a frame's function has been made since the frame was held."""

    def __init__(self, texts: Texts, frame: FrameType, function_of: FunctionOf) -> None:
        self._texts = texts
        self._function_of = function_of
        self._frame = frame
        self._code = texts.origin_of(frame.f_code)
        self._latest = texts.latest(self._code)
        self._is_named = _named(frame, self._code) is self._code
        """Whether it is found by its name: another function may have the same one."""

    def code(self) -> Code | None:
        """Return the newest code of the function; None: its text is not known."""
        found = (each for each in self._candidates() if each is not None)
        return next((each for each in found if self._texts.body_of(each) is not None), None)

    def _candidates(self) -> Iterator[Code | None]:
        named, latest = _named(self._frame, self._code), self._texts.latest(self._code)
        if self._is_named:
            yield named
        owner = self._function_of(self._code)
        if owner is not None:
            yield owner.__code__
        if named is not None and self._is_alike(named):
            yield named
        if latest is not self._latest or latest is self._code or named is None:
            yield latest
        yield self._code

    def added(self, code: Code) -> dict[str, Any]:
        """Return the defaults of parameters that `code` has, and the frame's own code had not."""
        owner = self._function_of(self._code)
        if owner is None or owner.__code__ is not code:
            return {}
        count, only = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
        defaults = owner.__defaults__ or ()
        found = dict(zip(code.co_varnames[count - len(defaults) : count], defaults))
        named = owner.__kwdefaults__ or {}
        found.update({each: named[each] for each in code.co_varnames[count:only] if each in named})
        had = {*self._code.co_varnames, *self._code.co_cellvars}
        return {name: value for name, value in found.items() if name not in had}

    def _is_alike(self, other: Code) -> bool:
        """Whether another text begins as that of the frame: then it is not that of a namesake."""
        bodies = self._texts.body_of(self._code), self._texts.body_of(other)
        heads = [None if each is None else _head(each.node) for each in bodies]
        return heads[0] is not None and heads[0] == heads[1]


def _head(node: Any) -> list[str]:
    return [ast.dump(each) for each in (*node.decorator_list, node.args)]


def _named(frame: FrameType, code: Code) -> Code | None:
    """Return the code that what has the function's name has now; None: that is not in view."""
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
