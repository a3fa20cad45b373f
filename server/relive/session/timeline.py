"""What ran in a session's worker, in its order: what a rewind undoes, and what it runs again."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from relive.changelog.entries import Change
from relive.session.events import Displayed, result_id
from relive.session.gave import Gave
from relive.session.jobs import Job
from relive.session.logged import effects_of
from relive.session.past_texts import PastText, PastTexts
from relive.session.requests import BY_ITSELF
from relive.session.viewing import to_displayed
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from relive.session.acting import Acting

_MOST_STEPS = 5_000
_MOST_TEXT = 64 * 1024 * 1024
"""Characters that are kept of documents."""
_MOST_GIVEN = 64 * 1024 * 1024
"""Characters that are kept of what steps gave; then the oldest lose their output."""
_LABEL = 60
_GOING_ON = {
    "retryStatement": "retry from the failing statement",
    "restartFrame": "restart a frame",
    "return": "return a value",
    "abandon": "abandon",
}
"""How what was held went on, in words."""


@dataclass
class Step:
    """One request that the worker was given, or is to be."""

    number: int
    """The job's."""
    change: Change
    """Without its document."""
    document: PastText | None
    entry: str | None
    """Its entry in the log."""
    subject: int
    """The number that what the worker says of it carries: where it has what was held go on, that
    evaluation's."""
    known_as: set[int]
    """The evaluations that its results are shown as: it, and what it was when it ran before."""
    first: int = 0
    """The step that it begins with: the first of those that abandon what is held, for it to run."""
    formerly: set[int] = field(default_factory=set)
    """The numbers that it had when it ran before."""
    passed: int = 0
    """The step that it was done before, though that one was asked for earlier and waited."""
    has_begun: bool = False
    earlier: int = 0
    """How many results there were before it."""
    status: str | None = None
    """How it ended; None: it has not."""
    before: str | None = None
    """How what it does again had ended."""
    duration_ms: float = 0.0
    kept_ms: float = 0.0
    """How much of that went into values that were stored then, and are only taken the next time."""
    results: int = 0
    is_watched: bool = False
    """Whether the process tells what it does outside (`watching.py`)."""
    acts: list[str] = field(default_factory=list)
    """What it did outside of the process, in words, as far as it was watched."""
    displays: list[Displayed] = field(default_factory=list)
    """Pictures that it has shown."""
    _gave: Gave | None = None
    _unread: Job | None = None
    """The job, once it has ended, until somebody asks what it gave."""

    @property
    def gave(self) -> Gave | None:
        """What it ran and gave, once it has ended."""
        job = self._unread
        if job is not None:
            self._gave, self._unread = job.gave(), None
        return self._gave

    def ended(self, job: Job) -> None:
        """Note that its job has ended."""
        self._unread = job

    def gave_results(self, results: list[dict[str, Any]]) -> None:
        """Note what came of some of its statements."""
        self.results += len(results)
        stored = (each for each in results if (each["kept"] or {}).get("state") == "stored")
        self.kept_ms += sum(each["seconds"] for each in stored) * 1000

    @property
    def whole_change(self) -> Change:
        """What was asked, with the document as it was then."""
        return replace(self.change, document=None if self.document is None else self.document.text)

    @property
    def numbers(self) -> set[int]:
        """What it is known by."""
        return {self.number, *self.formerly, *self.known_as}

    @property
    def place(self) -> tuple[int, bool, int]:
        """What puts steps in the order in which they were done."""
        return self.passed or self.number, not self.passed, self.number

    @property
    def outcome(self) -> str | None:
        """How it ended, or will as far as one knows: as what it does again; None: nobody knows."""
        return self.before if self.status is None else self.status

    @property
    def is_evaluation(self) -> bool:
        """Whether it is one, or what was held going on."""
        return self.change.kind in ("evaluate", "resume") and self.status != "refused"

    @property
    def label(self) -> str:
        """What it is called in a sentence."""
        change = self.change
        text = change.text
        if change.kind == "resume":
            text = _GOING_ON[change.action or ""]
        elif change.kind != "evaluate":
            text = f"{change.kind} {change.name or change.action or ''}"
        return shortened(text or change.kind)

    @property
    def may_act(self) -> bool:
        """Whether it may do something outside, as a look at its text tells (see `acting`)."""
        return effects_of(self.change) == "unknown"

    @property
    def may_act_again(self) -> bool:
        """Whether running it again may do something outside once more."""
        return bool(self.acts) or (not self.is_watched and self.may_act)

    @property
    def size(self) -> int:
        """About how many characters are kept of what it gave."""
        gave = self.gave
        pictures = sum(len(mime.data) for each in self.displays for mime in each.displays)
        return pictures + (0 if gave is None else gave.size)

    def let_output_go(self) -> None:
        """Keep no more than its code."""
        gave, self.displays = self.gave, []
        self._gave = None if gave is None else replace(gave, output=())

    def result_ids(self) -> list[str]:
        """Return the ids of its results, and of what failed, as whoever shows them knows them."""
        ends = range(self.earlier + 1, self.earlier + self.results + 1 + (self.status != "ok"))
        return [result_id(number, each) for number in self.known_as for each in ends]

    def statements(self) -> dict[int, int]:
        """Return by request which of its statements are undone with it: from that one on."""
        first = 0 if self.subject == self.number else self.earlier + 1
        return {**dict.fromkeys(self.known_as, first), self.number: 0}


