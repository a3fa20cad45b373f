"""Watching a folder for as long as a process lives that its files could have been loaded into.

An observer can fail to start, at the system's limits for one, and its threads can die. It is looked
after, started again a few times, and given up for good only with word to the owner.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import time
from collections.abc import Callable

from relive.lsp.watching.observer import MakeObserver, Observer
from relive.source.quick_dataclasses import dataclass

CHECK_S = 5.0
"""How often it is looked whether the observer lives."""

RESTARTS = 3
"""How often one that dies is started again before it is given up."""

CLOCK_STEP_S = 0.02
"""File systems date changes by a clock that lags behind the time of day by about this much."""

_LIMITS = (errno.ENOSPC, errno.EMFILE, errno.ENFILE)
"""No watches, no descriptors: trying again changes nothing."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Owner:
    """Who is told."""

    changed: Callable[[str], None]
    """A file was changed; called on any thread."""
    missed: Callable[[float], None]
    """Changes after this time may have gone unseen."""
    gave_up: Callable[[str], None]
    """The folder is not watched any more, and why; called once."""


class Watcher:
    """Keeps an observer of one folder going."""

    def __init__(
        self, folder: str, make: MakeObserver, owner: Owner, check_s: float = CHECK_S
    ) -> None:
        self._check_s = check_s
        self._folder = folder
        self._make = make
        self._owner = owner
        self._observer: Observer | None = None
        self._seen_alive = time.time()
        self._restarts = 0
        self._check: asyncio.TimerHandle | None = None
        self._starting: asyncio.Task[None] | None = None
        self._ended = False

    def start(self) -> None:
        """Begin to watch, soon: what changes from now on is reported then."""
        self._seen_alive = time.time() - CLOCK_STEP_S
        self._starting = asyncio.ensure_future(self._start())

    def stop(self) -> None:
        """Watch no more."""
        self._ended = True
        if self._check is not None:
            self._check.cancel()
        if self._observer is not None:
            self._observer.stop()

    async def _start(self) -> None:
        observer = self._make(self._folder, self._owner.changed)
        try:
            await asyncio.to_thread(observer.start)  # it looks through the whole folder
        except Exception as error:  # also what a library's own defect raises
            self._failed(error)
            return
        if self._ended:
            observer.stop()
            return
        self._observer = observer
        self._owner.missed(self._seen_alive)
        self._look_later()

    def _look_later(self) -> None:
        self._check = asyncio.get_running_loop().call_later(self._check_s, self._look)

    def _look(self) -> None:
        assert self._observer is not None
        if self._observer.is_alive():
            self._seen_alive = time.time() - CLOCK_STEP_S
            self._restarts = 0
            self._look_later()
        else:
            self._observer.stop()
            self._observer = None
            self._start_again("its threads have ended")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, OSError) and error.errno in _LIMITS:
            self._restarts = RESTARTS
        if not self._ended:
            self._start_again(str(error))

    def _start_again(self, reason: str) -> None:
        self._restarts += 1
        if self._restarts > RESTARTS:
            self._owner.gave_up(reason)
        else:
            _log.warning("%s is not watched: %s; trying again", self._folder, reason)
            self._starting = asyncio.ensure_future(self._start())
