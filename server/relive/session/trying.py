"""Examples that are tried in the live process, between evaluations. Never starts one."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from relive.session.agenda import Agenda
from relive.session.answers import Error
from relive.session.errors import cut, to_error
from relive.session.jobs import Job
from relive.source.quick_dataclasses import dataclass


@dataclass(frozen=True)
class TryRequest:
    """Examples that share a copy of the names of the module of `file`."""

    file: str
    sources: tuple[str, ...]
    seconds: float
    """What all of them may take."""


@dataclass(frozen=True)
class Outcome:
    """What an example gave."""

    got: str
    """What it printed, the text of its value included."""
    value: str | None = None
    """The text of its value, if it is an expression and printed nothing else."""
    raised: str | None = None
    """The last line of the traceback."""
    error: Error | None = None
    cut: str | None = None
    """Why it did not come to its end."""
    duration_ms: float = 0.0


@dataclass(frozen=True)
class Tried:
    """What came of the examples that were run: after one that was cut none is."""

    outcomes: tuple[Outcome, ...] = ()
    ran: frozenset[tuple[str, str]] | None = None
    """The user's functions that were entered, by file and name; None: it is not known."""
    not_run: str | None = None
    """Why none of them was run."""


NO_PROCESS = Tried(not_run="No process runs. Evaluate the file first.")
NOT_LOADED = Tried(not_run="The process has not loaded the file. Evaluate it first.")
INTERRUPTED = Tried(not_run="It was interrupted before its turn.")


class Trying(Job):
    """Examples on their way through the worker; nobody is told that it is busy with them."""

    is_quiet = True
    interruptible = True
    takes_output = True
    ops = frozenset(("examples",))

    def __init__(self, number: int, request: TryRequest, done: Callable[[Tried], None]) -> None:
        super().__init__(number)
        self._request = request
        self._done = done
        self._answer = INTERRUPTED

    def message(self) -> dict[str, Any]:
        """See Job."""
        request = self._request
        about = {"op": "examples", "id": self.id, "file": request.file}
        return {**about, "sources": list(request.sources), "seconds": request.seconds}

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        self.is_done = True
        if not message["loaded"]:
            self._answer = NOT_LOADED
            return None
        outcomes = tuple(self._outcome(each) for each in message["outcomes"])
        ran = message["ran"]
        told = None if ran is None else frozenset((file, name) for file, name in ran)
        self._answer = Tried(outcomes[: len(self._request.sources)], told)
        return None

    def _outcome(self, data: dict[str, Any]) -> Outcome:
        error = None if data["error"] is None else to_error(data["error"], None, None)
        return Outcome(
            got=data["got"],
            value=data["value"],
            raised=data["raised"],
            error=error,
            cut=None if data["cut"] is None else cut(data["cut"]),
            duration_ms=round(data["seconds"] * 1000, 3),
        )

    def finish(self) -> None:
        """See Job."""
        self._done(self._answer)

    def cancel(self) -> None:
        """See Job."""
        self.finish()

    def died(self, error: Error) -> None:
        """See Job."""
        self._answer = Tried(not_run=f"The process ended: {error.message}")
        self.finish()


class Tries(ABC):
    """The part of a session that tries examples."""

    _lock: threading.RLock
    _agenda: Agenda

    @property
    @abstractmethod
    def _has_worker(self) -> bool:
        """Whether there is a process, or one starts."""

    @abstractmethod
    def _do(self, job: Job) -> None:
        """See Session."""

    def submit_try(self, request: TryRequest, done: Callable[[Tried], None]) -> None:
        """Try examples once nothing runs."""
        with self._lock:
            if not self._has_worker:
                done(NO_PROCESS)
            else:
                self._do(Trying(self._agenda.take_id(), request, done))