def shortened(text: str) -> str:
    """Return what code is called in a sentence."""
    first, *more = text.strip().splitlines() or [""]
    cut = first.strip()[:_LABEL]
    return f"{cut} …" if more or len(cut) == _LABEL else cut


_TOLD = frozenset(("result", "done", "held", "refused", "acted", "redefined", "undone", "display"))
"""What the worker says that is of steps."""


def _before(number: int) -> tuple[int, bool, int]:
    """Return the place just before a step, and after what was done before it while it waited."""
    return number, True, 0


class Timeline:
    """The steps of one worker since its start."""

    def __init__(self) -> None:
        self._steps: dict[int, Step] = {}
        self._numbers: list[int] = []
        """Theirs, in their order."""
        self._latest_of: dict[int, Step] = {}
        """By what the worker calls it: the last step that it is of."""
        self._documents = PastTexts()
        self.is_whole = True
        """Whether it goes back to the worker's start."""
        self._given = 0
        """Characters that are kept of what steps gave."""
        self._acting: Acting | None = None
        self._latest: Step | None = None
        """One that has ended, and is not counted among what was given."""

    def asked(self, job: Job, change: Change) -> Step:
        """Note a request, which is in the log by now."""
        held = self._steps.get(job.subject)
        step = self._step(job, change)
        if held is not None:
            step.known_as = held.known_as
        if job.id not in self._steps:
            insort(self._numbers, job.id)
        self._steps[job.id] = step
        if len(self._steps) > _MOST_STEPS or self._documents.characters > _MOST_TEXT:
            self._forget_first()
        return step

    def begins_with(self, job: Job, first: int) -> None:
        """Note that steps from that number on were only done for a job to run."""
        step = self._steps.get(job.id)
        if step is not None:
            step.first = first

    def passes(self, job: Job, waiting: Iterable[Job]) -> None:
        """Note that a change of the image is done now, before what of these was asked earlier."""
        step = self._steps.get(job.id)
        earlier = (each for each in waiting if each.id in self._steps and each.id < job.id)
        passed = next(earlier, None)
        if step is not None and passed is not None:
            step.passed = passed.id
            job.recorded.passes(passed.recorded)

    def drop(self, jobs: Iterable[Job]) -> None:
        """Forget what was asked for, and will not be done."""
        for number in [each.id for each in jobs if each.id in self._steps]:
            del self._steps[number]
        self._numbers = sorted(self._steps)

    def begins(self, job: Job, *, is_watched: bool) -> None:
        """Note that the worker is given a job now."""
        step = self._steps.get(job.id)
        if step is not None:
            before = self._of(step.subject)
            step.earlier = 0 if before is None else before.earlier + before.results
            step.has_begun, step.is_watched = True, is_watched
            self._latest_of[step.subject] = step

    def repeats(self, job: Job, step: Step) -> None:
        """Note that a job does again what a step did, and goes by that one's numbers too."""
        noted = self._steps.get(job.id)
        if noted is not None:
            noted.before = step.outcome
        if noted is not None and noted.is_evaluation:
            noted.formerly |= {step.number, *step.formerly}
            ran = (each for each in self._steps.values() if step.first in each.formerly)
            noted.first = next((each.number for each in ran), job.id)
            if step.subject == step.number:
                noted.known_as |= step.known_as

    def _step(self, job: Job, change: Change) -> Step:
        document = None
        if change.document is not None:
            document = self._documents.keep(change.file, change.document)
            change = replace(change, document=None)
        subject = job.subject or job.id
        return Step(job.id, change, document, job.recorded.entry, subject, {job.id}, job.id)

    def _forget_first(self) -> None:
        """Forget the first half: what is left is what rewinds are about."""
        self.count()
        half = len(self._numbers) // 2
        for number in self._numbers[:half]:
            del self._steps[number]
        del self._numbers[:half]
        self._note_subjects()
        self._documents.keep_only(filter(None, (each.document for each in self._steps.values())))
        self._acting = None
        self._given = sum(each.size for each in self._steps.values())
        self.is_whole = False

    def ended(self, job: Job) -> None:
        """Note that a job has ended; who waits for its answer does not wait for more (`count`)."""
        step = self._steps.get(job.id)
        if step is not None:
            self.count()
            step.ended(job)
            self._latest = step

    def count(self) -> None:
        """Read what the latest step gave, while the worker is at the next one."""
        step, self._latest = self._latest, None
        if step is None:
            return
        self._given += step.size
        oldest_first = iter(list(self._steps.values()))
        while self._given > _MOST_GIVEN and (oldest := next(oldest_first, None)) is not None:
            self._given -= oldest.size
            oldest.let_output_go()
            self._given += oldest.size

    def heard(self, message: dict[str, Any]) -> None:
        """Take in what the worker says of a step."""
        step = self._of(message["id"]) if message["op"] in _TOLD else None
        if step is None:
            return
        if message["op"] == "result":
            step.gave_results([message["result"]])
        elif message["op"] in ("done", "held") and message.get("thread") is None:
            step.gave_results(message["results"])
            step.status = message.get("status", "held")
            step.duration_ms = message["seconds"] * 1000
        elif message["op"] == "refused":
            step.status = "refused"
        elif message["op"] == "acted":
            step.acts.append(message["what"])
        elif message["op"] == "display":
            step.displays.append(to_displayed(message))
        elif message["op"] in ("redefined", "undone"):
            step.status = "error" if message["error"] is not None else "ok"

    def _of(self, subject: int | None) -> Step | None:
        """Return what the worker speaks of by a number: the last that it is of."""
        return None if subject is None else self._latest_of.get(subject)

    def _note_subjects(self) -> None:
        begun = (each for each in self._steps.values() if each.has_begun)
        self._latest_of = {each.subject: each for each in begun}

    def acting(self) -> frozenset[int]:
        """Return the numbers of the steps that may have acted outside, judged unwatched."""
        from relive.session.acting import Acting  # most sessions never go back

        self._acting = self._acting or Acting()
        return self._acting.among(self.since(0))

    def at(self, number: int) -> Step | None:
        """Return the step of that number."""
        return self._steps.get(number)

    def find(self, evaluation: int) -> Step | None:
        """Return the step that an evaluation is."""
        steps = (each for each in self._steps.values() if each.is_evaluation)
        return next((each for each in steps if evaluation in each.numbers), None)

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the steps, in their order."""
        return self._numbers

    def last(self) -> Step | None:
        """Return the last evaluation that somebody has asked for."""
        found = [each for each in self._steps.values() if each.is_evaluation]
        asked = [each for each in found if each.change.origin != BY_ITSELF.origin]
        return max(asked, key=lambda each: each.number, default=None)

    def between(self, first: int, end: int) -> list[Step]:
        """Return the steps from number `first` to before `end`, in their order."""
        return [each for each in self.since(first) if each.place < _before(end)]

    def since(self, number: int) -> list[Step]:
        """Return the steps from that number on, in their order."""
        found = (each for each in self._steps.values() if each.place > _before(number))
        return sorted(found, key=lambda each: each.place)

    def back_to(self, number: int) -> None:
        """Forget the steps from that number on."""
        self._latest, self._acting = None, None
        left = (each for each in self._steps.values() if each.place < _before(number))
        self._steps = {each.number: each for each in left}
        self._numbers = sorted(self._steps)
        self._note_subjects()
        self._given = sum(each.size for each in self._steps.values())

    def forget(self) -> None:
        """Begin anew, with another worker."""
        self._steps, self._documents, self.is_whole = {}, PastTexts(), True
        self._numbers = []
        self._latest_of = {}
        self._given, self._latest, self._acting = 0, None, None
