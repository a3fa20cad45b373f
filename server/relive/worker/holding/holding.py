"""Holding errors: the one object that the rest of the worker knows of it."""

from __future__ import annotations

import sys
from _thread import get_ident

from relive.worker.compiling import prepare_with
from relive.worker.own import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from relive.worker.holding.going_on import Go
    from relive.worker.holding.holds import Hold
    from relive.worker.holding.hook import Judge
    from relive.worker.holding.live import FunctionOf

FIRST, LAST = (3, 11), (3, 13)
"""The CPython versions whose bytecode is known here."""


def why_not_here() -> str | None:
    """Return None, or why this interpreter cannot hold errors."""
    version = sys.version_info[:2]
    if sys.implementation.name != "cpython":
        return f"errors are held in CPython only, not in {sys.implementation.name}"
    if version < FIRST:
        return "errors are held from Python 3.11 on: before, code that can would run slower"
    if version > LAST:
        return f"errors are not held yet in Python {version[0]}.{version[1]}"
    return None


class Holding:
    """Decides about exceptions in user code; off until `mode` is set."""

    def __init__(self, pause: Callable[[Hold], Go], function_of: FunctionOf) -> None:
        """Make it.

        Args:
            pause: called on the thread that failed, inside the failing frame. It returns what one
                of the methods of `Hold` returned. It may take as long as it likes, run other user
                code meanwhile, and be called again inside itself.
            function_of: says which function has had a code until it got another.
        """
        self._pause = pause
        self._function_of = function_of
        self._mode = "off"
        self._judge: Judge | None = None
        self._regions: set[CodeType] = set()

    @property
    def mode(self) -> str:
        """Whose errors are held: `off`, `evaluated` or `workspace`.

        That is of code that was evaluated or redefined, or of the workspace's modules too.
        """
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        """Hold from now on; code that is compiled from now on, if it was off before.

        Raises:
            ValueError: this interpreter cannot; with the reason.
        """
        reason = None if mode == "off" else why_not_here()
        if reason is not None:
            raise ValueError(reason)
        self._mode = mode
        if mode != "off" or self._judge is not None:
            self._judging().is_on = mode != "off"

    @property
    def rest_waits(self) -> bool:
        """Whether further statements of the request are still to run.

        A simple statement at top level that fails is held only then: else evaluating it again is
        the same.
        """
        return self._judge is not None and self._judge.rest_waits

    @rest_waits.setter
    def rest_waits(self, waits: bool) -> None:
        if self._judge is not None:
            self._judge.rest_waits = waits

    def watch(self, region: CodeType) -> None:
        """Hold errors of what the function with the code `region` runs.

        Only what has a region below it is user code that somebody waits for; in what Relive runs
        for itself, such as a `__repr__`, nothing is held. Not needed for threads of the user's.
        """
        self._regions.add(region)
        if self._judge is not None:
            self._judge.regions.add(id(region))

    def __enter__(self) -> Holding:
        """Hold nothing on this thread until `__exit__`."""
        if self._judge is not None:
            self._judge.quiet.add(get_ident())
        return self

    def __exit__(self, *_error: object) -> None:
        if self._judge is not None:
            self._judge.quiet.discard(get_ident())

    def _judging(self) -> Judge:
        if self._judge is None:
            self._judge = own("relive.worker.holding.hook").Judge(self._pause, self._function_of)
            self._judge.regions |= {id(each) for each in self._regions}
            marks = own("relive.worker.holding.marks")
            marks.judging[0] = self._judge
            preparing = own("relive.worker.holding.preparing").Preparing
            prepare_with(preparing(self._judge.texts, lambda: self._mode == "workspace"))
        return self._judge
