"""Who waits for a session's descriptors: an event loop, or the thread that called."""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import threading
import time
from collections.abc import Callable
from typing import Protocol

REST_S = 0.002
"""How long something may gather: nobody sees it, and a pipe takes all that is written meanwhile."""
_BESIDE_S = 0.02
"""How long a thread of our own leaves reading to a caller that is about it already."""

Callback = Callable[[], object]


class Timer(Protocol):
    """A call to come."""

    def cancel(self) -> None:
        """Have it not come."""


class Driver(Protocol):
    """Calls back when a descriptor can be read or written."""

    def watch(self, fd: int, readable: Callback, *, background: bool = False) -> None:
        """Call `readable` each time `fd` can be read; with `background`, even when nobody waits."""

    def rest(self, fd: int) -> None:
        """Let what can be read from `fd` gather for a moment before its `readable` is called again.

        Only what is read a block at a time costs the same however much there is; and who writes has
        nobody to wake meanwhile.
        """

    def unwatch(self, fd: int) -> None:
        """Forget `fd`."""

    def when_writable(self, fd: int, writable: Callback) -> None:
        """Call `writable` once, when `fd` takes more."""

    def call_later(self, seconds: float, callback: Callback) -> Timer:
        """Call `callback` once, after a while, unless the timer is cancelled."""


class LoopDriver:
    """Waits in an asyncio event loop; everything happens on its thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._readable: dict[int, Callback] = {}
        self._resting: dict[int, Timer] = {}

    def watch(self, fd: int, readable: Callback, *, background: bool = False) -> None:
        """See Driver; a loop always waits."""
        self._readable[fd] = readable
        self._loop.add_reader(fd, readable)

    def rest(self, fd: int) -> None:
        """See Driver."""
        if fd in self._readable and fd not in self._resting:
            self._loop.remove_reader(fd)
            self._resting[fd] = self._loop.call_later(REST_S, self._end_rest, fd)

    def _end_rest(self, fd: int) -> None:
        del self._resting[fd]
        self._loop.add_reader(fd, self._readable[fd])

    def unwatch(self, fd: int) -> None:
        """See Driver."""
        self._readable.pop(fd, None)
        if fd in self._resting:
            self._resting.pop(fd).cancel()
        self._loop.remove_reader(fd)
        self._loop.remove_writer(fd)

    def when_writable(self, fd: int, writable: Callback) -> None:
        """See Driver."""

        def once() -> None:
            self._loop.remove_writer(fd)
            writable()

        self._loop.add_writer(fd, once)

    def call_later(self, seconds: float, callback: Callback) -> Timer:
        """See Driver."""
        return self._loop.call_later(seconds, callback)


class _Watched:
    """What is to be called for a descriptor that the calling thread waits for."""

    def __init__(self, fd: int, readable: Callback) -> None:
        self.fd = fd
        self.readable = readable
        self.writable: Callback | None = None
        self.is_dropped = False


class CallerDriver:
    """Waits on the calling thread while it wants an answer, without a switch between threads.

    Between calls a thread of its own goes on reading, so that what background threads of the
    worker print does not fill a pipe and stop them. It is woken only by what `background` names:
    the messages of an evaluation never wake it, and cost the caller nothing. While somebody calls
    it looks away for a while each time it is woken: two that read one pipe are slower than one.
    """

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._selector = selectors.DefaultSelector()
        self._idle_selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe()
        self._idle_selector.register(self._wake_read, selectors.EVENT_READ, None)
        self._resting: dict[int, _Watched] = {}
        """What the caller does not wait for at the moment, by descriptor."""
        self._callers = 0
        self._closed = False
        self._thread = threading.Thread(target=self._idle, name="relive-idle", daemon=True)
        self._thread.start()

    def watch(self, fd: int, readable: Callback, *, background: bool = False) -> None:
        """See Driver."""
        self._selector.register(fd, selectors.EVENT_READ, _Watched(fd, readable))
        if background:
            self._idle_selector.register(fd, selectors.EVENT_READ, readable)
            os.write(self._wake_write, b".")

    def rest(self, fd: int) -> None:
        """See Driver; what else comes ends the rest, which makes it no longer."""
        with contextlib.suppress(KeyError):  # it rests already
            self._resting[fd] = self._selector.unregister(fd).data

    def _end_rests(self) -> None:
        for fd, watched in self._resting.items():
            self._selector.register(fd, selectors.EVENT_READ, watched)
        self._resting.clear()

    def unwatch(self, fd: int) -> None:
        """See Driver."""
        self._resting.pop(fd, None)
        with contextlib.suppress(KeyError):
            self._selector.unregister(fd).data.is_dropped = True
        with contextlib.suppress(KeyError):
            self._idle_selector.unregister(fd)

    def when_writable(self, fd: int, writable: Callback) -> None:
        """See Driver."""
        watched = self._selector.get_key(fd).data
        watched.writable = writable
        self._selector.modify(fd, selectors.EVENT_READ | selectors.EVENT_WRITE, watched)

    def call_later(self, seconds: float, callback: Callback) -> Timer:
        """See Driver; it comes on a thread of its own, with the session's lock held."""

        def locked() -> None:
            with self._lock:
                callback()

        timer = threading.Timer(seconds, locked)
        timer.daemon = True
        timer.start()
        return timer

    def run_until(self, is_done: Callable[[], bool]) -> None:
        """Serve the descriptors on this thread until `is_done()`."""
        with self._lock:
            self._callers += 1
        try:
            while not is_done():
                ready = self._selector.select(REST_S if self._resting else 0.5)
                with self._lock:
                    if self._resting:
                        self._end_rests()
                    for key, events in ready:
                        self._serve(key.data, events)
        finally:
            with self._lock:
                self._callers -= 1

    def catch_up(self) -> None:
        """Serve what has come by now, without waiting, if nobody is about something.

        Who holds the lock is: it was called back in the middle of it.
        """
        if self._lock._is_owned():  # type: ignore[attr-defined]  # as `Condition` asks it
            return
        with self._lock:
            if self._callers or self._closed:
                return
            self._end_rests()
            for key, events in self._selector.select(0):
                self._serve(key.data, events)

    def close(self) -> None:
        """End the background thread and free the descriptors of the driver itself."""
        self._closed = True
        os.write(self._wake_write, b".")
        self._thread.join()
        self._selector.close()
        self._idle_selector.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _serve(self, watched: _Watched, events: int) -> None:
        """Call who waits; by what was called before it may have been dropped."""
        writable = watched.writable
        if events & selectors.EVENT_WRITE and writable is not None and not watched.is_dropped:
            watched.writable = None
            self._selector.modify(watched.fd, selectors.EVENT_READ, watched)
            writable()
        if events & selectors.EVENT_READ and not watched.is_dropped:
            watched.readable()

    def _idle(self) -> None:
        while not self._closed:
            ready = self._idle_selector.select()
            if self._callers:
                time.sleep(_BESIDE_S)
                continue
            for key, _ in ready:
                if key.data is None:
                    os.read(self._wake_read, 64)
                    continue
                with self._lock:
                    if self._idle_selector.get_map().get(key.fd) == key:
                        key.data()
            time.sleep(REST_S)  # nobody waits for it
