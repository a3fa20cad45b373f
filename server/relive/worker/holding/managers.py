"""Whether a context manager would swallow an exception, judged without asking it."""

from __future__ import annotations

from types import FunctionType

from relive.worker.holding.bytecode import instructions
from relive.worker.holding.handlers import CLAUSES, kind_of
from relive.worker.holding.resolving import Called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.holding.bytecode import Code
    from relive.worker.holding.catching import Catching

_EXPECTING = {
    ("unittest.case", "assertRaises"),
    ("unittest.case", "assertRaisesRegex"),
    ("_pytest.python_api", "raises"),
    ("_pytest.raises", "raises"),
}
_EXPECTING_MODULES = {module for module, _ in _EXPECTING}
"""Functions whose managers expect the exceptions that are their first argument."""


def swallows(manager: Any, error: BaseException, catching: Catching) -> bool:
    """Whether `manager`, or what a call would return, swallows `error`."""
    if isinstance(manager, Called):
        return _would(manager, error, catching)
    cls = type(manager)
    types = _expected(manager)
    if types is not None:
        return _is_one(error, types)
    if _is_module(cls, "contextlib") and hasattr(manager, "gen"):
        frame = getattr(manager.gen, "gi_frame", None) or getattr(manager.gen, "ag_frame", None)
        return frame is not None and catching.catches(frame, frame.f_lasti // 2, error)
    return _always_true(getattr(cls, "__exit__", None))


def _expected(manager: Any) -> Any:
    """Return the types that a manager of the standard library or of pytest swallows."""
    cls = type(manager)
    if cls.__name__ == "suppress" and _is_module(cls, "contextlib"):
        return manager._exceptions
    if cls.__module__ in _EXPECTING_MODULES:
        return getattr(manager, "expected", getattr(manager, "expected_exception", None))
    return None


def _is_module(value: Any, name: str) -> bool:
    return getattr(value, "__module__", None) == name


def _is_one(error: BaseException, types: Any) -> bool:
    try:
        return isinstance(error, types)
    except TypeError:
        return False


def _would(call: Called, error: BaseException, catching: Catching) -> bool:
    function = call.function
    name = getattr(function, "__module__", ""), getattr(function, "__name__", "")
    if name == ("contextlib", "suppress"):
        return any(_is_one(error, each) for each in call.arguments)
    if name in _EXPECTING:
        return any(_is_one(error, each) for each in call.arguments[:1])
    wrapped = getattr(function, "__wrapped__", None)
    if isinstance(wrapped, FunctionType) and wrapped.__code__.co_flags & 0x20:
        return _yield_is_guarded(wrapped, error, catching)
    if isinstance(function, type):
        return _always_true(getattr(function, "__exit__", None))
    return False


def _yield_is_guarded(function: FunctionType, error: BaseException, catching: Catching) -> bool:
    """Whether a generator that a manager was made of catches at one of its `yield`s."""
    flow = catching.flow(function.__code__)
    for each in flow.instructions:
        handler = flow.handler(each.start) if each.name == "YIELD_VALUE" else None
        if handler is not None and kind_of(flow, handler.target) == CLAUSES:
            return catching.clauses_match(function, flow, handler.target, error)
    return False


def _always_true(function: Any) -> bool:
    """Whether an `__exit__` returns a constant that is true."""
    if not isinstance(function, FunctionType):
        return False
    code: Code = function.__code__
    last = -1
    for each in instructions(code.co_code):
        returned = each.arg if each.name == "RETURN_CONST" else last
        if each.name.startswith("RETURN_") and returned >= 0 and code.co_consts[returned]:
            return True
        last = each.arg if each.name == "LOAD_CONST" else -1
    return False
