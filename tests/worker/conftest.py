"""Processes that the tests of a module live in, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import INTERPRETERS, VERSIONS, MakeSession
from living import begin, live_in
from relive.session.session import Session


@pytest.fixture(scope="module", params=VERSIONS)
def lived_in(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session | None]:
    """The session that the tests of a module share on each Python in turn; none on the newest."""
    if request.param == VERSIONS[-1]:
        yield None
        return
    folder = tmp_path_factory.getbasetemp()  # a test's own lies in it
    with live_in(folder, INTERPRETERS[request.param], request.param) as session:
        yield session


@pytest.fixture
def long_session(lived_in: Session | None, make_session: MakeSession, workspace: Path) -> Session:
    """A session on each Python: of its own on the newest, on the others one that has seen other tests.

    So are the cases of the corpus run, and for the same reasons.
    """
    if lived_in is None:
        return make_session(INTERPRETERS[VERSIONS[-1]])
    begin(lived_in, workspace, workspace.parent)
    return lived_in
