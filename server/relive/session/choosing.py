"""Which interpreter a session runs in: a choice ends nothing, what begins anew takes it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

from relive.session.supervisor import Worker
from relive.session.workers import Workers


class Choosing(ABC):
    """The part of a session that is told of another interpreter."""

    _lock: threading.RLock
    _workers: Workers
    _worker: Worker | None

    @abstractmethod
    def _start_worker(self) -> None:
        """See Session."""

    @abstractmethod
    def _tell_state(self) -> None:
        """See Telling."""

    def choose(self, interpreter: str | None) -> None:
        """Have the next process that begins with nothing run in `interpreter`; None: in ours."""
        with self._lock:
            self._workers.choose(interpreter)
            if self._worker is None and self._workers.other_choice is not None:
                self._workers.begin_anew()
                self._workers.death = None  # it is the former one that did not start, or ended
            self._tell_state()

    def _start_anew(self) -> None:
        self._workers.begin_anew()
        self._start_worker()
