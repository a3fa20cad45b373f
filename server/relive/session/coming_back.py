"""A process that ends against everybody's wish goes back to its last checkpoint by itself.

What had run since is not in the state then. It is told, and not run again unasked: the change log
has it, and who wants it has it run again from there (`relive.recover`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace

from relive.session.answers import CameBack, LostStep
from relive.session.death import Death
from relive.session.rewinding import Rewinding
from relive.session.timeline import Step
from relive.session.workers import Workers


class ComingBack(Rewinding):
    """The part of a session that goes back by itself."""

    _workers: Workers

    @abstractmethod
    def _tell_state(self) -> None:
        """See Telling."""

    def _on_fell(self, death: Death) -> None:
        """Go back to the last checkpoint: the worker has ended, as in a crash."""
        checkpoints = self._checkpoints.all()
        if not checkpoints:
            self._on_died(death)
            return
        last, job = checkpoints[-1], self._agenda.current
        running, document = (None, None) if job is None else (job.running, job.document)
        undone = self._timeline.since(last.number)
        lost = [each for each in undone if each.status is not None]
        reason = death.words(running)
        self._note(undone, cause=f"the worker {reason}")
        error = death.error(running, document)
        error = replace(error, notes=(*error.notes, _state_now(undone, lost)))
        self._wake(last.number, error, _came_back(reason, lost))

    def recovered(self, entries: Iterable[str]) -> None:
        """Note that what these entries of the change log have done is in the state again."""
        came_back, again = self._workers.came_back, set(entries)
        if came_back is not None:
            left = tuple(each for each in came_back.lost if each.entry not in again)
            self._workers.came_back = replace(came_back, lost=left)
            self._tell_state()


def _came_back(reason: str, lost: list[Step]) -> CameBack:
    return CameBack(reason, tuple(LostStep(each.label, each.entry) for each in lost))


def _state_now(undone: list[Step], lost: list[Step]) -> str:
    if not undone:
        return "the state is as it was"
    note = f"the state is again as it was before: {undone[0].label}"
    others = len(lost) - 1
    return f"{note}, and {others} more" if undone[0] in lost and others > 0 else note
