"""What Python callers ask of results: which are no longer true, and running those again."""

from __future__ import annotations

from collections.abc import Callable

from relive.session.answers import Answer, Evaluation
from relive.session.blocking import Blocking
from relive.session.rerunning import plan
from relive.session.settings import Settings
from relive.session.staleness import Staleness
from relive.session.truth import Truth
from relive.session.units import Unit
from relive.source.quick_dataclasses import dataclass

_MOST_ROUNDS = 5
"""Running again may show more to be stale: that often it is looked once more."""


@dataclass(frozen=True)
class StaleResult(Answer):
    """A result that is no longer true."""

    id: str
    """As `StatementResult.id`."""
    text: str
    """The statement."""
    file: str | None
    """Whose module it ran in; None: the scratch module."""
    reason: str
    """Why, as "`rate` was assigned again"."""


@dataclass(frozen=True)
class NotRerun(Answer):
    """A statement that could not run again, or failed."""

    id: str
    text: str
    why: str


@dataclass(frozen=True)
class Rerun(Answer):
    """What was run again, in this order, and what could not be."""

    ran: tuple[Evaluation, ...]
    left: tuple[NotRerun, ...]


class Freshening(Blocking):
    """The part of a session, for callers without an event loop, that is about what is true."""

    truth: Truth
    settings: Settings

    def stale(self) -> tuple[StaleResult, ...]:
        """Return the results that are no longer true, since what they came from is another."""
        with self._lock:
            known = self._traced()
            return tuple(
                StaleResult(each.id, each.text, each.file, known.reason(each))
                for each in known.stale()
                if each.has_result
            )

    def rerun_stale(self) -> Rerun:
        """Run the statements again whose results are not true, and what these need for it."""
        again = _Again(lambda unit: self.evaluate(unit.text, unit.file))
        for _ in range(_MOST_ROUNDS):
            known = self._traced()
            wanted = [each for each in known.stale() if each.has_result and again.is_new(each)]
            if not wanted:
                break
            planned = plan(known, wanted, lambda _: None)
            again.run(planned.run, planned.needs, planned.left)
        return Rerun(tuple(again.ran), tuple(again.left.values()))

    def _traced(self) -> Staleness:
        if not self.settings.staleness:
            raise ValueError(
                "nothing is traced: make the session with `settings=Settings(staleness=True)`"
            )
        return self.truth.staleness


class _Again:
    """Statements that run again, each once."""

    def __init__(self, evaluate: Callable[[Unit], Evaluation]) -> None:
        self._evaluate = evaluate
        self._made: set[str] = set()
        self.ran: list[Evaluation] = []
        self.left: dict[Unit, NotRerun] = {}

    def is_new(self, unit: Unit) -> bool:
        return unit.id not in self._made and unit not in self.left

    def run(
        self, units: tuple[Unit, ...], needs: dict[Unit, set[Unit]], left: dict[Unit, str]
    ) -> None:
        for unit, why in left.items():
            self.left[unit] = NotRerun(unit.id, unit.text, why)
        for unit in units:
            spoilt = next((each for each in needs[unit] if each in self.left), None)
            if spoilt is not None:
                why = f"it needs what {spoilt.text!r} gives, which failed"
            else:
                why = self._run(unit)
            if why:
                self.left[unit] = NotRerun(unit.id, unit.text, why)

    def _run(self, unit: Unit) -> str:
        """Run a statement; return why it failed, if it did."""
        answer = self._evaluate(unit)
        self.ran.append(answer)
        self._made |= {each.id for each in answer.results}
        if answer.status == "ok":
            return ""
        error = answer.error
        return answer.status if error is None else f"{error.type}: {error.message}"
