"""Start-up code: what runs first in each process of a session, before anything that was asked for.

It is no step that can be undone, and no entry that is replayed: a process that takes the place of
another runs it again by itself.
"""

from __future__ import annotations

import os
import threading
import tokenize
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from relive.session import recording
from relive.session.agenda import Agenda
from relive.session.answers import Evaluation
from relive.session.evaluating import Evaluating
from relive.session.events import Event
from relive.session.recording import Recording
from relive.session.requests import Cause, EvaluateRequest
from relive.session.settings import Settings
from relive.session.wishes import Wishes
from relive.session.workers import Workers

STARTUP = Cause("startup")
"""Nobody asked for it: a process has begun."""

Decide = Callable[["EvaluateRequest | None"], None]
"""Takes what is to run; None: nothing."""


class StartupCode(Protocol):
    """Says what runs first in a new process, and is told of it."""

    def wanted(self, decide: Decide) -> None:
        """Have `decide` called, now or later; what was asked for waits until then."""

    def begins(self, evaluation: int, request: EvaluateRequest) -> None:
        """Take note that it is the next to run, under that number."""

    def ended(self, answer: Evaluation) -> None:
        """Take note of how it ended."""


class StartupFile:
    """A file that runs first: for Python callers, who have said so. That it fails is a warning."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.path.abspath(path)

    def wanted(self, decide: Decide) -> None:
        """See StartupCode."""
        try:
            with tokenize.open(self._path) as file:
                text = file.read()
        except (OSError, SyntaxError, ValueError) as problem:
            warnings.warn(f"start-up code cannot be read: {problem}", stacklevel=2)
            decide(None)
        else:
            decide(whole_file(self._path, text))

    def begins(self, evaluation: int, request: EvaluateRequest) -> None:
        """See StartupCode."""

    def ended(self, answer: Evaluation) -> None:
        """See StartupCode."""
        if answer.error is not None:
            what = f"{answer.error.type}: {answer.error.message}"
            warnings.warn(f"start-up code failed: {what} ({self._path})", stacklevel=2)


def startup_code(said: StartupCode | str | os.PathLike[str] | None) -> StartupCode | None:
    """Return what a caller means by a path, or by what tells it itself."""
    return StartupFile(said) if isinstance(said, (str, os.PathLike)) else said


def whole_file(path: str, text: str) -> EvaluateRequest:
    """Return the request that runs a file as start-up code."""
    return EvaluateRequest(text, path, document=text, cause=STARTUP)


class Starting(ABC):
    """The part of a session that has its start-up code run."""

    settings: Settings
    wishes: Wishes
    home: str
    _lock: threading.RLock
    _agenda: Agenda
    _recording: Recording
    _listener: Callable[[Event], None]
    _workers: Workers
    startup: StartupCode | None
    """What runs first in each process; None: nothing."""
    _undecided: int | None = None
    """The process whose start-up code is not known yet: it is given nothing until then."""

    @abstractmethod
    def _dispatch(self) -> None:
        """See Session."""

    def _start_up(self) -> None:
        """Have it said what runs first in the process that begins."""
        if self.startup is None:
            return
        process = self._undecided = self._workers.generation

        def decide(request: EvaluateRequest | None) -> None:
            with self._lock:
                if self._undecided == process:
                    self._undecided = None
                    self._run_first(request)
                    self._dispatch()

        self.startup.wanted(decide)

    def _run_first(self, request: EvaluateRequest | None) -> None:
        if request is None or self.startup is None:
            return
        # Nobody is there to have an error go on that is held.
        settings = replace(self.settings, hold_errors="off")
        number, ended = self._agenda.take_id(), self.startup.ended
        job = Evaluating(number, request, settings, self.wishes, self._listener, ended, self.home)
        job.recorded = self._recording.begin(recording.evaluation(request))
        self._agenda.waiting.insert(0, job)
        self.startup.begins(number, request)
        job.recorded.wait(self._dispatch)  # which may be at once, and then it has to be the first
