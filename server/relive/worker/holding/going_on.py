"""What a failing frame does after its hold: go on unwinding, or return what something else does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Refused(Exception):  # noqa: N818 - as the engine's, no error of a program
    """What was asked for cannot be; the message says why, and nothing has happened."""


class Go:
    """How to go on, as the failing frame is told: exactly one of the three."""

    def __init__(self, way: bool | None, what: Any) -> None:
        self.way = way
        """True: return what calling `what` returns; False: go on unwinding with the exception
        `what`; None: that too, past the `except` clauses of this frame."""
        self.what = what

    @staticmethod
    def on(exception: BaseException) -> Go:
        """Unwind with `exception`."""
        return Go(False, exception)

    @staticmethod
    def past_handlers(exception: BaseException) -> Go:
        """Unwind with `exception`, which no `except` clause of the frame is asked about."""
        return Go(None, exception)

    @staticmethod
    def into(call: Callable[[], Any]) -> Go:
        """Return from the frame what `call` returns, or raise what it raises."""
        return Go(True, call)
