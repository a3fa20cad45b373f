"""The user's tests and fixtures: `relive.runTests`, `relive.useFixture`, and those like them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TypeVar

from lsprotocol.types import Position, Range

from relive.lsp import test_protocol as shapes
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.testing.ledger import Ledger
from relive.lsp.testing.project import FoundTest, Project
from relive.session.answers import file_uri
from relive.session.events import Event, StateChanged, Touched
from relive.session.testing import (
    Fixtures,
    ReleaseFixtures,
    RunTests,
    TestResult,
    TestsRun,
    UseFixtures,
)
from relive.session.values import Gone, NoView
from relive.session.viewing import View

T = TypeVar("T")


def register(daemon: Daemon) -> None:
    """Offer tests and fixtures to the client."""
    feature = Tests(daemon)
    daemon.sessions.listen(feature.on_event, StateChanged, Touched)
    on_command = daemon.server.on_command
    on_command(shapes.AFFECTED_TESTS, shapes.AffectedTestsParams, feature.affected)
    on_command(shapes.RUN_TESTS, shapes.RunTestsParams, feature.run)
    on_command(shapes.STOP_TESTS, shapes.StopTestsParams, feature.stop)
    on_command(shapes.FIXTURES, shapes.FixturesParams, feature.fixtures)
    on_command(shapes.USE_FIXTURE, shapes.UseFixtureParams, feature.use)
    on_command(shapes.RELEASE_FIXTURES, shapes.ReleaseFixturesParams, feature.release)


class Bench:
    """What is known of the tests and fixtures of one session."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.turn = asyncio.Lock()
        """One run after the other: they would get in each other's way."""
        self.running: int | None = None
        """The number of the run that is under way."""
        self.by_itself: asyncio.Task[None] | None = None
        """What runs the tests that a redefinition affects."""
        self.is_due = False
        self.in_use: list[str] = []
        """Fixtures that are set up."""
        self.life: tuple[int, int | None] | None = None


