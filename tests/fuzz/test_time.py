"""Whatever is undone, gone back to or recovered, in whatever order: the state is what a model says beforehand.

With a change log, which each request passes first.
"""

from __future__ import annotations

import copy
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from conftest import INTERPRETERS
from held_errors import HOLDING
from relive.changelog.policy import Policy, Sync
from relive.session import callers
from relive.session.requests import RedefineRequest
from relive.session.session import Session
from relive.session.settings import Settings

FILE = "job.py"
TEXT = "def half(n):\n    return {} // n\n\ndef run(items):\n    return [half(each) for each in items]\n"
SEEN = "x, rows, half(1)"
HELD = "x += 1\nrows.append(sum(run([1, 0, 2])))\nx += 10"


@dataclass
class State:
    """What the process has."""

    x: int = 0
    rows: list[int] = field(default_factory=list)
    half: int = 100
    held: list[int] = field(default_factory=list)
    """What the first call of each error that is held had given."""
    changes: list[int] = field(default_factory=list)
    """What the function gave before each change of it that can be undone."""

    def __str__(self) -> str:
        return str((self.x, self.rows, self.half))


@dataclass
class Step:
    """What was done, and the state before."""

    does: Callable[[State], None]
    before: State
    number: int | None = None
    """The evaluation's; None: it is none, or goes by another's number."""
    is_evaluation: bool = True


def add(state: State) -> None:
    state.x += 1


def note(state: State) -> None:
    state.rows.append(state.half)


def fail(state: State) -> None:
    state.x += 2


def hold(state: State) -> None:
    state.x += 1
    state.held.append(state.half)


def give(state: State) -> None:
    """An error's frame returns 7, and the rest of its evaluation runs."""
    state.rows.append(state.held.pop() + 7 + state.half // 2)
    state.x += 10


def let_go(state: State) -> None:
    state.held.pop()


def take_back(state: State) -> None:
    state.half = state.changes.pop()


def change_to(value: int) -> Callable[[State], None]:
    def change(state: State) -> None:
        state.changes.append(state.half)
        state.half = value

    return change


CODE = {"x += 1": add, "rows.append(half(1))": note, "x += 2\n1 / 0": fail}


class Time(RuleBasedStateMachine):
    """A real session with a real worker, and a model of its state."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        python = INTERPRETERS[HOLDING[-1]]
        held = Settings(hold_errors="workspace", result_max_length=10_000)
        self.session = Session(python, self.folder.name, settings=held, log=True)
        self.changed = 100

    @initialize(sync=st.sampled_from(["soon", "before", "never"]))
    def start(self, sync: Sync) -> None:
        assert self.session.log is not None
        self.session.log.policy = Policy(sync)
        self._begin()

    def _begin(self) -> None:
        self.state, self.steps = State(), list[Step]()
        self._evaluate(TEXT.format(100) + "x, rows = 0, []", lambda state: None)

    # -- what is asked ---------------------------------------------------------------------------

    @rule(code=st.sampled_from(sorted(CODE)))
    def evaluate(self, code: str) -> None:
        self._evaluate(code, CODE[code])

    @precondition(lambda self: len(self.state.held) < 3)
    @rule()
    def fails(self) -> None:
        answer = self._evaluate(f"{HELD}  # {len(self.steps)}", hold)
        assert answer.status == "held"

    @precondition(lambda self: self.state.held)
    @rule()
    def goes_on(self) -> None:
        self.session.resume("return", value="7")
        self._note(give)

    @precondition(lambda self: self.state.held)
    @rule()
    def is_abandoned(self) -> None:
        self.session.resume("abandon")
        self._note(let_go)

    @rule()
    def redefine(self) -> None:
        self.changed += 2
        assert self.session.redefine(FILE, TEXT.format(self.changed)).status == "ok"
        self._note(change_to(self.changed), is_evaluation=False)

    @precondition(lambda self: self.state.changes)
    @rule()
    def undo_change(self) -> None:
        assert self.session.undo().status == "ok"
        self._note(take_back, is_evaluation=False)

    @rule()
    def redefine_while_others_wait(self) -> None:
        """The change is done beside the first, and so before the second."""
        self.changed += 2
        value, answers = self.changed, list[Any]()
        text, goes = TEXT.format(value), Path(self.folder.name, "goes")
        goes.unlink(missing_ok=True)
        os.mkfifo(goes)
        first = callers.in_file("open('goes').read()\nx += 1", FILE, self.folder.name)
        later = replace(first, text="rows.append(half(1))")
        change = RedefineRequest(callers.module_file(FILE, self.folder.name), text)
        with self.session._lock:
            numbers = [self.session.submit(each, answers.append) for each in (first, later)]
            self.session.submit_redefine(change, answers.append)
        self._wait_for(answers, 1)
        goes.write_text("")
        self._wait_for(answers, 3)
        goes.unlink()
        goes.write_text("")  # when it runs again it does not wait
        self._note(add, numbers[0])
        self._note(change_to(value), is_evaluation=False)
        self._note(note, numbers[1])

    # -- going back ------------------------------------------------------------------------------

    @precondition(lambda self: len(self.steps) > 1)
    @rule(times=st.integers(1, 2))
    def undo(self, times: int) -> None:
        """Go back over the last, or the last two, the second one before the first has got there."""
        told: list[Any] = []
        places = [n for n, each in enumerate(self.steps) if n and each.is_evaluation][-times:]
        for place in reversed(places):
            self.session.submit_rewind(None, told.append)
            self._back_to(place)
        self._wait_for(told, len(places))
        assert not places or told[-1].rewind.failed is None

    @precondition(lambda self: any(each.number for each in self.steps[1:]))
    @rule(data=st.data())
    def rewind(self, data: st.DataObject) -> None:
        places = [n for n, each in enumerate(self.steps) if n and each.number is not None]
        place = data.draw(st.sampled_from(places))
        report = self.session.rewind(self.steps[place].number).rewind
        assert report is not None
        assert report.failed is None
        self._back_to(place)

    @rule()
    def restart_and_replay(self) -> None:
        report = self.session.restart(replay=True).replay
        assert report is not None
        assert report.failed is None, report
        state = State()
        for each in self.steps:
            each.before, each.number = copy.deepcopy(state), None
            each.does(state)
        self.state = state

    @rule()
    def look(self) -> None:
        assert self.session.inspect(f"({SEEN})", FILE).text == str(self.state)
        assert len(self.session.info().holds) == len(self.state.held)

    # -- the model -------------------------------------------------------------------------------

    def _evaluate(self, code: str, does: Callable[[State], None]) -> Any:
        answer = self.session.evaluate(code, FILE)
        self._note(does, answer.id)
        return answer

    def _note(
        self,
        does: Callable[[State], None],
        number: int | None = None,
        *,
        is_evaluation: bool = True,
    ) -> None:
        self.steps.append(Step(does, copy.deepcopy(self.state), number, is_evaluation))
        does(self.state)

    def _back_to(self, place: int) -> None:
        self.state = copy.deepcopy(self.steps[place].before)
        del self.steps[place:]

    def _wait_for(self, answers: list[Any], count: int) -> None:
        self.session._driver.run_until(lambda: len(answers) >= count)  # type: ignore[union-attr]

    def teardown(self) -> None:
        try:
            self.look()
        finally:
            self.session.close()
            self.folder.cleanup()


Time.TestCase.settings = settings(max_examples=settings().max_examples // 6, stateful_step_count=25)
TestTime = Time.TestCase
