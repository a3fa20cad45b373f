"""What follows an interrupt that the running code does not obey.

First comes the signal. If the code still runs a second later, the worker's control thread is asked
what became of the interrupt. It writes the stacks of all threads, and answers; it can do neither
while C code keeps the interpreter's lock. Then, and only then, the interpreter is asked for the
stacks by a signal: it reads those of threads that may be running, which has crashed it. Another
second after the question the user is told what is known by then, and can have the process ended.
That is never done unasked: it would lose the session's state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relive.session.answers import Unresponsive
from relive.session.death import frame_of
from relive.session.driver import Driver
from relive.session.jobs import Changing, Job
from relive.session.stacks import Line, Stack, formatted
from relive.session.supervisor import Worker

ASK_AFTER_S = 1.0
"""After an interrupt: what obeys has stopped by then, with its clean-up."""
SIGNAL_AFTER_S = 0.5
"""After the question: who can answer has, also on a busy machine."""
TELL_AFTER_S = 0.5
"""After the signal: the stacks have been written."""

_IN_C_CODE = "C code that was called there does not look for interrupts"
_WAITS = "it waits in C code that does not return"
_GOES_ON = "it was interrupted and goes on"
_TAKEN = "it handles SIGINT itself, and goes on"
_REDEFINES = "a redefinition is not interrupted half-way"


Ask = Callable[[Callable[[dict[str, Any]], None]], None]
"""Puts the question to the worker's control thread."""
Tell = Callable[[Unresponsive], None]
"""Tells the user."""


class Interruption:
    """The latest interrupt of a session, while what was interrupted goes on."""

    def __init__(self, ask: Ask, tell: Tell) -> None:
        self._ask = ask
        self._tell = tell
        self._ladder: Ladder | None = None

    @property
    def told(self) -> str | None:
        """What the user was told of what goes on."""
        return None if self._ladder is None else self._ladder.told

    def begin(self, job: Job, worker: Worker, driver: Driver) -> None:
        """Interrupt `job`, and see what follows; that is not put off by an interrupt more."""
        worker.interrupt(job.subject)
        ladder = self._ladder
        if ladder is None or ladder.job is not job or ladder.told is not None:
            self.end()
            self._ladder = Ladder(job, worker, driver, self._ask, self._tell)

    def end(self, job: Job | None = None) -> None:
        """Let it be: the job has ended, or all have."""
        if self._ladder is not None and job in (None, self._ladder.job):
            self._ladder.end()
            self._ladder = None


class Ladder:
    """One interrupt of one job, until the job ends or the user is told."""

    def __init__(self, job: Job, worker: Worker, driver: Driver, ask: Ask, tell: Tell) -> None:
        self.job = job
        self._worker = worker
        self._driver = driver
        self._ask = ask
        self._tell = tell
        self._answer: dict[str, Any] | None = None
        self._over = False
        self.told: str | None = None
        """What the user was told, once they were."""
        self._timer = driver.call_later(ASK_AFTER_S, self._put_question)

    def end(self) -> None:
        """Stop: the job has ended."""
        self._over = True
        self._timer.cancel()

    def _put_question(self) -> None:
        if not self._over:
            self._worker.forget_stacks()
            self._ask(self._take_answer)
            self._timer = self._driver.call_later(SIGNAL_AFTER_S, self._see_to_stacks)

    def _see_to_stacks(self) -> None:
        if not self._over:
            if self._answer is None:
                self._worker.signal_for_stacks()
            self._timer = self._driver.call_later(TELL_AFTER_S, self._conclude)

    def _take_answer(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    def _conclude(self) -> None:
        if not self._over:
            about = self._unresponsive(self._worker.stacks())
            self.told = about.message
            self._tell(about)

    def _unresponsive(self, stacks: list[Stack]) -> Unresponsive:
        running, document = self.job.running, self.job.document
        main = next((stack for stack in stacks if stack.is_main), None)
        place = None if main is None else main.place(None if running is None else running.file)
        return Unresponsive(
            evaluation=self.job.subject,
            message=f"still running{_at(place or running)}: {self._why()}",
            frames=tuple(frame_of(each, running, document) for each in main.lines) if main else (),
            traceback=formatted(stacks),
        )

    def _why(self) -> str:
        if isinstance(self.job, Changing):
            return _REDEFINES
        if self._answer is None:
            return _IN_C_CODE
        if self._answer["taken"]:
            return _TAKEN
        return _GOES_ON if self._answer["raised"] else _WAITS


def _at(place: Line | None) -> str:
    if place is None:
        return ""
    name = "" if place.name in ("", "<module>") else f" ({place.name})"
    return f" in {place.in_words()}{name}"
