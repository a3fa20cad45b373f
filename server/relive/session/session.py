"""A session: one worker at a time, a queue of evaluations, and what others are told of them.

Everything here happens on one thread at a time. In the daemon that is the event loop's; for a
Python caller it is whichever thread holds the session's lock (see `driver.CallerDriver`).
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from relive.changelog.entries import Change
from relive.changelog.log import ChangeLog, Ending
from relive.session import recording
from relive.session.agenda import Agenda
from relive.session.answers import (
    Error,
    Evaluation,
    SessionInfo,
    SessionState,
    Stream,
    Unresponsive,
)
from relive.session.changes import Changes
from relive.session.death import Death, unable
from relive.session.driver import CallerDriver, Driver, LoopDriver
from relive.session.events import Event, NotObeyed, StateChanged
from relive.session.freshening import Freshening
from relive.session.going_back import GoingBack
from relive.session.jobs import Changing, Evaluating, Job, Question
from relive.session.ladder import Interruption
from relive.session.process import CannotStart
from relive.session.questions import Questions
from relive.session.record import BackgroundOutput
from relive.session.recording import Recording
from relive.session.replay import Replaying
from relive.session.requests import (
    EvaluateRequest,
    InputRequest,
    Reply,
)
from relive.session.settings import Settings
from relive.session.steps import Steps
from relive.session.supervisor import Worker, WorkerEvents
from relive.session.testing import Testing
from relive.session.truth import Truth
from relive.session.trying import Tries
from relive.session.values import Gone, NoView
from relive.session.viewing import View, Viewing, gone_with_its_process, to_displayed
from relive.session.workers import Workers
from relive.wire.marks import STATEMENT

Ask = Callable[[InputRequest, Reply], None]
Shown = TypeVar("Shown")


class Session(Questions, Changes, Tries, GoingBack, Freshening, Testing):
    """A live Python process to evaluate and redefine code in.

    Use as a context manager, from any thread::

        with Session(cwd="project") as session:
            session.evaluate("1 + 1").results[0].value.text  # '2'
    """

    def __init__(
        self,
        interpreter: str | None = None,
        cwd: str | os.PathLike[str] = ".",
        *,
        settings: Settings | None = None,
        listener: Callable[[Event], None] | None = None,
        ask: Ask | None = None,
        log: ChangeLog | bool | None = None,
    ) -> None:
        """Make a session; its worker starts with the first request.

        Args:
            interpreter: the Python to run code in; None: the one running this.
            cwd: the worker's working folder, first on its `sys.path`.
            settings: limits of results, and which dependencies run.
            listener: is told of results, output and state as they come.
            ask: gives user code its lines of input; None: it meets end of file.
            log: where what runs is recorded before it does; True: in `cwd`, None: nowhere.
        """
        self.settings = settings or Settings()
        self._cwd = os.path.abspath(cwd)  # links stay: the caller's names are those shown
        self.truth = Truth(listener or (lambda event: None))
        self._listener = self.truth.heard
        self._ask: Ask = ask or (lambda request, reply: reply(None))
        self._lock = threading.RLock()
        self._driver: Driver | None = None
        self._workers = workers = Workers(interpreter, self._cwd)
        log = ChangeLog(self._cwd) if log is True else log or None
        self.home = self._cwd if log is None else str(log.folder)
        self._recording = Recording(log, lambda: workers.interpreter)
        self._worker: Worker | None = None
        self._generation = 0
        self._first_id = 0
        """Of the jobs that this generation's worker is given: older values are gone."""
        self._evaluations = 0
        self._agenda = Agenda()
        self._test_runs = {}
        self._steps = Steps()
        self._background = BackgroundOutput(self._listener)
        self._death: str | None = None
        self._interruption = Interruption(self._ask_for_interrupts, self._not_obeyed)
        self._closed = False
        self.replaying: Replaying[Any] | None = None
        """The replay that is under way."""

    # -- for an event loop -----------------------------------------------------------------------

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let `loop` drive the session: answers then come by callback, on its thread.

        Such a session lasts, so it keeps a spare worker ready once it has used its first.
        """
        self._workers.keep_spare(self._driven_by(LoopDriver(loop)))

    def submit(self, request: EvaluateRequest, done: Callable[[Evaluation], None]) -> int:
        """Queue an evaluation; `done` is called exactly once. Return its id."""
        with self._lock:
            number, listener = self._agenda.take_id(), self._listener
            job = Evaluating(number, request, self.settings, listener, done, self.home)
            self._evaluations += 1
            self._record(job, recording.evaluation(request))
            self._enqueue(job)
            return job.id

    def submit_view(self, view: View[Shown], done: Callable[[Shown | Gone | NoView], None]) -> int:
        """Ask about a value once nothing runs. Return the number to give it up by (`give_up`).

        Starts a worker only for an `Inspection`.
        """
        with self._lock:
            job = Viewing(self._agenda.take_id(), view, self.settings, done)
            if view.ref is not None and not self._may_have(view.ref):
                done(gone_with_its_process())
            else:
                self._enqueue(job)
            return job.id

    def give_up(self, number: int) -> None:
        """Stop a question about a value, which nobody waits for any more."""
        self._stop(number, self._signal)

    def begin_restart(self, done: Callable[[SessionInfo], None]) -> None:
        """Replace the worker by a new one; what runs or waits ends as `died`."""
        with self._lock:
            self._drop_worker(unable("the session was restarted"), "restarted")
            self._start_worker()
            if self._worker is None:
                done(self.info())
            else:
                self._worker.on_ready(lambda: done(self.info()))

    def begin_stop(self) -> None:
        """End the worker; what runs or waits ends as `died`. The next request starts another."""
        with self._lock:
            self._drop_worker(unable("the session was stopped"), "stopped")
            self._tell_state()

    def interrupt(self, evaluation: int | None = None) -> bool:
        """Stop the running evaluation, the waiting ones and a replay; False if there are none.

        With `evaluation` that one alone. Code that goes on is told of soon (`NotObeyed`).
        """
        replaying = None if evaluation is not None else self.replaying
        if replaying is not None:
            replaying.stop()
        return self._stop(evaluation, self._interrupt_worker) or replaying is not None

    def terminate(self, evaluation: int | None = None) -> bool:
        """Do as `interrupt`, but end the process, at once and with its state.

        Its evaluation ends as `died`; the next request starts a new worker.
        """
        return self._stop(
            evaluation, lambda job: self._on_died(Death("was ended on request"), "stopped")
        )

    def info(self) -> SessionInfo:
        """Return the session's state."""
        worker = self._worker
        return SessionInfo(
            state=self._state(),
            python=self._workers.interpreter,
            generation=self._generation,
            evaluations=self._evaluations,
            queued=len(self._agenda.queued),
            reason=self._death,
            unresponsive=self._interruption.told,
            log=self._recording.info,
            **({"pid": None} if worker is None else worker.facts()),
        )

    def begin_close(self) -> None:
        """Have the worker and everything it started end; what runs or waits ends as `died`."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._drop_worker(unable("the session was closed"), "closed")
                self._recording.begin_close()
                self._workers.close()

    def close(self) -> None:
        """Do as `begin_close`, and wait until the worker has ended."""
        self.begin_close()
        self._workers.wait_for_ends()
        self._recording.wait()
        driver, self._driver = self._driver, None
        if isinstance(driver, CallerDriver):
            driver.close()

    def _driven_by(self, driver: Driver) -> Driver:
        self._driver = driver
        self._recording.attach(driver)
        return driver

    # -- queue -----------------------------------------------------------------------------------

    def _enqueue(self, job: Job) -> None:
        self._agenda.waiting.append(job)
        if self._closed:
            self._drop_worker(unable("the session was closed"), "closed")
            return
        if self._worker is None:
            self._start_worker()
        self._dispatch()
        if job in self._agenda.waiting:
            self._tell_state()

    def _dispatch(self) -> None:
        """Give the worker its next job, if it is free for one."""
        worker, agenda = self._worker, self._agenda
        if agenda.can_begin and worker is not None and worker.is_free:
            job = agenda.begin_next()
            worker.send(job.message())
            job.begin()
            if not job.is_quiet:
                self._background.start_over()
                self._tell_state()

    @property
    def _has_worker(self) -> bool:
        return self._worker is not None

    def _change(self, job: Changing, change: Change) -> None:
        self._record(job, change)
        if self._can_change_beside(job):
            self._send_control(job)
        else:
            self._enqueue(job)

    def _can_change_beside(self, job: Job) -> bool:
        ready = self._worker is not None and self._worker.ready
        return ready and self._agenda.can_change_beside(job)

    def _record(self, job: Job, change: Change) -> None:
        """Have the log know of a job before the worker is given it."""
        job.recorded = self._recording.begin(change)
        job.recorded.wait(lambda: self._go_on_with(job))

    def _go_on_with(self, job: Job) -> None:
        """Give the worker a job that is safe in the log now, if it is its turn."""
        waiting = self._agenda.waiting
        if job in waiting and isinstance(job, Changing) and self._can_change_beside(job):
            waiting.remove(job)
            self._send_control(job)
        self._dispatch()

    def _ask_worker(self, question: dict[str, Any], done: Callable[[Any], None]) -> None:
        with self._lock:
            if self._worker is None or not self._worker.ready:
                done(None)
            else:
                self._send_control(Question(self._agenda.take_id(), question, done))

    def _send_control(self, job: Job) -> None:
        worker = self._worker
        assert worker is not None
        self._agenda.beside[job.id] = job
        worker.send_control(job.message())
        job.begin()

    def _may_have(self, ref: str) -> bool:
        """Whether the worker that runs can be the one that showed the value."""
        evaluation = ref.partition(":")[0]
        known = evaluation.isascii() and evaluation.isdigit() and len(evaluation) < 20
        return self._worker is not None and known and int(evaluation) >= self._first_id

    # -- interrupts ------------------------------------------------------------------------------

    def _stop(self, evaluation: int | None, stop: Callable[[Job], None]) -> bool:
        with self._lock:
            waiting = self._agenda.take_waiting(evaluation)
            running = self._agenda.running(evaluation)
            if running is not None:
                stop(running)
            for job in waiting:
                job.cancel()
            if waiting:
                self._tell_state()
            return running is not None or bool(waiting)

    def _interrupt_worker(self, job: Job) -> None:
        assert self._worker is not None
        assert self._driver is not None
        self._interruption.begin(job, self._worker, self._driver)

    def _signal(self, job: Job) -> None:
        if self._worker is not None:
            self._worker.interrupt(job.id)

    def _ask_for_interrupts(self, done: Callable[[dict[str, Any]], None]) -> None:
        self._send_control(Question(self._agenda.take_id(), {"op": "interrupts"}, done))

    def _not_obeyed(self, about: Unresponsive) -> None:
        self._tell_state()
        self._listener(NotObeyed(about))

    # -- worker ----------------------------------------------------------------------------------

    def _start_worker(self) -> None:
        driver = self._driver or self._driven_by(CallerDriver(self._lock))
        self._generation += 1
        self._first_id = self._agenda.oldest_id
        self._death = None
        events = WorkerEvents(
            ready=self._on_ready,
            free=self._dispatch,
            message=self._on_message,
            control=self._on_control,
            output=self._on_output,
            died=self._on_died,
        )
        try:
            self._worker = self._workers.start(events, driver)
        except CannotStart as error:
            self._on_died(Death(str(error)))
        else:
            self._tell_state()
            self._worker.begin()

    def _drop_worker(self, error: Error, how: Ending) -> None:
        worker, self._worker = self._worker, None
        self._steps.forget()
        self.truth.forget()
        if worker is not None:
            self._workers.retire(worker, polite=self._agenda.current is None)
        self._interruption.end()
        self._recording.end_life(how, error.message)  # what is asked for in an answer is another's
        self._agenda.end_all(error)
        self._end_tests()

    def _on_ready(self) -> None:
        self._dispatch()
        if self._agenda.current is None:
            self._tell_state()
        self._workers.is_in_use()

    def _on_message(self, message: dict[str, Any]) -> None:
        if message["op"] == "input":
            self._answer_input(message, self._agenda.current)
            return
        if message["op"] == "display":
            self._listener(to_displayed(message))
            return
        if self._take_of_tests(message):
            return
        job = self._agenda.current_of(message)
        reply = job.receive(message)
        if reply is not None and self._worker is not None:
            self._worker.send(reply)
        if job.is_done:
            self._steps.ended(job, message)
            self.truth.ended(message)
            self._agenda.current = None
            self._interruption.end(job)
            self._dispatch()
            if self._agenda.current is None and not job.is_quiet:
                self._tell_state()
            self._finish(job)

    def _finish(self, job: Job) -> None:
        """Have a job answered, and then told what it may have changed."""
        job.finish()
        touched = job.touched
        if touched is not None:
            self._listener(touched)

    def _answer_input(self, message: dict[str, Any], job: Job | None) -> None:
        worker = self._worker
        evaluation = None if job is None else job.id
        request = InputRequest(evaluation, message["prompt"], message["password"])

        def reply(text: str | None, *, cancelled: bool = False) -> None:
            with self._lock:
                if worker is not None and worker is self._worker:
                    answer = {"question": message["question"], "text": text, "cancelled": cancelled}
                    worker.send_control({"op": "line", **answer})

        self._ask(request, reply)

    def _on_control(self, message: dict[str, Any]) -> None:
        job = self._agenda.take_beside(message)
        self._interruption.end(job)
        self._steps.ended(job, message)
        self.truth.ended(message)
        job.receive(message)
        self._dispatch()
        self._finish(job)

    def _on_output(self, stream: Stream, text: str, owner: int | None) -> None:
        """Take output; without an owner it is of what runs at the time."""
        current = self._agenda.current
        if isinstance(current, Evaluating) and owner in (None, current.id):
            current.output.add(stream, text)
        elif owner == STATEMENT:
            if isinstance(current, Evaluating):
                current.output.mark_statement(stream)
        elif owner is None and current is not None and current.takes_output:
            return
        else:
            self._background.add(self._agenda.begun(owner), stream, text)

    def _on_died(self, death: Death, how: Ending = "died") -> None:
        job = self._agenda.current
        running, document = (None, None) if job is None else (job.running, job.document)
        self._death = death.words(running)
        began = self._worker is not None
        error = death.error(running, document) if began else unable(death.reason)
        self._drop_worker(error, how if began else "stopped")
        self._tell_state()

    def _state(self) -> SessionState:
        if self._worker is None:
            return "dead" if self._death else "idle"
        if not self._worker.ready:
            return "starting"
        return "idle" if self._agenda.is_idle else "busy"

    def _tell_state(self) -> None:
        self._listener(StateChanged(self.info()))