class Tests:
    """The commands."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._benches: dict[FolderSession, Bench] = {}

    def on_event(self, session: FolderSession, event: Event) -> None:
        """Follow what happens in a session."""
        if isinstance(event, StateChanged):
            self._follow_life(session, (event.info.generation, event.info.pid))
        elif isinstance(event, Touched):
            bench = self._bench(session)
            bench.ledger.touched(event)
            wanted = self._daemon.configuration.tests.after_redefine and session.leads
            if event.by == "change" and wanted:
                self._run_soon(session, bench)

    async def affected(self, params: shapes.AffectedTestsParams) -> shapes.AffectedTests:
        """Return the tests that are affected by what has changed."""
        found = await self._affected(self._daemon.sessions.chosen(params.uri))
        return shapes.AffectedTests(
            [
                shapes.AffectedTest(test.id, file_uri(test.file) or "", _range(test), why)
                for test, why in found
            ]
        )

    async def run(self, params: shapes.RunTestsParams) -> shapes.TestRun:
        """Run tests, those that are affected or others."""
        session = self._daemon.sessions.chosen(params.uri)
        return await self._run(session, params.ids)

    async def stop(self, params: shapes.StopTestsParams) -> shapes.StoppedTests:
        """End the tests that run."""
        session = self._daemon.sessions.chosen(params.uri)
        running = self._bench(session).running
        if running is not None:
            session.stop_tests(running)
        return shapes.StoppedTests(running is not None)

    async def fixtures(self, params: shapes.FixturesParams) -> shapes.FixtureList:
        """Return the fixtures of a file."""
        session = self._daemon.sessions.of_document(params.uri)
        found = await self._asked(session, Fixtures(file_of(params.uri)))
        folder = Path(_folder(session))
        items = [
            shapes.FixtureInfo(
                each.name,
                each.scope,
                each.doc,
                None if each.file is None else file_uri(each.file),
                each.line,
                each.active,
            )
            for each in sorted(found, key=lambda each: not _is_in(each.file, folder))
        ]
        return shapes.FixtureList(items)

    async def use(self, params: shapes.UseFixtureParams) -> shapes.UsedFixtures:
        """Set up fixtures and give the document's module their values."""
        session = self._daemon.sessions.of_document(params.uri)
        wanted = UseFixtures(file_of(params.uri), tuple(params.names))
        names = await self._asked(session, wanted)
        self._bench(session).in_use += params.names
        return shapes.UsedFixtures(list(names))

    async def release(self, params: shapes.ReleaseFixturesParams) -> shapes.ReleasedFixtures:
        """Tear fixtures down."""
        session = self._daemon.sessions.chosen(params.uri)
        if session.info.pid is None:
            return shapes.ReleasedFixtures([], [])
        file = None if params.uri is None else file_of(params.uri)
        answer = await self._asked(session, ReleaseFixtures(file))
        in_use = self._bench(session).in_use
        for name in answer.released:
            if name in in_use:
                in_use.remove(name)
        return shapes.ReleasedFixtures(list(answer.released), list(answer.problems))

    # -- runs ------------------------------------------------------------------------------------

    async def _affected(self, session: FolderSession) -> list[tuple[FoundTest, str]]:
        project = self._project(session)
        ledger = self._bench(session).ledger
        # On a thread: there may be many files to read, and the editor waits for none of them.
        return await asyncio.to_thread(lambda: ledger.affected(project))

    async def _run(self, session: FolderSession, ids: list[str] | None) -> shapes.TestRun:
        bench = self._bench(session)
        async with bench.turn:
            found = None if ids is not None else await self._affected(session)
            chosen = ids if found is None else [test.id for test, _ in found]
            if not chosen:
                return shapes.TestRun(0, 0, 0, 0, [], [])
            since = bench.ledger.step
            project = self._project(session)
            await asyncio.to_thread(project.read, {each.partition("::")[0] for each in chosen})
            told = _Told(self._daemon, session, project)
            request = RunTests(tuple(chosen or ()), self._daemon.configuration.tests.seconds)
            ran = await self._carry_out(session, request, told)
            told.note(bench.ledger, since)
            if found is not None and ran.problem is None:
                told.note_missing(bench.ledger, [test for test, _ in found], ran.left, since)
            return told.summed_up(ran, chosen)

    async def _carry_out(self, session: FolderSession, request: RunTests, told: _Told) -> TestsRun:
        bench = self._bench(session)

        def begun(number: int) -> None:
            bench.running = number

        try:
            return await session.run_tests(request, told.heard, begun)
        except asyncio.CancelledError:  # nobody waits for them any more
            if bench.running is not None:
                session.stop_tests(bench.running)
            raise
        finally:
            bench.running = None

    def _run_soon(self, session: FolderSession, bench: Bench) -> None:
        bench.is_due = True
        if bench.by_itself is None:
            bench.by_itself = asyncio.ensure_future(self._run_due(session, bench))

    async def _run_due(self, session: FolderSession, bench: Bench) -> None:
        try:
            while bench.is_due:
                bench.is_due = False
                await self._run(session, None)
        finally:
            bench.by_itself = None

    # -- sessions --------------------------------------------------------------------------------

    def _follow_life(self, session: FolderSession, life: tuple[int, int | None]) -> None:
        bench = self._bench(session)
        before, bench.life = bench.life, life
        if before is None or before == life or before[1] is None:
            return
        bench.ledger.begin_life()
        names, bench.in_use = bench.in_use, []
        if names:
            params = shapes.FixturesLostParams(names, session.folder)
            self._daemon.outbox.post(shapes.FIXTURES_LOST, params)

    def _bench(self, session: FolderSession) -> Bench:
        bench = self._benches.get(session)
        if bench is None:
            bench = self._benches[session] = Bench()
        return bench

    def _project(self, session: FolderSession) -> Project:
        opened = {each.file: each.text for each in self._daemon.documents.all()}
        return Project(Path(_folder(session)), opened)

    async def _asked(self, session: FolderSession, view: View[T]) -> T:
        answer = await session.view(view)
        if isinstance(answer, Gone):
            raise RefusedError(answer.gone)
        if isinstance(answer, NoView):
            raise RefusedError(answer.reason)
        return answer


