"""Sessions that make a checkpoint before every evaluation, however little runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import VERSIONS, lasting
from relive.session import checkpoints
from relive.session.events import Event
from relive.session.session import Session
from relive.session.settings import Settings
from relive.worker.checkpoints.parking import NAME

SETTINGS = Settings(checkpoints="auto", watch_acts=True)
"""With what each hazard did told exactly; unwatched it is that it may have acted."""


def copies_of(worker: int) -> list[int]:
    """Return the numbers of the processes that are parked copies of a worker."""
    told = Path(f"/proc/{worker}/stat").read_text().rpartition(") ")[2].split()
    found = []
    for listed in Path(f"/proc/{told[1]}/task").glob("*/children"):
        for each in listed.read_text().split():
            name = Path(f"/proc/{each}/comm")
            if name.exists() and name.read_text().strip() == NAME:
                found.append(int(each))
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Checkpoints are made on Linux alone."""
    here = Path(__file__).parent
    if sys.platform != "linux":
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="no checkpoints on this system"))


@pytest.fixture(scope="package", autouse=True)
def always() -> Iterator[None]:
    """Have every evaluation be worth a checkpoint."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checkpoints, "_INTERVAL_S", 0.0)
        patched.setattr(checkpoints, "_DEAR_S", 1e9)
        yield


@pytest.fixture(scope="module", params=VERSIONS)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, heard: list[Event]
) -> Iterator[Session]:
    """One session for all tests of a file, on each supported interpreter in turn."""
    folder = tmp_path_factory.mktemp("rewound")
    with lasting(request.param, folder, SETTINGS, heard) as session:
        yield session
