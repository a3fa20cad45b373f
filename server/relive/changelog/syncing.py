"""Has the disk keep what was written, on a thread of its own: one sync for all that wait."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import Protocol

from relive.changelog.disk import Appended

WhenSafe = Callable[[str | None], object]
"""Called when an entry is safe, with None, or when it will not be, with why."""
SLOW_S = 5.0
"""A disk that takes longer makes nobody wait any more."""
GATHER_S = 0.05
"""Where nobody waits, what is written in this time is synced together. To do it for each record
would make a trivial evaluation a fifth longer: both threads want the interpreter and the disk."""
_SLOW = "the disk takes long: it is written, but not yet safe from a power cut"


class Timer(Protocol):
    """A call to come."""

    def cancel(self) -> None:
        """Have it not come."""


class Driver(Protocol):
    """Calls on the session's thread; see `session.driver`."""

    def watch(self, fd: int, readable: Callable[[], object], *, background: bool = False) -> None:
        """Call `readable` each time `fd` can be read."""

    def unwatch(self, fd: int) -> None:
        """Forget `fd`."""

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback` once, after a while, unless the timer is cancelled."""


class _Waiting:
    """Somebody who wants to know when all that was written up to now is safe."""

    def __init__(self, upto: int, callback: WhenSafe) -> None:
        self.upto = upto
        self.timer: Timer | None = None
        self._callback: WhenSafe | None = callback

    def tell(self, problem: str | None) -> None:
        """Tell it, the first time."""
        callback, self._callback = self._callback, None
        if self.timer is not None:
            self.timer.cancel()
        if callback is not None:
            callback(problem)


class Syncing:
    """Syncs files soon after something is written to them, or at once if somebody waits for it.

    A sync that fails is not tried again: the system may have thrown away what it could not write,
    and a second one would report success. From then on `failure` says so.
    """

    def __init__(self) -> None:
        self.failure: str | None = None
        self._state = threading.Condition()
        self._is_idle = False
        """The thread sleeps until it is told that there is something to sync."""
        self._dirty: dict[Appended, None] = {}
        self._retired: list[Appended] = []
        self._written = 0
        self._safe = 0
        """All that was written up to this one, by number, is safe."""
        self._waiting: list[_Waiting] = []
        self._closing = False
        self._thread: threading.Thread | None = None
        self._ends: tuple[int, int] | None = None
        self._driver: Driver | None = None

    def attach(self, driver: Driver) -> None:
        """Have callbacks come on the driver's thread."""
        self._ends = os.pipe()
        os.set_blocking(self._ends[0], False)
        os.set_blocking(self._ends[1], False)
        self._driver = driver
        driver.watch(self._ends[0], self._deliver, background=True)

    def wrote(self, file: Appended) -> None:
        """Have `file` be synced."""
        with self._state:
            self._dirty[file] = None
            self._written += 1
            self._wake()

    def retire(self, file: Appended) -> None:
        """Close a file when it is safe."""
        with self._state:
            self._retired.append(file)
            self._wake()

    def when_safe(self, callback: WhenSafe) -> None:
        """Call back when all that was written until now is safe."""
        with self._state:
            waits = self._safe < self._written and self.failure is None
            waiting = _Waiting(self._written, callback)
            if waits:
                self._waiting.append(waiting)
                self._state.notify()
        if not waits:
            waiting.tell(self.failure)
        elif self._driver is not None:
            waiting.timer = self._driver.call_later(SLOW_S, lambda: waiting.tell(_SLOW))

    def close(self) -> None:
        """Sync what is left, and end; nobody is called back any more."""
        with self._state:
            self._closing = True
            self._is_idle = False
            self._state.notify()
            ends, self._ends = self._ends, None
        if ends is not None and self._driver is not None:
            self._driver.unwatch(ends[0])
            for end in ends:
                os.close(end)

    def wait(self) -> None:
        """Return when it has ended."""
        if self._thread is not None:
            self._thread.join(SLOW_S)  # a disk that hangs keeps no editor open

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="relive-log", daemon=True)
            self._thread.start()
        if self._is_idle:
            self._is_idle = False
            self._state.notify()

    def _run(self) -> None:
        while True:
            with self._state:
                while not (self._dirty or self._retired or self._closing):
                    self._is_idle = True
                    self._state.wait()
                self._state.wait_for(lambda: self._waiting or self._closing, GATHER_S)
                if not (self._dirty or self._retired):
                    return
                dirty, self._dirty = list(self._dirty), {}
                retired, self._retired = self._retired, []
                upto = self._written
            failure = self._sync([*dirty, *retired])
            for file in retired:
                file.close()
            with self._state:
                self._safe = upto
                self.failure = self.failure or failure
            self._ring()

    def _sync(self, files: list[Appended]) -> str | None:
        if self.failure is not None:
            return None
        for file in files:
            try:
                file.sync()
            except OSError as error:
                return f"the disk could not keep what was written: {error.strerror}"
        return None

    def _ring(self) -> None:
        with self._state:  # the descriptors are not closed meanwhile
            if self._ends is not None and (self._waiting or self.failure):
                try:
                    os.write(self._ends[1], b".")
                except BlockingIOError:
                    return  # there are plenty of them already

    def _deliver(self) -> None:
        if self._ends is not None:
            with contextlib.suppress(BlockingIOError):
                os.read(self._ends[0], 4096)
        with self._state:
            ready = [each for each in self._waiting if each.upto <= self._safe]
            self._waiting = [each for each in self._waiting if each.upto > self._safe]
            failure = self.failure
        for each in ready:
            each.tell(failure)
