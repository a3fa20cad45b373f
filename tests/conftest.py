"""Fixtures for all tests: interpreters to run workers in, sessions, and the check for leftovers."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import letting_go
from ending import ENDS, ends

if os.environ.get("RELIVE_TEST_HOLDING"):
    letting_go.install()  # before anything has taken the class from its module

from lsp.driver import Client
from relive.session.checkpoints import Checkpoints
from relive.session.events import Event
from relive.session.session import Session
from relive.session.settings import Settings

os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="relive-tests-")
# Where daemons are found: the user's own have nothing to do with those of tests.
atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# With it every daemon that the tests start would compile all of its modules anew.

settings.register_profile("unhurried", deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.load_profile("unhurried")
# How long an example takes says nothing on a machine that has other things to do.

MAX_WAIT_S = 60
"""Ceiling of any wait in a test, for a loaded machine; a wait that is right ends far sooner."""


def _version(python: str) -> tuple[int, int] | None:
    code = "import sys; print(sys.implementation.name, *sys.version_info[:2])"
    try:
        told = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, timeout=MAX_WAIT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None  # such as a pyenv shim of a version that is not chosen
    name, major, minor = told.stdout.split()
    return (int(major), int(minor)) if name == "cpython" else None


def _interpreters() -> dict[str, str]:
    """Return one CPython for each version from 3.9 on, from pyenv and the PATH."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [str(path) for path in sorted(pyenv.glob("3.*/bin/python"))]
    candidates += [f"python3.{minor}" for minor in range(9, 20)] + [sys.executable]
    found: dict[str, str] = {}
    for python in candidates:
        version = _version(python)
        if version is not None and version >= (3, 9):
            found["{}.{}".format(*version)] = python
    return found


_FOUND = "RELIVE_TEST_INTERPRETERS"
"""In the environment of pytest's other processes: each would take seconds to find the same."""


INTERPRETERS: dict[str, str] = json.loads(os.environ.get(_FOUND, "{}")) or _interpreters()
os.environ[_FOUND] = json.dumps(INTERPRETERS)

VERSIONS = sorted(INTERPRETERS, key=lambda version: int(version.split(".")[1]))


@pytest.fixture(params=VERSIONS)
def python(request: pytest.FixtureRequest) -> str:
    """Each supported interpreter in turn."""
    return INTERPRETERS[request.param]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty folder to be a session's workspace."""
    return tmp_path


@pytest.fixture(autouse=True, scope="session")
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what Relive stores for the user out of the real user's folder."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def no_copies(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no copies made of processes of tests that are to be without, nor of their clients'."""
    if ends(request.node):
        monkeypatch.setattr(Checkpoints, "due_in", lambda *_: None)
        monkeypatch.setattr(Client, "usual", ENDS)


@pytest.fixture(autouse=True, scope="module")
def usual_settings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have clients of modules that are to be without copies say so, with any settings they send."""
    with pytest.MonkeyPatch.context() as patched:
        if ends(request.node):
            patched.setattr(Client, "usual", ENDS)
        yield


MakeSession = Callable[..., Session]


@pytest.fixture
def make_session(workspace: Path) -> Iterator[MakeSession]:
    """Makes sessions on the workspace, and closes them."""
    made: list[Session] = []

    def make(interpreter: str | None = None, **options: object) -> Session:
        made.append(Session(interpreter, workspace, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for session in made:
        session.close()


@pytest.fixture
def session(make_session: MakeSession, python: str) -> Session:
    """A session on each supported interpreter in turn."""
    return make_session(python)


@pytest.fixture(scope="module")
def heard() -> list[Event]:
    """What the listener of the lasting session is told."""
    return []


@contextmanager
def lasting(
    version: str, folder: Path, settings: Settings, heard: list[Event]
) -> Iterator[Session]:
    """A session for several tests, on an interpreter of that version, which has begun."""
    python = INTERPRETERS[version]
    with Session(python, folder, settings=settings, listener=heard.append) as session:
        assert session.evaluate("import time").status == "ok"
        yield session


@pytest.fixture(scope="module", params=VERSIONS)
def lasting_session(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, heard: list[Event]
) -> Iterator[Session]:
    """One session for all tests of a file, on each supported interpreter in turn.

    What it runs is traced, as in an editor: user code is not to notice.
    """
    folder = tmp_path_factory.mktemp("lasting")
    with lasting(request.param, folder, Settings(staleness=True), heard) as session:
        yield session


@pytest.fixture
def fast_session(make_session: MakeSession) -> Session:
    """A session on the interpreter that runs the tests, where its version does not matter."""
    return make_session()


def _children() -> set[int]:
    """Return the processes this one has started; a defunct one too."""
    threads = list(Path("/proc/self/task").glob("*/children"))
    if not threads:
        return _children_by_ps()
    return {int(pid) for thread in threads for pid in _words_of(thread)}


def _words_of(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:  # the thread has ended
        return []


def _children_by_ps() -> set[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=,comm=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return {int(pid) for pid, name in lines if name != "ps"}


@pytest.fixture(autouse=True)
def no_process_left() -> Iterator[None]:
    """Fail a test that leaves a child process behind, a defunct one included."""
    before = _children()
    yield
    left = _children() - before
    assert not left, f"processes left behind: {left}"
