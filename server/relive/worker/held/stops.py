"""One exception that is held, and how what is asked about it is done on its thread."""

from __future__ import annotations

from _queue import SimpleQueue
from _thread import allocate_lock, get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

    from relive.worker.holding.going_on import Go
    from relive.worker.holding.holds import Hold
    from relive.worker.run import Run

NOTHING = "nothing is held under that number any more"


class RefusedHere(LookupError):  # noqa: N818 - it is no error of ours
    """What is asked for cannot be done."""


class Stop:
    """One exception that is held."""

    def __init__(self, number: int, hold: Hold, run: Run | None, evaluation: int | None) -> None:
        self.number = number
        self.hold = hold
        self.run = run
        """The evaluation that is held with it; None: it is held on another thread."""
        self.evaluation = evaluation
        self._thread = get_ident()
        self._posted: SimpleQueue[Callable[[], Go | None]] = SimpleQueue()
        self._is_over = False
        self._changing = allocate_lock()

    def wait(self) -> Go:
        """Do what is posted, until that says how to go on; called on the thread that is held."""
        while True:
            go = self._posted.get()()
            if go is not None:
                return go

    def post(self, do: Callable[[], Go | None]) -> None:
        """Have something done on the thread that is held; what it returns has that go on.

        Raises:
            RefusedHere: it has gone on.
        """
        with self._changing:
            if self._is_over:
                raise RefusedHere(NOTHING)
            self._posted.put(do)

    def end(self) -> None:
        """Note that it goes on: what was posted too late finds that out."""
        with self._changing:
            self._is_over = True
        while not self._posted.empty():
            self._posted.get()()

    def call(self, function: Callable[[], T]) -> T:
        """Call a function on the thread where it is held, and wait for it.

        Raises:
            RefusedHere: it has gone on.
        """
        if get_ident() == self._thread:
            return function()
        ended = allocate_lock()
        ended.acquire()
        came: list[tuple[T | None, BaseException | None]] = []

        def do() -> None:
            try:
                came.append((self._called(function), None))
            except BaseException as failure:
                came.append((None, failure))
            ended.release()

        self.post(do)
        ended.acquire()
        value, failure = came[0]
        if failure is not None:
            raise failure
        return value  # type: ignore[return-value]

    def _called(self, function: Callable[[], T]) -> T:
        if self._is_over:
            raise RefusedHere(NOTHING)
        return function()

    def decide(self, go: Go) -> None:
        """Have the thread that waits go on.

        Raises:
            RefusedHere: it has.
        """
        self.post(lambda: go)
