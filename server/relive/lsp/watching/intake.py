"""Changed files on their way in: whatever comes while it rains becomes one batch.

A branch switch changes hundreds of files within a moment, and is one thing to the user; a file that
changes a hundred times is one file. So a batch waits until nothing has come for a moment, though
not for ever, and while one is carried out the next one gathers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from relive.source.quick_dataclasses import dataclass

QUIET_S = 0.25
"""Between two files of one checkout or one formatter's run there is less than this."""

LONGEST_S = 2.0
"""A batch goes even if the rain does not stop."""

TRUSTED_EVENTS = 4000
"""The system's own queue holds some 16,000 events, several for each change, and drops what is
beyond without a word: after so many reports some may be missing."""


@dataclass(frozen=True)
class Batch:
    """Files that were changed."""

    files: frozenset[str]
    missed_since: float | None = None
    """When reports began to go missing, in seconds since the epoch; None: none is missing."""


class Timers(Protocol):
    """What is needed of an event loop."""

    def time(self) -> float:
        """Return now, on the timers' own clock."""

    def call_later(self, delay: float, callback: Callable[[], None]) -> Any:
        """Have `callback` called; the answer has `cancel`."""

    def call_soon_threadsafe(self, callback: Callable[[], None]) -> Any:
        """Have `callback` called on the loop's thread."""


class Intake:
    """Collects files into batches, and hands over one at a time."""

    def __init__(self, loop: Timers, begin: Callable[[Batch], None]) -> None:
        """Make an empty one.

        Args:
            loop: the event loop.
            begin: is called with a batch; the next one follows only after `done`.
        """
        self._loop = loop
        self._begin = begin
        self._lock = threading.Lock()
        self._files: set[str] = set()
        self._events = 0
        self._missed_since: float | None = None
        self._first_at = 0.0
        """When the first report of the batch came, by the wall's clock."""
        self._woken = False
        self._limit: float | None = None
        """When the batch goes at the latest, by the loop's clock; None: there is nothing."""
        self._timer: Any = None
        self._busy = False
        self._closed = False

    def add(self, file: str) -> None:
        """Take a changed file, on any thread."""
        with self._lock:
            if not self._files:
                self._first_at = time.time()
            self._files.add(file)
            self._events += 1
            self._wake()

    def miss(self, since: float) -> None:
        """Note, on any thread, that changes after `since` may not have been reported."""
        with self._lock:
            known = self._missed_since
            self._missed_since = since if known is None else min(known, since)
            self._wake()

    def more(self) -> Batch | None:
        """Return what has come since the batch was handed over, to be carried out with it."""
        return self._taken() if self._has_some() else None

    def done(self) -> None:
        """Note that the batch was carried out."""
        self._busy = False
        if self._has_some() and not self._closed:
            self._arm()

    def close(self) -> None:
        """Hand over nothing any more."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()

    def _wake(self) -> None:
        """Have the loop look, once for however many reports come before it does."""
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        with self._lock:
            self._woken = False
        if not self._busy and not self._closed:
            self._arm()

    def _arm(self) -> None:
        now = self._loop.time()
        if self._limit is None:
            self._limit = now + LONGEST_S
        if self._timer is not None:
            self._timer.cancel()
        delay = min(QUIET_S, max(0.0, self._limit - now))
        self._timer = self._loop.call_later(delay, self._go)

    def _go(self) -> None:
        self._timer = self._limit = None
        self._busy = True
        self._begin(self._taken())

    def _has_some(self) -> bool:
        with self._lock:
            return bool(self._files) or self._missed_since is not None

    def _taken(self) -> Batch:
        with self._lock:
            if self._events > TRUSTED_EVENTS and self._missed_since is None:
                self._missed_since = self._first_at
            batch = Batch(frozenset(self._files), self._missed_since)
            self._files, self._events, self._missed_since = set(), 0, None
        return batch
