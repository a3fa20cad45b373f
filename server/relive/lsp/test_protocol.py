"""The messages about the user's tests and fixtures."""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Range

from relive.lsp.quick_attrs import message

AFFECTED_TESTS = "relive.affectedTests"
RUN_TESTS = "relive.runTests"
STOP_TESTS = "relive.stopTests"
FIXTURES = "relive.fixtures"
USE_FIXTURE = "relive.useFixture"
RELEASE_FIXTURES = "relive.releaseFixtures"
TESTS = "relive/tests"
FIXTURES_LOST = "relive/fixturesLost"


@message
class AffectedTestsParams:
    """Argument of `relive.affectedTests`."""

    uri: str | None = None
    """Any document of the session; absent: the session used last."""


@message
class AffectedTest:
    """A test that reaches what has changed since it passed."""

    id: str
    """pytest's, its path relative to the workspace folder."""
    uri: str
    range: Range
    why: str


@message
class AffectedTests:
    """The tests that are worth being run."""

    items: list[AffectedTest]


@message
class RunTestsParams:
    """Argument of `relive.runTests`."""

    uri: str | None = None
    """Any document of the session; absent: the session used last."""
    ids: list[str] | None = None
    """pytest's ids, of tests, classes or files; absent: the tests that are affected."""


@message
class StopTestsParams:
    """Argument of `relive.stopTests`."""

    uri: str | None = None
    """Any document of the session; absent: the session used last."""


@message
class StoppedTests:
    """Whether tests were running."""

    stopped: bool


@message
class TestOutcome:
    """What became of a test, or of a file in which none could be found."""

    __test__ = False

    id: str
    uri: str
    range: Range
    outcome: Literal["passed", "failed", "error", "skipped"]
    """`error`: what was to be there for it failed, or it ended its process."""
    duration_ms: float
    message: str | None = None
    at: Range | None = None
    """The line of its file where it failed."""
    expected: str | None = None
    actual: str | None = None
    """The two sides of a comparison with `==` that does not hold."""
    output: str | None = None


@message
class TestRun:
    """How tests went."""

    __test__ = False

    passed: int
    failed: int
    errors: int
    skipped: int
    items: list[TestOutcome]
    left: list[str]
    """Those that did not run."""
    problem: str | None = None
    """Why not."""
    unsaved: list[str] | None = None
    """Test files whose text in the editor is another: those on disk have run."""


@message
class TestsParams:
    """`relive/tests`: tests have run."""

    __test__ = False

    items: list[TestOutcome]
    folder: str | None = None
    """The URI of the session's workspace folder."""


@message
class FixturesParams:
    """Argument of `relive.fixtures`."""

    uri: str


@message
class FixtureInfo:
    """A fixture that holds in a file."""

    name: str
    scope: str
    doc: str
    uri: str | None
    """Where it is defined; null: nowhere that could be shown."""
    line: int
    active: bool
    """Whether the module has its value."""


@message
class FixtureList:
    """The fixtures of a file: first those of the workspace, then those of plugins."""

    items: list[FixtureInfo]


@message
class UseFixtureParams:
    """Argument of `relive.useFixture`."""

    uri: str
    names: list[str]


@message
class UsedFixtures:
    """The names that the module of the document has now."""

    names: list[str]


@message
class ReleaseFixturesParams:
    """Argument of `relive.releaseFixtures`."""

    uri: str | None = None
    """The document whose fixtures are meant; absent: all of the session used last."""


@message
class ReleasedFixtures:
    """What was torn down, in that order, and what failed meanwhile."""

    released: list[str]
    problems: list[str]


@message
class FixturesLostParams:
    """`relive/fixturesLost`: the process ended, and these were not torn down."""

    names: list[str]
    folder: str | None = None
    """The URI of the session's workspace folder."""
