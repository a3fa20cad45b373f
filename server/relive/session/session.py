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
    CameBack,
    Error,
    Evaluation,
    SessionInfo,
    Stream,
)
from relive.session.capturing import Capturing
from relive.session.changes import Changes
from relive.session.checkpoints import Checkpoints
from relive.session.choosing import Choosing
from relive.session.coming_back import ComingBack
from relive.session.death import Death, unable
from relive.session.driver import CallerDriver, Driver, LoopDriver
from relive.session.evaluating import Evaluating
from relive.session.events import Event
from relive.session.freshening import Freshening
from relive.session.going_back import GoingBack
from relive.session.holding import Holding
from relive.session.holds import Holds
from relive.session.jobs import Changing, Job, Question
from relive.session.ladder import Interruption
from relive.session.parking import Parking
from relive.session.process import CannotStart
from relive.session.questions import Questions
from relive.session.record import BackgroundOutput
from relive.session.recording import Recording
from relive.session.replay import Replaying
from relive.session.requests import EvaluateRequest, InputRequest, Reply
from relive.session.settings import Settings
from relive.session.starting import Starting, StartupCode, startup_code
from relive.session.steps import Steps
from relive.session.stopping import Stopping
from relive.session.supervisor import Worker, WorkerEvents
from relive.session.telling import Telling
from relive.session.timeline import Timeline
from relive.session.truth import Truth
from relive.session.trying import Tries
from relive.session.values import Gone, NoView
from relive.session.viewing import View, Viewing, gone_with_its_process
from relive.session.watching import Watching
from relive.session.wishes import Wishes
from relive.session.workers import Workers
from relive.wire.marks import STATEMENT

Ask = Callable[[InputRequest, Reply], None]
Shown = TypeVar("Shown")


