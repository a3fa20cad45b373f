"""What a session is asked about what its process holds, and to have it go on."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from relive.changelog.entries import Change
from relive.session import recording
from relive.session.agenda import Agenda
from relive.session.answers import Evaluation
from relive.session.events import Event, Resumed
from relive.session.holds import NOTHING_HELD, HeldFrame, Hold, Holds, Refused, ResumePoint
from relive.session.jobs import Changing, Job
from relive.session.requests import EvaluateRequest, InFrame, ResumeRequest
from relive.session.resuming import Framing, LettingGo, Pointing, Resuming


class Holding(ABC):
    """The part of a session that errors are held in."""

    _lock: threading.RLock
    _agenda: Agenda
    _listener: Callable[[Event], None]
    holds: Holds

    @abstractmethod
    def _do(self, job: Job, change: Change | None = None) -> None:
        """See Session."""

    @abstractmethod
    def _can_go_beside(self, job: Job) -> bool:
        """Whether the worker can do it beside what runs."""

    @abstractmethod
    def _send_control(self, job: Job) -> None:
        """Have the worker's control thread do a job."""

    def submit_resume(
        self, request: ResumeRequest, done: Callable[[Evaluation | Refused], None]
    ) -> None:
        """Have what is held go on, once nothing runs; the answer is its evaluation's.

        `Refused`: it cannot be done, and is held still.
        """
        with self._lock:
            hold = self.holds.find(request.hold)
            if hold is None:
                done(NOTHING_HELD)
            else:
                self._resume(hold, request, done)

    def submit_frames(self, done: Callable[[tuple[HeldFrame, ...]], None]) -> None:
        """Ask for the frames of all that is held, once nothing runs: the innermost first."""
        with self._lock:
            if not self.holds:
                done(())
            else:
                self._do(Framing(self._agenda.take_id(), lambda: self.holds.all, done))

    def submit_resume_point(
        self, request: ResumeRequest, done: Callable[[ResumePoint | Refused], None]
    ) -> None:
        """Ask where a `retryStatement` would go on: at its line, or where the statement stands."""
        with self._lock:
            found = self.holds.find(request.hold)
            if found is None:
                done(NOTHING_HELD)
            else:
                self._do(Pointing(self._agenda.take_id(), found, request, done))

    def _resume(
        self, hold: Hold, request: ResumeRequest, done: Callable[[Evaluation | Refused], None]
    ) -> None:
        number, job = self._agenda.take_id(), hold.job
        resuming: Resuming | LettingGo
        if job is None:
            file, held, resuming = None, None, LettingGo(number, hold, request, done)
        else:
            file, held = job.request.file, job.recorded.entry
            resuming = Resuming(number, hold, job, request, self._listener, done)
        self._do(resuming, recording.resumption(request, file, held))

    def _abandon(self, evaluation: int | None) -> bool:
        """Let what is held take its course; with `evaluation` that one's, and what lies on it."""
        holds = self.holds.down_to(evaluation)
        for hold in holds:
            self._resume(hold, ResumeRequest("abandon"), self._tell_resumed)
        return bool(holds)

    def _let_threads_go(self, evaluation: int) -> None:
        """Let errors of its threads take their course: it is to end, and may wait for them."""
        for hold in self.holds.on_threads_of(evaluation):
            self._resume(hold, ResumeRequest("abandon"), self._tell_resumed)

    def _send_about_threads(self) -> None:
        """Have what is about held threads done: what has begun may wait for them."""
        for job in [each for each in self._agenda.waiting if each.may_go_beside]:
            if not isinstance(job, Changing) and self._can_go_beside(job):
                self._agenda.waiting.remove(job)
                self._send_control(job)

    def _tell_resumed(self, answer: Evaluation | Refused) -> None:
        if isinstance(answer, Evaluation):
            self._listener(Resumed(answer))

    def _abandon_same(self, request: EvaluateRequest) -> None:
        """Let go of errors of what is evaluated again, and of those that lie on them."""
        jobs = [hold.job for hold in self.holds.all if hold.job is not None]
        again = [job for job in jobs if _is_again(job.request, request)]
        if again:
            self._abandon(again[-1].subject)

    def _with_hold(self, request: EvaluateRequest) -> EvaluateRequest:
        """Return the request with the hold that is meant, if it is for a frame."""
        innermost = self.holds.innermost
        inside = request.inside
        if not isinstance(inside, InFrame) or inside.hold is not None or innermost is None:
            return request
        return replace(request, inside=replace(inside, hold=innermost.number))

    def _take_held(self, message: dict[str, Any]) -> bool:
        """Take in what is held on another thread; return whether the message is about that."""
        if message["op"] != "held" or message["thread"] is None:
            return False
        self.holds.add(message, None)
        return True

    def _note_ended(self, job: Job, message: dict[str, Any]) -> None:
        """Note what a job that has had its last message means for what is held."""
        if isinstance(job, (Resuming, LettingGo)) and job.refused is None and job.hold is not None:
            self.holds.remove(job.hold)
        if message["op"] == "held":
            self.holds.add(message, job)  # type: ignore[arg-type]  # of nothing else it is one


def _is_again(held: EvaluateRequest, new: EvaluateRequest) -> bool:
    """Whether what is held is evaluated anew, by itself or among others, as far as can be told."""
    if held.file != new.file or new.inside is not None or held.inside is not None:
        return False
    at_same_place = (held.line, held.column) == (new.line, new.column)
    is_in_file = not held.detached and not new.detached and held.file is not None
    return _has_lines(new.text, held.text) or (at_same_place and is_in_file)


def _has_lines(text: str, lines: str) -> bool:
    return f"\n{lines.strip()}\n" in f"\n{text.strip()}\n"
