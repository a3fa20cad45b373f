"""A workspace whose kept values can be looked at, and sessions on it."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

from conftest import INTERPRETERS, MAX_WAIT_S, VERSIONS
from relive.session.answers import Evaluation, Kept
from relive.session.events import Event, OutputReady
from relive.session.session import Session
from relive.session.settings import Settings


class Project:
    """A folder, and the sessions that one after another work on it."""

    def __init__(self, folder: Path, python: str) -> None:
        self.folder = folder
        self._python = python
        self._settings = Settings()
        self._pool = ThreadPoolExecutor(1)
        self._output: Queue[str] = Queue()
        self.session = self._start()

    def _start(self) -> Session:
        return Session(self._python, self.folder, settings=self._settings, listener=self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, OutputReady):
            self._output.put(event.chunk.text)

    @property
    def kept(self) -> Path:
        return self.folder / ".relive" / "kept"

    def restart(self) -> None:
        """Go on in a process that knows nothing."""
        self.session.close()
        self.session = self._start()

    def limit(self, megabytes: int) -> None:
        """Let kept values take no more than this."""
        self._settings = replace(self._settings, keep_max_megabytes=megabytes)
        self.session.settings = self._settings

    def heard(self, text: str) -> None:
        """Wait until user code has written a text."""
        while text not in self._output.get(timeout=MAX_WAIT_S):
            pass

    def evaluate(self, file: str, text: str, *, anew: bool = False) -> Evaluation:
        """Write a text and evaluate all of it."""
        return self._evaluate(file, text, anew)

    def begin(self, file: str, text: str) -> Future[Evaluation]:
        """Do the same on another thread."""
        return self._pool.submit(self._evaluate, file, text, False)

    def _evaluate(self, file: str, text: str, anew: bool) -> Evaluation:
        path, text = self.folder / file, textwrap.dedent(text)
        path.write_text(text)
        return self.session.evaluate(text, path, anew=anew)

    def close(self) -> None:
        self.session.close()
        self._pool.shutdown()

    def keep(self, file: str, text: str, *, anew: bool = False) -> Kept:
        """Evaluate a text; return what became of its last form that is marked."""
        answer = self.evaluate(file, text, anew=anew)
        assert answer.status == "ok", answer.error and answer.error.traceback
        return [result.kept for result in answer.results if result.kept is not None][-1]

    def value(self, file: str, expression: str) -> str:
        """Return the text of an expression's value in the module of a file."""
        answer = self.session.evaluate(expression, self.folder / file)
        assert answer.status == "ok", answer.error and answer.error.traceback
        value = answer.results[-1].value
        assert value is not None
        return value.text


@pytest.fixture(scope="module", params=VERSIONS)
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """One project for the tests of a file, on each interpreter; each test has files of its own."""
    yield from _lasting(request, tmp_path_factory)


@pytest.fixture(scope="module", params=(VERSIONS[0], VERSIONS[-1]))
def outer_project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """The same on the oldest and the newest, for what hardly goes by the version."""
    yield from _lasting(request, tmp_path_factory)


def _lasting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    made = Project(tmp_path_factory.mktemp("project"), INTERPRETERS[request.param])
    assert made.session.evaluate("1").status == "ok"  # its process is no single test's
    yield made
    made.close()


@pytest.fixture
def lone_project(tmp_path: Path, python: str) -> Iterator[Project]:
    """A project for one test."""
    made = Project(tmp_path, python)
    yield made
    made.close()


@pytest.fixture
def fast_project(tmp_path: Path) -> Iterator[Project]:
    """The same where the version does not matter."""
    made = Project(tmp_path, INTERPRETERS[VERSIONS[-1]])
    yield made
    made.close()


_numbers = itertools.count()


@pytest.fixture
def name() -> str:
    """A module's name that no other test uses."""
    return f"case{next(_numbers)}"
