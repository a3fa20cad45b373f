"""Fixtures: clients with real daemons, and the check that no process stays behind."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from lsp.driver import Client, started, wait_for_end_of
from lsp.nursery import Nursery

_PR_SET_CHILD_SUBREAPER = 36

StartClient = Callable[..., Client]


@pytest.fixture(scope="module", autouse=True)
def adopt_orphans() -> Iterator[None]:
    """Be the parent of what a daemon leaves behind, so that it can be seen; other tests leave that to the system."""
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where daemons come from that no test starts by a command."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def start_client(
    tmp_path_factory: pytest.TempPathFactory, nursery: Nursery
) -> Iterator[StartClient]:
    """Starts daemons for one test."""
    with _clients(tmp_path_factory, nursery) as start:
        yield start


@pytest.fixture(scope="module")
def start_shared_client(
    tmp_path_factory: pytest.TempPathFactory, nursery: Nursery
) -> Iterator[StartClient]:
    """Starts daemons that the tests of a module share."""
    with _clients(tmp_path_factory, nursery) as start:
        yield start


@pytest.fixture
def fresh_client(start_client: StartClient, tmp_path: Path) -> Client:
    """A client with a daemon of its own, whose workspace is `tmp_path`."""
    client = start_client()
    client.initialize(tmp_path)
    return client


@pytest.fixture(scope="module")
def daemon_of_module(
    start_shared_client: StartClient, tmp_path_factory: pytest.TempPathFactory
) -> Client:
    client = start_shared_client()
    client.initialize(tmp_path_factory.mktemp("workspace"))
    return client


@pytest.fixture
def client(daemon_of_module: Client) -> Client:
    """A client with a fresh session. The daemon served others before: that is faster."""
    daemon_of_module.start_over()
    return daemon_of_module


@contextlib.contextmanager
def _clients(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[StartClient]:
    logs = tmp_path_factory.mktemp("daemon")
    numbers = itertools.count()
    before = _children()
    clients: list[Client] = []

    def start(command: Sequence[str] = ()) -> Client:
        begin = started(command) if command else nursery.start
        client = Client(logs / f"{next(numbers)}.log", begin)
        clients.append(client)
        return client

    yield start
    for client in clients:
        client.leave()
        assert client.expects_defects or "Traceback" not in client.log(), client.log()
    for pid in _children() - before:
        wait_for_end_of(pid)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)  # ours by adoption


def _children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has just ended has none
            found.update(map(int, task.joinpath("children").read_text().split()))
    return found
