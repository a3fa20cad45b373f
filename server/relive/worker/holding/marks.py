"""What dressed code calls, and how it is known: constants of its own, and no name.

Code may be sent to another process by value. There the constants become something that does
nothing, and the exception goes on as it would have.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from relive.worker.holding.bytecode import Code

    Judge = Callable[[FrameType, tuple[Any, ...], tuple[Any, ...], bool, "int | None"], Any]


class _Mark:
    """A constant of dressed code."""

    def __reduce__(self) -> tuple[Any, ...]:
        from collections import deque

        return getattr, (deque(maxlen=0), "append")


class Hook(_Mark):
    """Called in a failing frame: with what its blocks keep on the stack, and its cells.

    In handlers also with the place of the instruction that raised, as the interpreter knows it.
    """

    def __init__(self, *, outermost: bool) -> None:
        self._outermost = outermost

    def __call__(
        self, kept: tuple[Any, ...], place: int | None, cells: tuple[Any, ...] = ()
    ) -> Any:
        """Return how to go on, as `Go` has it: its way, and what."""
        return judging[0](sys._getframe(1), kept, cells, self._outermost, place)


class Strip(_Mark):
    """Called in a frame that something else was returned for, and failed."""

    def __call__(self) -> None:
        """Take the frame out of the traceback: what runs in its place is in it already."""
        error = sys.exc_info()[1]
        if error is not None and error.__traceback__ is not None:
            error.__traceback__ = error.__traceback__.tb_next


def _goes_on(*_about: Any) -> tuple[Any, Any]:
    return False, sys.exc_info()[1]


judging: list[Judge] = [_goes_on]
"""The one that decides; dressed code outlives whoever made it."""
HOOK = Hook(outermost=False)
ADDED = HOOK, Hook(outermost=True), Strip(), None, StopAsyncIteration
"""What dressing adds to the constants, and behind them what the code was before."""


class Plain:
    """What dressed code was before."""

    def __init__(self, told: tuple[int, bytes, int, int]) -> None:
        self.units, self.handlers, self.lines, self.stack = told


def plain_of(code: Code) -> Plain | None:
    """Return what dressed code was before; None for other code."""
    consts = code.co_consts
    if len(consts) < _OURS or consts[-_OURS] is not HOOK:
        return None
    return Plain(consts[-1])


_OURS = len(ADDED) + 1


def undressed(code: Code) -> Code:
    """Return the code as it was compiled, and so the code inside it."""
    inner = [undressed(each) if type(each) is type(code) else each for each in code.co_consts]
    plain = plain_of(code)
    if plain is None:
        return code.replace(co_consts=tuple(inner))
    return code.replace(
        co_code=code.co_code[: 2 * plain.units],
        co_exceptiontable=plain.handlers,
        co_linetable=code.co_linetable[: plain.lines],
        co_stacksize=plain.stack,
        co_consts=tuple(inner[:-_OURS]),
    )