class Session(
    Telling,
    Choosing,
    Holding,
    Stopping,
    Questions,
    Changes,
    Tries,
    GoingBack,
    Freshening,
    Parking,
    Watching,
    ComingBack,
    Capturing,
    Starting,
):
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
        startup: StartupCode | str | os.PathLike[str] | None = None,
    ) -> None:
        """Make a session; its worker starts with the first request.

        Args:
            interpreter: the Python to run code in; None: the one running this.
            cwd: the worker's working folder, first on its `sys.path`.
            settings: limits of results, and which dependencies run.
            listener: is told of results, output and state as they come.
            ask: gives user code its lines of input; None: it meets end of file.
            log: where what runs is recorded before it does; True: in `cwd`, None: nowhere.
            startup: a file that runs first in each process; that it fails is a warning.
        """
        self.settings = settings or Settings()
        self._cwd = os.path.abspath(cwd)  # links stay: the caller's names are those shown
        self._is_heard = listener is not None
        self.truth = Truth(listener or (lambda event: None))
        self._listener = self.truth.heard
        self.startup = startup_code(startup)
        self._ask: Ask = ask or (lambda request, reply: reply(None))
        self._lock = threading.RLock()
        self._driver: Driver | None = None
        self._workers = workers = Workers(interpreter, self._cwd)
        log = ChangeLog(self._cwd) if log is True else log or None
        self.home = self._cwd if log is None else str(log.folder)
        self._recording = Recording(log, lambda: workers.interpreter)
        self._worker: Worker | None = None
        self._evaluations = 0
        self._agenda = Agenda()
        self.holds = Holds()
        """What the process holds."""
        self._test_runs = {}
        self.wishes = Wishes()
        self._steps = Steps()
        self._checkpoints, self._timeline = Checkpoints(), Timeline()
        self._background = BackgroundOutput(self._listener)
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
            first = self._agenda.next_id
            self._abandon_same(request)
            number, listener = self._agenda.take_id(), self._listener
            about = self._with_hold(request), self.settings, self.wishes
            job = Evaluating(number, *about, listener, done, self.home)
            self._evaluations += 1
            self._place(job, recording.evaluation(request))
            self._timeline.begins_with(job, first)
            self._proceed(job)
            return job.id

    def submit_view(self, view: View[Shown], done: Callable[[Shown | Gone | NoView], None]) -> int:
        """Ask about a value once nothing runs. Return the number to give it up by (`give_up`).

        Starts a worker only for what makes the value it asks about.
        """
        with self._lock:
            job = Viewing(self._agenda.take_id(), view, self.settings, done)
            if not view.is_for(None if self._worker is None else self._workers.first_id):
                done(gone_with_its_process())
            else:
                self._do(job)
            return job.id

    def begin_restart(self, done: Callable[[SessionInfo], None]) -> None:
        """Replace the worker by a new one; what runs or waits ends as `died`."""
        with self._lock:
            self._drop_worker(unable("the session was restarted"), "restarted")
            self._start_anew()
            if self._worker is None:
                done(self.info())
            else:
                self._worker.on_ready(lambda: done(self.info()))

    def begin_stop(self) -> None:
        """End the worker; what runs or waits ends as `died`. The next request starts another."""
        with self._lock:
            self._drop_worker(unable("the session was stopped"), "stopped")
            self._tell_state()

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

    def _do(self, job: Job, change: Change | None = None) -> None:
        """Have the worker do a job beside what runs, or in its turn."""
        self._place(job, change)
        self._proceed(job)

    def _place(self, job: Job, change: Change | None = None) -> None:
        """Put a job on the agenda, and have the log know of it; nothing comes of that yet.

        It stands there from when it has its number: what has to do with all that was asked before
        goes by either, such as a copy of the process.
        """
        self._agenda.waiting.append(job)
        if change is not None:
            job.recorded = self._recording.begin(change)
            self._timeline.asked(job, change)

    def _proceed(self, job: Job) -> None:
        """Have the worker do a job that was put on the agenda, once it is safe in the log."""
        job.recorded.wait(lambda: self._go_on_with(job))
        if self._closed:
            self._drop_worker(unable("the session was closed"), "closed")
            return
        if self._worker is None:
            self._start_anew()
            self._dispatch()
        if job in self._agenda.waiting:
            self._tell_state()

    def _go_on_with(self, job: Job) -> None:
        """Give the worker a job that is safe in the log now, if it is its turn."""
        waiting = self._agenda.waiting
        if job in waiting and self._can_go_beside(job):
            waiting.remove(job)
            self._send_control(job)
        self._dispatch()

    def _dispatch(self) -> None:
        """Give the worker its next job, if it is free for one."""
        worker, agenda = self._worker, self._agenda
        if self._undecided is None and agenda.can_begin and worker is not None and worker.is_free:
            job = agenda.begin_next()
            self._park_before(job)
            self._watch_before(job)
            worker.send(self.truth.prepared(job.message()))
            job.begin()
            self._timeline.count()
            if not job.is_quiet:
                self._background.start_over()
                self._tell_state()
            self._send_about_threads()
        else:
            self._park_meanwhile()

    @property
    def _has_worker(self) -> bool:
        return self._worker is not None

    def _can_go_beside(self, job: Job) -> bool:
        ready = self._worker is not None and self._worker.ready
        return ready and self._agenda.can_go_beside(job)

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
        if isinstance(job, Changing):
            self._checkpoints.changed_beside()
            self._timeline.passes(job, self._agenda.waiting)
        self._timeline.begins(job, is_watched=self._is_watched is True)
        worker.send_control(job.message())
        job.begin()

    # -- worker ----------------------------------------------------------------------------------

    def _start_worker(self) -> None:
        driver = self._driver or self._driven_by(CallerDriver(self._lock))
        self._workers.next_begins(self._agenda.oldest_id)
        events = WorkerEvents(
            ready=self._on_ready,
            free=self._dispatch,
            message=self._on_message,
            control=self._on_control,
            output=self._on_output,
            died=self._on_died,
            fell=self._on_fell,
            copies=self._on_copies,
        )
        try:
            self._worker = self._workers.start(events, driver)
        except CannotStart as error:
            self._on_died(Death(str(error)))
        else:
            self._tell_state()
            self._start_up()
            self._worker.begin()

    def _drop_worker(self, error: Error, how: Ending, *, keeps_truth: bool = False) -> None:
        worker, self._worker = self._worker, None
        self._undecided = None
        self._steps.forget()
        if not keeps_truth:
            self.truth.forget()
        self._timeline.forget()
        self._checkpoints, self._workers.came_back, self._is_watched = Checkpoints(), None, False
        self._park_no_more()
        if worker is not None:
            self._workers.retire(worker, polite=self._agenda.current is None)
        self._interruption.end()
        self.holds.forget()
        self._recording.end_life(how, error.message)  # what is asked for in an answer is another's
        self._agenda.end_all(error)
        self._end_tests()

    def _wake(self, checkpoint: int, error: Error, came_back: CameBack | None = None) -> None:
        assert self._worker is not None
        self._worker.go_back(checkpoint)
        self._is_watched = None
        self._workers.copy_goes_on(came_back)
        self._interruption.end()
        self._agenda.end_all(error)
        self._end_tests()
        self._steps.went_back({each.entry for each in self._timeline.since(checkpoint)})
        self.holds.put_back(self._checkpoints.held_at(checkpoint))
        self._timeline.back_to(checkpoint)
        self._checkpoints.went_back(checkpoint)
        self._tell_state()

    def _on_ready(self) -> None:
        self._dispatch()
        if self._agenda.is_quiet:
            self._tell_state()
        self._workers.is_in_use()

    def _on_message(self, message: dict[str, Any]) -> None:
        if message["op"] == "input":
            self._answer_input(message, self._agenda.current)
            return
        if self._take_of_time(message) or self._take_unasked(message):
            return
        if self._take_held(message):
            self._tell_state()
            return
        job = self._agenda.current_of(message)
        reply = job.receive(message)
        if reply is not None and self._worker is not None:
            self._worker.send(reply)
        if job.is_done:
            self._steps.ended(job, message)
            self.truth.ended(job.id, message)
            self._agenda.current = None
            self._note_ended(job, message)
            self._interruption.end(job)
            self._dispatch()
            self._look_at_python(message)
            if self._agenda.is_quiet and not job.is_quiet:
                self._tell_state()
            self._finish(job)

    def _finish(self, job: Job) -> None:
        """Have a job answered, and then told what it may have changed."""
        job.finish()
        self._timeline.ended(job)
        touched = job.touched if self._is_heard else None
        if touched is not None:
            self._listener(touched)

    def _answer_input(self, message: dict[str, Any], job: Job | None) -> None:
        worker = self._worker
        evaluation = None if job is None else job.subject
        request = InputRequest(evaluation, message["prompt"], message["password"])

        def reply(text: str | None, *, cancelled: bool = False) -> None:
            with self._lock:
                if worker is not None and worker is self._worker:
                    answer = {"question": message["question"], "text": text, "cancelled": cancelled}
                    worker.send_control({"op": "line", **answer})

        self._ask(request, reply)

    def _on_control(self, message: dict[str, Any]) -> None:
        job = self._agenda.take_beside(message)
        self._hear_of_steps(message)
        self._interruption.end(job)
        self._steps.ended(job, message)
        self.truth.ended(job.id, message)
        job.receive(message)
        held = self.holds.numbers
        self._note_ended(job, message)
        self._dispatch()
        if self.holds.numbers != held:
            self._tell_state()
        self._finish(job)

    def _on_output(self, stream: Stream, text: str, owner: int | None) -> None:
        """Take output; without an owner it is of what runs at the time."""
        current = self._agenda.current
        if isinstance(current, Evaluating) and owner in (None, current.subject):
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
        self._workers.death = death.words(running)
        began = self._worker is not None
        error = death.error(running, document) if began else unable(death.reason)
        self._drop_worker(error, how if began else "stopped")
        self._tell_state()
