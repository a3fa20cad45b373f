"""Ctrl+C where it comes as a signal: whose it is at the time.

Python's own handling never takes it, which would end the console in the midst of anything.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Interrupts:
    """Who is told of Ctrl+C."""

    def __init__(self) -> None:
        self._meaning: list[Callable[[], object]] = []
        self._came = False
        """Whether one came that nobody was told of: between Enter and what it begins."""
        with suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._on_signal)

    @contextmanager
    def mean(self, what: Callable[[], object]) -> Iterator[None]:
        """Have Ctrl+C call `what`, and nothing else.

        Where that returns False it has ended already, and what comes next is meant.
        """
        self._meaning.append(what)
        if self._came:
            self._on_signal()
        try:
            yield
        finally:
            self._meaning.pop()

    def forget(self) -> None:
        """Take no note of one that came too late."""
        self._came = False

    def _on_signal(self) -> None:
        self._came = not self._meaning or self._meaning[-1]() is False