class _Told:
    """A run as the client is told of it."""

    def __init__(self, daemon: Daemon, session: FolderSession, project: Project) -> None:
        self._daemon = daemon
        self._session = session
        self._project = project
        self._tests: dict[str, list[FoundTest]] = {}
        self.results: list[TestResult] = []
        self._outcomes: list[shapes.TestOutcome] = []

    def heard(self, result: TestResult) -> None:
        """Tell of a test that has run."""
        self.results.append(result)
        outcome = self._outcome(result)
        self._outcomes.append(outcome)
        params = shapes.TestsParams([outcome], self._session.folder)
        self._daemon.outbox.post(shapes.TESTS, params)

    def note(self, ledger: Ledger, since: int) -> None:
        """Have the ledger know what has passed."""
        for test in [each for tests in self._tests.values() for each in tests]:
            own = [each for each in self.results if _is_of(each.id, test.id)]
            if own:
                ledger.ran(self._project, test, own, since)

    def note_missing(
        self, ledger: Ledger, asked: list[FoundTest], left: tuple[str, ...], since: int
    ) -> None:
        """Have the ledger know what is no test for pytest, as a base class without any."""
        broken = {each.id for each in self.results if each.outcome == "error"}
        for test in asked:
            is_told = any(_is_of(each.id, test.id) for each in self.results)
            is_left = any(_is_of(each, test.id) for each in left)
            if not (is_told or is_left or test.id.partition("::")[0] in broken):
                ledger.is_none(self._project, test, since)

    def summed_up(self, ran: TestsRun, asked: list[str]) -> shapes.TestRun:
        """Return the answer."""
        outcomes = [each.outcome for each in self._outcomes]
        read = {each for file in self._tests for each in self._project.loaded_with(file)}
        unsaved = [
            each.uri
            for each in self._daemon.documents.all()
            if each.file in read and not each.is_saved
        ]
        left = list(ran.left)
        if ran.problem is not None and not self.results and not left:
            left = asked
        return shapes.TestRun(
            passed=outcomes.count("passed"),
            failed=outcomes.count("failed"),
            errors=outcomes.count("error"),
            skipped=outcomes.count("skipped"),
            items=self._outcomes,
            left=left,
            problem=ran.problem,
            unsaved=unsaved or None,
        )

    def _outcome(self, result: TestResult) -> shapes.TestOutcome:
        tests = self._tests_of(result.file)
        own = next((each for each in tests if _is_of(result.id, each.id)), None)
        line = result.line or 0
        return shapes.TestOutcome(
            id=result.id,
            uri=file_uri(result.file) or "",
            range=_line(line) if own is None else _range(own),
            outcome=result.outcome,
            duration_ms=result.duration_ms,
            message=result.message,
            at=None if result.at is None else _line(result.at),
            expected=result.expected,
            actual=result.actual,
            output=result.output or None,
        )

    def _tests_of(self, file: str) -> list[FoundTest]:
        if file not in self._tests:
            path = Path(file)
            is_ours = path.is_relative_to(self._project.folder)
            self._tests[file] = list(self._project.tests_of(path)) if is_ours else []
        return self._tests[file]


def _is_of(result: str, test: str) -> bool:
    """Whether a result is that of a test, of one of its cases, or of a class's."""
    return result == test or result.startswith((f"{test}[", f"{test}::"))


def _range(test: FoundTest) -> Range:
    found = test.code.definition
    return Range(Position(found.header[0], 0), Position(found.range.end[0], 0))


def _line(line: int) -> Range:
    return Range(Position(line, 0), Position(line, 0))


def _folder(session: FolderSession) -> str:
    if session.folder is None:
        raise RefusedError("Tests need a folder: open the one that your project is in.")
    return file_of(session.folder)


def _is_in(file: str | None, folder: Path) -> bool:
    return file is not None and Path(file).is_relative_to(folder)
