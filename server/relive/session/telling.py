"""What a session says of its own state, when asked and by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from relive.session.agenda import Agenda
from relive.session.answers import SessionInfo, SessionState
from relive.session.checkpoints import Checkpoints
from relive.session.driver import CallerDriver, Driver
from relive.session.events import Event, StateChanged
from relive.session.holds import Holds
from relive.session.ladder import Interruption
from relive.session.recording import Recording
from relive.session.supervisor import Worker
from relive.session.timeline import Timeline
from relive.session.workers import Workers


class Telling:
    """The part of a session that tells its state."""

    _lock: threading.RLock
    _agenda: Agenda
    _workers: Workers
    _worker: Worker | None
    _rewinds: int
    _evaluations: int
    _checkpoints: Checkpoints
    _timeline: Timeline
    _interruption: Interruption
    _recording: Recording
    _listener: Callable[[Event], None]
    _is_heard: bool
    """Whether there is anybody who listens."""
    holds: Holds
    _driver: Driver | None

    def info(self) -> SessionInfo:
        """Return the session's state."""
        self._catch_up()
        with self._lock:  # what a process leaves when it ends is taken away in several steps
            if self._worker is not None:
                self._worker.look_at_python()
            return self._info()

    def _catch_up(self) -> None:
        """Take in what the process has told since the last call, as that a thread is held."""
        if isinstance(self._driver, CallerDriver):
            self._driver.catch_up()

    def _look_at_python(self, message: dict[str, Any]) -> None:
        """Look whether the interpreter is another now that code has run, for who is told of it."""
        if self._is_heard and self._worker is not None and message["op"] == "done":
            self._worker.look_at_python()

    def _state(self) -> SessionState:
        if self._worker is None:
            return "dead" if self._workers.death else "idle"
        if not self._worker.ready:
            return "starting"
        if not self._agenda.is_idle:
            return "busy"
        return "held" if self.holds else "idle"

    def _info(self) -> SessionInfo:
        worker, workers = self._worker, self._workers
        return SessionInfo(
            state=self._state(),
            python=workers.interpreter,
            other_python=workers.other_choice,
            generation=workers.generation,
            rewinds=self._rewinds,
            evaluations=self._evaluations,
            checkpoints=self._checkpoints.told(self._timeline.numbers()),
            no_checkpoint=self._checkpoints.why_not,
            came_back=workers.came_back,
            queued=len(self._agenda.queued),
            reason=workers.death,
            unresponsive=self._interruption.told,
            holds=self.holds.numbers,
            log=self._recording.info,
            **({"pid": None} if worker is None else worker.facts()),
        )

    def _tell_state(self) -> None:
        if self._is_heard:
            self._listener(StateChanged(self._info()))
