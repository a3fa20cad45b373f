"""Kinds of functions: what their callers expect, and what returns a value to them."""

from __future__ import annotations

from functools import partial

from relive.worker.holding.delegating import ASYNC_GENERATOR, COROUTINE, GENERATOR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.holding.bytecode import Code

_FLAGS = GENERATOR | COROUTINE | ASYNC_GENERATOR
_NAMES = {
    0: "function",
    GENERATOR: "generator",
    COROUTINE: "coroutine",
    ASYNC_GENERATOR: "asynchronous generator",
}


def kind_of(code: Code) -> str:
    """Return what calling a function with this code makes."""
    return _NAMES[code.co_flags & _FLAGS]


def ending(code: Code, value: Any) -> Callable[[], Any]:
    """Return what a frame of `code` that is left is to call, to return `value`."""
    return partial(_ENDS.get(code.co_flags & _FLAGS, _returned), value)


def _returned(value: Any) -> Any:
    return value


def _generated(value: Any) -> Any:
    yield from ()
    return value


async def _awaited(value: Any) -> Any:
    return value


_ENDS: dict[int, Callable[[Any], Any]] = {GENERATOR: _generated, COROUTINE: _awaited}
