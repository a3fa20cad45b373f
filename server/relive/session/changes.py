"""What changes the image of a session's process: redefinitions, and what takes them back."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from relive.changelog.entries import Change
from relive.session import callers, recording
from relive.session.agenda import Agenda
from relive.session.definition_answers import Redefinition, Undo
from relive.session.jobs import Job, Redefining, Reverting, Undoing
from relive.session.requests import RedefineRequest, RevertRequest, UndoRequest
from relive.session.steps import Steps


class Changes(ABC):
    """The part of a session that redefines; while an evaluation runs, its worker does it beside."""

    _lock: threading.RLock
    _agenda: Agenda
    _steps: Steps

    @property
    @abstractmethod
    def _has_worker(self) -> bool:
        """Whether there is a process, or one starts."""

    @abstractmethod
    def _do(self, job: Job, change: Change | None = None) -> None:
        """See Session."""

    def submit_redefine(
        self, request: RedefineRequest, done: Callable[[Redefinition], None]
    ) -> None:
        """Redefine."""
        with self._lock:
            job = Redefining(self._agenda.take_id(), request, done)
            self._do(job, recording.redefinition(request))

    def submit_revert(self, request: RevertRequest, done: Callable[[Redefinition], None]) -> None:
        """Bring patches back to what was loaded. Never starts a worker."""
        with self._lock:
            if not self._has_worker:
                done(callers.nothing_to_revert(request))
            else:
                job = Reverting(self._agenda.take_id(), request, done)
                self._do(job, recording.reversion(request))

    def submit_undo(self, request: UndoRequest, done: Callable[[Undo], None]) -> None:
        """Undo the last step that changed definitions. Never starts a worker."""
        with self._lock:
            if not self._has_worker:
                done(callers.nothing_to_undo())
            else:
                job = Undoing(self._agenda.take_id(), done)
                self._do(job, recording.undoing(request, self._steps.last))
