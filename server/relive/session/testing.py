"""Tests and fixtures of the user's, as a session is asked for them."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import field
from functools import partial
from typing import Any, Literal, TypeVar

from relive.session.answers import Answer
from relive.session.settings import Settings
from relive.session.values import Gone, NoView
from relive.session.viewing import View
from relive.source.quick_dataclasses import dataclass

T = TypeVar("T")
Outcome = Literal["passed", "failed", "error", "skipped"]

_LOOK_S = 60.0
"""How long pytest may take to look up fixtures."""
_OPS = frozenset(("test_ran", "tests_ended"))


@dataclass(frozen=True)
class TestResult(Answer):
    """What became of a test, or of a file in which none could be found."""

    __test__ = False

    id: str
    """pytest's, its path relative to the workspace."""
    file: str
    line: int | None
    outcome: Outcome
    message: str | None
    at: int | None
    """The line of its file where it failed."""
    expected: str | None
    actual: str | None
    """The sides of a comparison that does not hold."""
    output: str
    duration_ms: float
    ran: frozenset[tuple[str, str]] | None
    """The definitions it came by, as file and qualified name; None: not known."""


@dataclass(frozen=True)
class TestsRun(Answer):
    """How a run of tests ended."""

    __test__ = False

    items: tuple[TestResult, ...] = ()
    problem: str | None = None
    """Why some did not run."""
    left: tuple[str, ...] = ()
    """Those."""


@dataclass(frozen=True)
class Fixture(Answer):
    """A fixture that holds in a file."""

    name: str
    scope: str
    doc: str
    file: str | None
    line: int
    active: bool
    """Whether it was set up in the live process."""


@dataclass(frozen=True)
class ReleasedFixtures(Answer):
    """Fixtures that were torn down, in that order."""

    released: tuple[str, ...]
    problems: tuple[str, ...]
    """What failed meanwhile."""


@dataclass(frozen=True)
class RunTests(View[bool]):
    """Tests to be run in a copy of the process."""

    op = "run_tests"
    ref = None
    tests: tuple[str, ...]
    time_limit: float

    def answer(self, data: Any, settings: Settings) -> bool:
        """See View."""
        return True


@dataclass(frozen=True)
class Fixtures(View[tuple[Fixture, ...]]):
    """The fixtures of a file."""

    op = "fixtures"
    ref = None
    file: str

    def message(self, settings: Settings) -> dict[str, Any]:
        """See View."""
        return {**super().message(settings), "time_limit": _LOOK_S}

    def answer(self, data: Any, settings: Settings) -> tuple[Fixture, ...]:
        """See View."""
        return tuple(Fixture(**each) for each in data)


@dataclass(frozen=True)
class UseFixtures(View[tuple[str, ...]]):
    """Fixtures to be set up in the live process, their values to be had in the file's module."""

    op = "use_fixtures"
    ref = None
    is_quiet = False
    file: str
    names: tuple[str, ...]

    def answer(self, data: Any, settings: Settings) -> tuple[str, ...]:
        """See View."""
        return tuple(data)


@dataclass(frozen=True)
class ReleaseFixtures(View[ReleasedFixtures]):
    """Fixtures to be torn down: those of a file, or all."""

    op = "release_fixtures"
    ref = None
    is_quiet = False
    file: str | None = None

    def answer(self, data: Any, settings: Settings) -> ReleasedFixtures:
        """See View."""
        return ReleasedFixtures(tuple(data["released"]), tuple(data["problems"]))


@dataclass
class _Run:
    """A run that is under way."""

    heard: Callable[[TestResult], None]
    done: Callable[[TestsRun], None]
    items: list[TestResult] = field(default_factory=list)
    is_over: bool = False

    def add(self, result: TestResult) -> None:
        self.items.append(result)
        self.heard(result)

    def end(self, problem: str | None, left: list[str]) -> None:
        if not self.is_over:
            self.is_over = True
            self.done(TestsRun(tuple(self.items), problem, tuple(left)))


class Testing(ABC):
    """The part of a session that runs tests; what comes of them comes at any time."""

    _lock: threading.RLock
    _test_runs: dict[int, _Run]

    @abstractmethod
    def submit_view(self, view: View[T], done: Callable[[T | Gone | NoView], None]) -> int:
        """See Session."""

    @abstractmethod
    def give_up(self, number: int) -> None:
        """See Session."""

    @abstractmethod
    def _ask_worker(self, question: dict[str, Any], done: Callable[[Any], None]) -> None:
        """See Questions."""

    @abstractmethod
    def _wait(self, begin: Callable[[Callable[[T], None]], Any]) -> T:
        """See Blocking."""

    @abstractmethod
    def _look(self, view: View[T]) -> T:
        """See Blocking."""

    def submit_tests(
        self,
        request: RunTests,
        heard: Callable[[TestResult], None],
        done: Callable[[TestsRun], None],
    ) -> int:
        """Run tests; `heard` is called with each, `done` at the end. Return the run's number."""
        run = _Run(heard, done)

        def begun(answer: bool | Gone | NoView) -> None:
            if isinstance(answer, NoView):
                run.end(answer.reason, list(request.tests))
            elif isinstance(answer, Gone):
                run.end(_DIED, list(request.tests))

        with self._lock:
            number = self.submit_view(request, begun)
            if not run.is_over:
                self._test_runs[number] = run
            return number

    def stop_tests(self, number: int) -> None:
        """End a run of tests, also one that waits for its turn to begin."""
        self.give_up(number)
        self._ask_worker({"op": "stop_tests", "run": number}, lambda _: None)

    def run_tests(self, *ids: str, time_limit: float = 60.0) -> TestsRun:
        """Run tests in a copy of the process, by pytest's ids, and return what became of them."""
        request = RunTests(ids, time_limit)
        begin = partial(self.submit_tests, request, lambda _: None)
        ran: TestsRun = self._wait(begin)
        return ran

    def fixtures(self, file: str) -> tuple[Fixture, ...]:
        """Return the fixtures that hold in a file."""
        return self._look(Fixtures(file))

    def use_fixtures(self, file: str, *names: str) -> tuple[str, ...]:
        """Set up fixtures in the live process; return the names the file's module has by it.

        Raises:
            NoViewError: one of them failed.
        """
        return self._look(UseFixtures(file, names))

    def release_fixtures(self, file: str | None = None) -> ReleasedFixtures:
        """Tear down the fixtures of a file, or all, in reverse order."""
        return self._look(ReleaseFixtures(file))

    def _take_of_tests(self, message: dict[str, Any]) -> bool:
        """Take a message if it is about tests that run; return whether it was."""
        if message["op"] not in _OPS:
            return False
        run = self._test_runs.get(message["id"])
        if run is not None and message["op"] == "test_ran":
            run.add(_result(message["test"]))
        elif run is not None:
            del self._test_runs[message["id"]]
            run.end(message["problem"], message["left"])
        return True

    def _end_tests(self) -> None:
        """End all runs: their process is gone."""
        runs, self._test_runs = self._test_runs, {}
        for run in runs.values():
            run.end(_DIED, [])


_DIED = "The process ended while tests were running."


def _result(data: dict[str, Any]) -> TestResult:
    ran = data["ran"]
    known = {name: data[name] for name in _SAME}
    return TestResult(
        id=data["test"],
        duration_ms=round(data["seconds"] * 1000, 3),
        ran=None if ran is None else frozenset((file, name) for file, name in ran),
        **known,
    )


_SAME = ("file", "line", "outcome", "message", "at", "expected", "actual", "output")
