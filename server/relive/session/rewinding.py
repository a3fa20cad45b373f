"""Going back to the state before an evaluation: by a checkpoint, or by what led there run again.

A checkpoint is made just before an evaluation, now and then (`checkpoints.py`). From the nearest
one before an evaluation what ran between is run again; where there is none, all that ran is, in a
new process. Nothing that was done outside of the process is undone; it is told.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from relive.changelog.entries import Change
from relive.changelog.log import Ending
from relive.session.again import EvaluatingAgain, ResumingAgain
from relive.session.agenda import Agenda
from relive.session.answers import CameBack, Error, Evaluation
from relive.session.blocking import Blocking
from relive.session.checkpoints import Checkpoints
from relive.session.death import Death, unable
from relive.session.definition_answers import Redefinition
from relive.session.evaluating import Evaluating
from relive.session.events import Event, HeldAgain, Rewound
from relive.session.holds import Holds, Refused, as_receipt
from relive.session.jobs import Job, Redefining, Reverting, Undoing
from relive.session.open_files import written_since
from relive.session.recording import Recording
from relive.session.requests import (
    EvaluateRequest,
    RedefineRequest,
    ResumeRequest,
    RevertRequest,
)
from relive.session.rewinds import (
    Again,
    CannotRewindError,
    Plan,
    RewindOffer,
    RewindReport,
    RewoundSession,
    request_again,
    with_report,
)
from relive.session.settings import Settings
from relive.session.supervisor import Worker
from relive.session.timeline import Step, Timeline
from relive.session.truth import Truth
from relive.session.wishes import Wishes

_NOTHING = "There is nothing to go back over: nothing has run in the process."
_UNKNOWN = "It is not of the process that runs, or ran too long ago to be gone back to."


class Rewinding(Blocking):
    """The part of a session that goes back."""

    settings: Settings
    _agenda: Agenda
    _recording: Recording
    _worker: Worker | None
    _listener: Callable[[Event], None]
    holds: Holds
    wishes: Wishes
    _checkpoints: Checkpoints
    _timeline: Timeline
    truth: Truth
    _rewinds = 0
    _going_back: Again | None = None
    """What is under way, until its end is told."""

    @abstractmethod
    def _place(self, job: Job, change: Change | None = None) -> None:
        """See Session."""

    @abstractmethod
    def _proceed(self, job: Job) -> None:
        """See Session."""

    @abstractmethod
    def _dispatch(self) -> None:
        """See Session."""

    @abstractmethod
    def _start_worker(self) -> None:
        """See Session."""

    @abstractmethod
    def _drop_worker(self, error: Error, how: Ending, *, keeps_truth: bool = False) -> None:
        """See Session."""

    @abstractmethod
    def _wake(self, checkpoint: int, error: Error, came_back: CameBack | None = None) -> None:
        """Have the worker's copy go on in its place; what runs or waits ends with `error`."""

    @abstractmethod
    def _on_died(self, death: Death, how: Ending = "died") -> None:
        """See Session."""

    # -- going back ------------------------------------------------------------------------------

    def rewind(self, evaluation: int | None = None) -> RewoundSession:
        """Go back to the state before an evaluation, by its id; None: before the last one.

        Raises:
            CannotRewindError: it cannot be done, and nothing has changed.
        """
        rewound: RewoundSession = self._wait(partial(self.submit_rewind, evaluation))
        return rewound

    def rewind_offer(self, evaluation: int | None = None) -> RewindOffer:
        """Return what a rewind to before an evaluation would do; None: the last one.

        Raises:
            CannotRewindError: it cannot be done.
        """
        with self._lock:
            plan = self._plan(evaluation)
            again = tuple(step.label for step in plan.again)
            lasted = [step.duration_ms - step.kept_ms for step in plan.again]
            took = max(0.0, sum(lasted)) if lasted else None
            undone = sum(1 for step in plan.undone if step.change.kind == "evaluate")
            why_not = self._checkpoints.why_not
            step, known_as = plan.step, tuple(sorted(plan.step.numbers))
            about = step.number, known_as, step.label, plan.by
            left = plan.warnings(), plan.unwatched()
            return RewindOffer(*about, *left, undone, again, took, why_not)

    def steps(self) -> list[Step]:
        """Return what has led to the state of the process, in its order."""
        with self._lock:
            return self._timeline.since(0)

    @property
    def has_all_steps(self) -> bool:
        """Whether `steps` goes back to the process's start: the first of very many are let go."""
        return self._timeline.is_whole

    def submit_rewind(self, evaluation: int | None, done: Callable[[RewoundSession], None]) -> None:
        """Go back to before an evaluation, or the last one. What runs or waits ends as `died`.

        Raises:
            CannotRewindError: it cannot be done, and nothing has changed.
        """
        with self._lock:
            plan = self._plan(evaluation)
            if self._going_back is not None:
                self._going_back.overtaken()
            error = unable("the session was rewound")
            self._note(plan.undone)
            if plan.checkpoint is None:
                self._drop_worker(error, "restarted", keeps_truth=True)
                self._start_worker()
            else:
                self._wake(plan.checkpoint.number, error)
            again = self._going_back = Again(plan, partial(self._went_back, done))
            self._repeat(again)
            if self._worker is not None:
                self._worker.on_ready(lambda: again.ready(self._worker))

    def _went_back(self, done: Callable[[RewoundSession], None], report: RewindReport) -> None:
        self._going_back = None
        done(with_report(self.info(), report))

    def _plan(self, evaluation: int | None) -> Plan:
        timeline = self._timeline
        step = timeline.last() if evaluation is None else timeline.find(evaluation)
        if self._worker is None or step is None:
            raise CannotRewindError(_NOTHING if evaluation is None else _UNKNOWN)
        checkpoint = self._checkpoints.before(step.first)
        if checkpoint is None and not timeline.is_whole:
            raise CannotRewindError("There is no checkpoint, and too much ran to run it again.")
        between = timeline.between(0 if checkpoint is None else checkpoint.number, step.first)
        did = [each for each in between if not _was_refused(each)]
        obstacle = next(filter(None, map(_obstacle, did)), None)
        if obstacle is not None:
            raise CannotRewindError(obstacle)
        ended = [each for each in did if each.outcome is not None]
        left_out = [each for each in ended if each.outcome == "interrupted"]
        again = [each for each in ended if each not in left_out]
        undone = timeline.since(step.first)
        written: tuple[str, ...] = ()
        if checkpoint is not None:
            written = written_since(checkpoint.pid, checkpoint.files)
        return Plan(step, checkpoint, again, left_out, undone, written, timeline.acting())

    def _note(self, undone: list[Step], cause: str | None = None) -> None:
        """Have the log and whoever shows results know what has been undone."""
        self._rewinds += 1
        if undone:
            by_itself = cause is not None
            change = Change("rewind", of=undone[0].entry, unasked=by_itself)
            self._recording.begin(change).noted()
            self._take_back(undone, cause)

    def _take_back(self, undone: list[Step], cause: str | None = None) -> None:
        """Have results of steps that are undone be known not to be true, nor to spoil others."""
        self.truth.undo(_statements(undone))
        results = [(each.change.file, result) for each in undone for result in each.result_ids()]
        self._listener(Rewound(tuple(results), cause))

    def _repeat(self, again: Again) -> None:
        """Have it all run again, each step once the one before it has been answered."""
        for step in again.plan.again:
            job = self._job_of(step, again)
            job.is_its_turn = not again.jobs
            again.jobs.append(job)
            self.truth.repeats(job.id)
            self._place(job, _changed_by(step))
            self._timeline.repeats(job, step)
            self._proceed(job)

    def _job_of(self, step: Step, again: Again) -> Job:
        number, request = self._agenda.take_id(), request_again(step)
        ended = partial(self._ended_again, again, step)
        if isinstance(request, EvaluateRequest):
            about = self.holds, request, self.settings, self.wishes
            return EvaluatingAgain(number, *about, ended, self.home)
        if isinstance(request, ResumeRequest):
            held = again.evaluating(step) or self._held(step)
            resumed = partial(self._resumed_again, again, step)
            return ResumingAgain(number, self.holds, held, request, resumed)
        if isinstance(request, RedefineRequest):
            return Redefining(number, request, ended)
        if isinstance(request, RevertRequest):
            return Reverting(number, request, ended)
        return Undoing(number, ended)

    def _held(self, step: Step) -> Evaluating:
        """Return what a step had go on that was held before the first that runs again."""
        hold = self.holds.of(step.subject)
        assert hold is not None
        assert hold.job is not None
        return hold.job

    def _resumed_again(self, again: Again, step: Step, answer: Evaluation | Refused) -> None:
        self._ended_again(again, step, as_receipt(answer))

    def _ended_again(self, again: Again, step: Step, answer: Evaluation | Redefinition) -> None:
        if again.is_overtaken:
            return
        again.took(step, answer)
        if again.failed is not None:
            waiting = self._agenda.waiting
            self._agenda.waiting = [each for each in waiting if each not in again.jobs]
            self._timeline.drop(each for each in waiting if each in again.jobs)
            self._take_back(again.not_repeated())
            return
        if isinstance(answer, Evaluation) and answer.status == "held":
            self._listener(HeldAgain(answer.id, tuple(sorted(step.known_as))))
        again.next_has_its_turn()
        self._dispatch()


def _was_refused(step: Step) -> bool:
    return step.change.kind == "resume" and step.outcome == "refused"


def _obstacle(step: Step) -> str | None:
    """Return why a step cannot run again."""
    if step.change.inside == "call":
        return "What ran in the variables of a call does not run again."
    if step.change.kind == "resume" and step.subject == step.number:
        return "An error was held on a thread since, which does not go on again by itself."
    if step.change.kind == "resume" and step.outcome == "interrupted":
        return "What was held went on and was interrupted, which does not run again."
    return None


def _statements(steps: list[Step]) -> dict[int, int]:
    """Return by request which of its statements are of these steps: from that one on."""
    found: dict[int, int] = {}
    for step in steps:
        for number, first in step.statements().items():
            found[number] = min(first, found.get(number, first))
    return found


def _changed_by(step: Step) -> Change:
    return replace(step.whole_change, origin="rewind", of=step.entry or step.change.of)
