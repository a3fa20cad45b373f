"""What a session has been asked to do and has not answered yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relive.session.answers import Error
from relive.session.death import unable
from relive.session.jobs import Changing, Job, Redefining
from relive.wire.frames import FrameError


class Agenda:
    """The jobs of a session: one that runs, those that wait for their turn, those beside."""

    def __init__(self) -> None:
        self.current: Job | None = None
        """What the worker's main thread has."""
        self.waiting: list[Job] = []
        self.beside: dict[int, Job] = {}
        """What the worker's control thread has, by number."""
        self._next_id = 1

    def take_id(self) -> int:
        """Return the number of a new job."""
        self._next_id += 1
        return self._next_id - 1

    @property
    def next_id(self) -> int:
        """The number that the next job will have."""
        return self._next_id

    @property
    def has_nothing(self) -> bool:
        """Whether nothing runs, waits or goes on beside."""
        return self.current is None and not self.waiting and not self.beside

    @property
    def can_begin(self) -> bool:
        """Whether the first of those that wait may have its turn.

        Not before it is safe in the change log, and what it follows is answered. Not while a change
        of the image is still under way beside: what is evaluated after it runs the new code, and
        running all of it again does so in the same order.
        """
        if self.current is not None or not self.waiting or not _may_begin(self.waiting[0]):
            return False
        return not any(isinstance(each, Changing) for each in self.beside.values())

    def can_go_beside(self, job: Job) -> bool:
        """Whether it is done beside what runs: not past a change of the image that comes first."""
        if not job.may_go_beside:
            return False
        others = (each for each in (self.current, *self.waiting) if each is not job)
        first = any(isinstance(each, Changing) for each in others)
        return self.current is not None and not first and _may_begin(job)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing that one is told of has its turn."""
        return self.current is None or self.current.is_quiet

    @property
    def is_idle(self) -> bool:
        """Whether nothing that one is told of has its turn or waits for it."""
        return self.is_quiet and all(job.is_quiet for job in self.waiting)

    @property
    def queued(self) -> list[Job]:
        """What one is told of that waits for its turn."""
        return [job for job in self.waiting if not job.is_quiet]

    @property
    def oldest_id(self) -> int:
        """The number of the first job that waits, or of the next one to come."""
        return min((job.id for job in self.waiting), default=self._next_id)

    def begin_next(self) -> Job:
        """Make the first of those that wait the current one."""
        self.current = self.waiting.pop(0)
        return self.current

    def current_of(self, message: dict[str, Any]) -> Job:
        """Return the current job, which `message` has to be about."""
        return _meant(message, self.current)

    def take_beside(self, message: dict[str, Any]) -> Job:
        """Take out the job beside that `message` answers."""
        job = _meant(message, self.beside.get(message["id"]))
        del self.beside[job.id]
        return job

    def running(self, number: int | None) -> Job | None:
        """Return the job that runs user code, on whichever thread; None if it is another number."""
        jobs = (job for job in self._with_user_code() if number in (None, job.id, job.subject))
        return next(jobs, None)

    def _with_user_code(self) -> Iterator[Job]:
        if self.current is not None:
            yield self.current
        yield from (job for job in self.beside.values() if isinstance(job, Redefining))

    def begun(self, number: int | None) -> int | None:
        """Return the number if it is that of a job there has been: the worker may say anything."""
        return number if number is not None and 0 < number < self._next_id else None

    def take_waiting(self, number: int | None) -> list[Job]:
        """Take out what waits and can be dropped: all of it, or one job."""
        taken = [
            job
            for job in self.waiting
            if job.interruptible and (job.goes_with_others if number is None else job.id == number)
        ]
        self.waiting = [job for job in self.waiting if job not in taken]
        return taken

    def end_all(self, error: Error) -> None:
        """Give every job its final answer: `error` is what became of the current one."""
        current, rest = self.current, [*self.waiting, *self.beside.values()]
        self.current, self.waiting, self.beside = None, [], {}
        if current is not None:
            current.died(error)
        for job in rest:
            job.died(unable(error.message))


def _may_begin(job: Job) -> bool:
    return job.recorded.is_safe and job.is_its_turn


def _meant(message: dict[str, Any], job: Job | None) -> Job:
    """Return the job that a message of the worker is about.

    Raises:
        FrameError: it is about none that has not had its last message.
    """
    if job is None or message["id"] != job.subject or message["op"] not in job.ops:
        raise FrameError(f"{message['op']} for request {message['id']}, which does not expect it")
    return job
