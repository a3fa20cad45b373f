"""How what a session runs is stopped: interrupts, and the end of its process on request."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from relive.changelog.log import Ending
from relive.session.agenda import Agenda
from relive.session.answers import Unresponsive
from relive.session.death import Death
from relive.session.driver import Driver
from relive.session.events import Event, NotObeyed
from relive.session.jobs import Job, Question
from relive.session.ladder import Interruption
from relive.session.replay import Replaying
from relive.session.supervisor import Worker
from relive.session.timeline import Timeline


class Stopping(ABC):
    """The part of a session that stops what runs."""

    _lock: threading.RLock
    _agenda: Agenda
    _worker: Worker | None
    _driver: Driver | None
    _interruption: Interruption
    _listener: Callable[[Event], None]
    _timeline: Timeline
    replaying: Replaying[Any] | None

    @abstractmethod
    def _send_control(self, job: Job) -> None:
        """Have the worker's control thread do a job."""

    @abstractmethod
    def _tell_state(self) -> None:
        """Tell the listener of the session's state."""

    @abstractmethod
    def _on_died(self, death: Death, how: Ending = "died") -> None:
        """Take in that the worker has ended, or is to."""

    @abstractmethod
    def _abandon(self, evaluation: int | None) -> bool:
        """Let what is held take its course."""

    @abstractmethod
    def _let_threads_go(self, evaluation: int) -> None:
        """Let what is held on an evaluation's threads take its course."""

    def interrupt(self, evaluation: int | None = None) -> bool:
        """Stop the running evaluation, the waiting ones and a replay; False if there are none.

        With `evaluation` that one alone. Code that goes on is told of soon (`NotObeyed`). If
        nothing runs or waits, the error that is held last is abandoned.
        """
        replaying = None if evaluation is not None else self.replaying
        if replaying is not None:
            replaying.stop()
        if self._stop(evaluation, self._interrupt_worker) or replaying is not None:
            return True
        with self._lock:
            return self._abandon(evaluation)

    def terminate(self, evaluation: int | None = None) -> bool:
        """Do as `interrupt`, but end the process, at once and with its state.

        Its evaluation ends as `died`; the next request starts a new worker.
        """
        return self._stop(
            evaluation, lambda job: self._on_died(Death("was ended on request"), "stopped")
        )

    def give_up(self, number: int) -> None:
        """Stop a question about a value, which nobody waits for any more."""
        self._stop(number, self._signal)

    def _stop(self, evaluation: int | None, stop: Callable[[Job], None]) -> bool:
        with self._lock:
            waiting = self._agenda.take_waiting(evaluation)
            running = self._agenda.running(evaluation)
            if running is not None:
                stop(running)
            for job in waiting:
                job.cancel()
            self._timeline.drop(waiting)
            if waiting:
                self._tell_state()
            return running is not None or bool(waiting)

    def _interrupt_worker(self, job: Job) -> None:
        assert self._worker is not None
        assert self._driver is not None
        self._interruption.begin(job, self._worker, self._driver)
        self._let_threads_go(job.subject)

    def _signal(self, job: Job) -> None:
        if self._worker is not None:
            self._worker.interrupt(job.subject)

    def _ask_for_interrupts(self, done: Callable[[dict[str, Any]], None]) -> None:
        self._send_control(Question(self._agenda.take_id(), {"op": "interrupts"}, done))

    def _not_obeyed(self, about: Unresponsive) -> None:
        self._tell_state()
        self._listener(NotObeyed(about))
