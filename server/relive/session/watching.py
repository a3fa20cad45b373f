"""Having the process tell what evaluations do outside of it, where that is wanted.

Nobody has to: of what ran unwatched it is told that it may have acted, as its text tells. The hook
that tells more makes code slower that does little but what the interpreter tells of, as `id` is.
"""

from __future__ import annotations

import sys

from relive.session.evaluating import Evaluating
from relive.session.jobs import Job
from relive.session.settings import Settings
from relive.session.supervisor import Worker
from relive.session.timeline import Timeline

_IS_HERE = sys.platform == "linux"
"""Elsewhere what is open, by which something may be sent, cannot be looked at."""


class Watching:
    """The part of a session that has the process watch itself."""

    settings: Settings
    _worker: Worker | None
    _timeline: Timeline
    _is_watched: bool | None = False
    """Whether it does; None: it went back to a copy of which that is not known."""

    def _watch_before(self, job: Job) -> None:
        """Have it watch, or watch no more, from a job on that is next."""
        is_wanted = self.settings.watch_acts and _IS_HERE
        is_step = self._timeline.at(job.id) is not None  # as start-up code is not
        if is_step and self._worker is not None and self._is_watched is not is_wanted:
            self._worker.send({"op": "watch", "on": is_wanted})
            self._is_watched = is_wanted
        self._timeline.begins(job, is_watched=self._is_watched is True)
        self._look_before(job)

    def _look_before(self, job: Job) -> None:
        """Have what is open told before a job that may send something by it."""
        step = self._timeline.at(job.id)
        if step is None or not isinstance(job, Evaluating) or self._worker is None:
            return
        if self._is_watched and step.may_act:
            self._worker.send({"op": "look", "id": job.subject})
