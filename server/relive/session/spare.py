"""A worker started ahead, so that a restart makes nobody wait for the interpreter to start.

It has loaded what a worker is made of, and what a first evaluation needs besides; nothing of the
user's has run in it. It is as good as a new one only while the interpreter and the folder are what
they were.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relive.session.answers import Stream
from relive.session.death import Death
from relive.session.driver import Driver
from relive.session.launch import Launch
from relive.session.process import CannotStart
from relive.session.supervisor import Worker, WorkerEvents
from relive.wire.frames import FrameError


class Spare:
    """At most one worker that nobody uses yet."""

    def __init__(self, driver: Driver, retire: Callable[[Worker], None]) -> None:
        """Keep none yet; `retire` sees to the end of one that is not needed any more."""
        self._driver = driver
        self._retire = retire
        self._worker: Worker | None = None
        self._discarded = False

    def prepare_later(self, seconds: float, launch: Callable[[], Launch]) -> None:
        """Start one after a while, with what `launch` returns then."""
        self._driver.call_later(seconds, lambda: self._prepare(launch()))

    def _prepare(self, launch: Launch) -> None:
        """Start one, unless there is one. One that cannot start, or dies, is not tried again."""
        if self._worker is None and not self._discarded:
            events = WorkerEvents(
                ready=lambda: None,
                free=lambda: None,
                message=_refuse,
                control=_refuse,
                output=_drop,
                died=self._on_died,
                fell=self._on_died,
                copies=_refuse,
            )
            try:
                self._worker = Worker(launch, self._driver, events)
            except CannotStart:
                return  # whoever needs a worker will be told
            self._worker.send({"op": "load_ahead"})

    def take(self, launch: Launch) -> Worker | None:
        """Give the worker away, if it is one that `launch` would start."""
        worker, self._worker = self._worker, None
        if worker is not None and (worker.launch != launch or not worker.is_running()):
            self._retire(worker)
            return None
        return worker

    def discard(self) -> None:
        """Have the worker end, and start no other."""
        self._discarded = True
        worker, self._worker = self._worker, None
        if worker is not None:
            self._retire(worker)

    def _on_died(self, death: Death) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            self._retire(worker)


def _refuse(message: dict[str, Any]) -> None:
    raise FrameError(f"{message['op']} of a worker that was asked nothing")


def _drop(stream: Stream, text: str, owner: int | None) -> None:
    """Start-up output of an interpreter that may never be used is not for the user."""
