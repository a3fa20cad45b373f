"""What is asked and told about tests and fixtures; part of the messages in `messages.py`.

A run of tests goes on beside whatever else the worker does: it is answered at once, and what comes
of it is told at any time after that.
"""

from __future__ import annotations

from typing import Literal, TypedDict

# -- daemon to worker, main channel --------------------------------------------------------


class RunTests(TypedDict):
    """Run tests in a copy of the process."""

    op: Literal["run_tests"]
    id: int
    tests: list[str]
    """pytest's ids, their paths relative to the workspace."""
    time_limit: float
    """Seconds that one test may take."""


class Fixtures(TypedDict):
    """Ask which fixtures a file has."""

    op: Literal["fixtures"]
    id: int
    file: str
    time_limit: float


class UseFixtures(TypedDict):
    """Set up fixtures and give the file's module their values."""

    op: Literal["use_fixtures"]
    id: int
    file: str
    names: list[str]


class ReleaseFixtures(TypedDict):
    """Tear down the fixtures of a file; None: all that are in use."""

    op: Literal["release_fixtures"]
    id: int
    file: str | None


# -- daemon to worker, control channel -----------------------------------------------------


class StopTests(TypedDict):
    """End a run of tests."""

    op: Literal["stop_tests"]
    id: int
    run: int


# -- worker to daemon ----------------------------------------------------------------------


class TestsBegun(TypedDict):
    """The answer to `run_tests`."""

    op: Literal["run_tests"]
    id: int
    gone: str | None
    problem: str | None
    answer: dict[str, str] | None


class TestRan(TypedDict):
    """What became of a test."""

    op: Literal["test_ran"]
    id: int
    test: Test


class Test(TypedDict):
    """A test that has run, or a file in which none could be found."""

    test: str
    file: str
    line: int | None
    outcome: Literal["passed", "failed", "error", "skipped"]
    message: str | None
    at: int | None
    """The line of its file where it failed."""
    expected: str | None
    actual: str | None
    """The sides of a comparison that does not hold."""
    output: str
    seconds: float
    ran: list[list[str]] | None
    """The definitions it came by, as file and qualified name; None: not known."""


class TestsEnded(TypedDict):
    """A run of tests has ended."""

    op: Literal["tests_ended"]
    id: int
    problem: str | None
    left: list[str]
    """The tests that did not run."""


class Fixture(TypedDict):
    """A fixture that holds in a file."""

    name: str
    scope: str
    doc: str
    file: str | None
    line: int
    active: bool


class FixturesAnswer(TypedDict):
    """The answer to `fixtures`."""

    op: Literal["fixtures"]
    id: int
    gone: str | None
    problem: str | None
    answer: list[Fixture] | None


class UsedAnswer(TypedDict):
    """The answer to `use_fixtures`: the names that the module has now."""

    op: Literal["use_fixtures"]
    id: int
    gone: str | None
    problem: str | None
    answer: list[str] | None


class Released(TypedDict):
    """Fixtures that were torn down, and what failed."""

    released: list[str]
    problems: list[str]


class ReleasedAnswer(TypedDict):
    """The answer to `release_fixtures`."""

    op: Literal["release_fixtures"]
    id: int
    gone: str | None
    problem: str | None
    answer: Released | None


class StopAnswer(TypedDict):
    """The answer to `stop_tests`: whether the run was under way."""

    op: Literal["stop_tests"]
    id: int
    answer: bool | None


ANSWERS = (TestsBegun, FixturesAnswer, UsedAnswer, ReleasedAnswer)
AT_ANY_TIME = (TestRan, TestsEnded)
