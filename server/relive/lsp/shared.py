"""What several connections share: one session, whoever has its folder open.

Each connection has a `FolderSession` of its own around it, with its own documents. Here is what a
session has only once: whom its input is asked of, where its statements stand, who acts unasked,
and which connection asked for what.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from time import monotonic
from typing import Protocol

from relive.lsp.configuration import Startup
from relive.lsp.questions import Questions
from relive.lsp.result_places import ResultPlaces
from relive.lsp.standing_results import StandingResults
from relive.lsp.startup_protocol import StartupParams
from relive.session.answers import Evaluation
from relive.session.events import Event, OutputReady, Resumed, Started, StateChanged
from relive.session.holds import Refused
from relive.session.requests import EvaluateRequest, InputRequest, Reply, ResumeRequest
from relive.session.session import Session
from relive.session.units import Unit
from relive.source.positions import Position, Range
from relive.source.quick_dataclasses import dataclass

NOBODY = 0
"""The number of no connection: start-up code runs without being asked for."""


@dataclass(frozen=True)
class Begun:
    """An evaluation that has left the queue."""

    evaluation: int
    at: float
    """By the clock that only goes on."""
    statement: Range | None
    """What runs of it now, if it has said so."""


@dataclass(frozen=True)
class Asked:
    """A connection has asked for an evaluation, or has one that is held go on."""

    evaluation: int
    request: EvaluateRequest
    by: int
    """The number of the connection."""
    begun: Begun | None = None
    """None: it waits."""

    @property
    def token(self) -> str:
        """What the other connections are told of it with."""
        if self.by == NOBODY:
            return f"startup:{self.evaluation}"
        return f"other:{self.by}:{self.evaluation}"


class Member(Protocol):
    """A session as one connection has it."""

    connection: int
    results: ResultPlaces
    is_console: bool
    """Whether its user has no files there: it leads only where nobody else can."""

    @property
    def startup(self) -> Startup:
        """Whether the connection has start-up code run."""

    def allow(self, params: StartupParams, allowed: Callable[[bool], None]) -> None:
        """Have the user say whether start-up code runs."""

    def tell(self, event: Event) -> None:
        """Take what happens in the session."""

    def ask(self, request: InputRequest, reply: Reply) -> None:
        """Have the user give a line."""

    def asked_elsewhere(self, asked: Asked) -> None:
        """Take note of what another connection has asked for."""

    def answered_elsewhere(self, answer: Evaluation) -> None:
        """Take note of how that ended."""

    def look_again(self) -> None:
        """See anew what is to be followed: it may lead now."""


class SharedSession:
    """One session and those who have it."""

    def __init__(self) -> None:
        self.session: Session
        """Set by whoever makes it: it is made with our methods."""
        self._members: list[Member] = []
        self._under_way: dict[int, Asked] = {}
        """What was asked for and has not ended; what is held goes on under its number."""
        self._begun: Begun | None = None
        """The latest to begin."""
        self._held: dict[int, Asked] = {}
        self.standing = StandingResults()
        self._questions = Questions(self._whom_to_ask)

    def start_with(self, session: Session) -> None:
        """Take the session, which tells us what happens in it."""
        self.session = session
        session.truth.staleness.places = PlacesTogether(self)

    # -- who has it --------------------------------------------------------------------------------

    @property
    def members(self) -> list[Member]:
        """Return those who have it, the first to come first."""
        return list(self._members)

    @property
    def lead(self) -> Member | None:
        """The one that does what nobody asked for, such as following files on disk."""
        editors = (each for each in self._members if not each.is_console)
        return next(editors, next(iter(self._members), None))

    def join(self, member: Member) -> None:
        """Take another one, and tell it what is under way."""
        before = self.lead
        self._members.append(member)
        for asked in list(self._under_way.values()):
            runs = self._begun is not None and self._begun.evaluation == asked.evaluation
            member.asked_elsewhere(replace(asked, begun=self._begun if runs else None))
        self._questions.joined()
        if before is not None and before is not self.lead:
            before.look_again()

    def leave(self, member: Member) -> None:
        """Let one go; what it asked for goes on."""
        led = self.lead
        self._members.remove(member)
        self._questions.left(member)
        lead = self.lead
        if led is member and lead is not None:
            lead.look_again()

    # -- what happens ------------------------------------------------------------------------------

    def heard(self, event: Event) -> None:
        """Pass on what happens in the session."""
        self._questions.heard(event)
        self.standing.heard(event, self._under_way)
        match event:
            case Started(evaluation, statement):
                self._note_begin(evaluation, statement)
            case OutputReady() if not self._members:
                self.standing.missed(event)
            case Resumed(answer):
                self._held.pop(answer.id, None)
            case StateChanged(info) if info.pid is None:
                self._held.clear()
        for member in self.members:
            member.tell(event)

    def _note_begin(self, evaluation: int, statement: Range | None) -> None:
        before = self._begun
        if before is None or before.evaluation != evaluation:
            before = Begun(evaluation, monotonic(), None)
        self._begun = replace(before, statement=statement or before.statement)

    def ask(self, request: InputRequest, reply: Reply) -> None:
        """Have somebody give a line."""
        self._questions.ask(request, reply)

    def evaluate(
        self, asker: Member, request: EvaluateRequest, done: Callable[[Evaluation], None]
    ) -> int:
        """Queue an evaluation, return its id; `done` may be called before this returns."""
        ended: list[int] = []

        def end(answer: Evaluation) -> None:
            ended.append(answer.id)
            self._end(asker, answer)
            done(answer)

        number = self.session.submit(request, end)
        if not ended:
            self._begin(asker, Asked(number, request, asker.connection))
        return number

    def resume(
        self,
        asker: Member,
        evaluation: int | None,
        request: ResumeRequest,
        done: Callable[[Evaluation | Refused], None],
    ) -> None:
        """Have what is held go on: the evaluation of that number; None: what a thread runs."""
        asked = self._held.pop(evaluation or 0, None)

        def end(answer: Evaluation | Refused) -> None:
            if not isinstance(answer, Refused):
                self._end(asker, answer)
            elif asked is not None:
                self._under_way.pop(asked.evaluation, None)
                self._held[asked.evaluation] = asked
            done(answer)

        if asked is not None:
            self._begin(asker, Asked(asked.evaluation, asked.request, asker.connection))
        self.session.submit_resume(request, end)

    def begins_unasked(self, evaluation: int, request: EvaluateRequest) -> None:
        """Take note of what runs without anybody having asked for it."""
        self._begin(None, Asked(evaluation, request, NOBODY))

    def ended_unasked(self, answer: Evaluation) -> None:
        """Take note of how that ended."""
        self._end(None, answer)

    def _begin(self, asker: Member | None, asked: Asked) -> None:
        self._under_way[asked.evaluation] = asked
        for member in self._others(asker):
            member.asked_elsewhere(asked)

    def _end(self, asker: Member | None, answer: Evaluation) -> None:
        asked = self._under_way.pop(answer.id, None)
        if asked is not None:
            self.standing.ended(asked, answer)
            if answer.status == "held":
                self._held[answer.id] = asked
        for member in self._others(asker):
            member.answered_elsewhere(answer)

    def _others(self, asker: Member | None) -> list[Member]:
        return [each for each in self._members if each is not asker]

    def _whom_to_ask(self, evaluation: int | None) -> Member | None:
        """Return who asked for the evaluation that reads, or else the latest to come."""
        asked = self._under_way.get(evaluation or 0)
        asker = [each for each in self._members if asked and each.connection == asked.by]
        return next(iter([*asker, *reversed(self._members)]), None)


class PlacesTogether:
    """Where the statements of a session stand in the documents of all who have it."""

    def __init__(self, shared: SharedSession) -> None:
        self._shared = shared

    def of(self, unit: Unit) -> tuple[Hashable, Position] | None:
        """See Places: the first that knows it tells."""
        places = (each.results.of(unit) for each in self._shared.members)
        return next((each for each in places if each is not None), None)

    def replaced(self, unit: Unit) -> Iterable[str]:
        """See Places."""
        found = (each.results.replaced(unit) for each in self._shared.members)
        replaced = dict.fromkeys(number for each in found for number in each)
        self._shared.standing.replaced(replaced)
        return replaced

    def forget(self) -> None:
        """See Places."""
        self._shared.standing.forget()
        for each in self._shared.members:
            each.results.forget()
