"""Fixtures for modules with live objects: a program of the user's, and the inside of a library.

The tests of a file share one session, so that what they try is imported once: each has a module of
its own in it, and brings a library that it has edited back to what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from packages.live import Live, file_of
from relive.session.session import Session

OpenModule = Callable[..., Live]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of the shared session."""
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[Session]:
    """The session of a file's tests, with its worker running."""
    with Session(None, folder) as session:
        assert session.evaluate("None").status == "ok"
        yield session


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Tell the modules of a file's tests apart."""
    return count()


@pytest.fixture
def program(shared: Session, folder: Path, numbers: Iterator[int]) -> OpenModule:
    """Imports or evaluates a text as a module of the user's, and makes live objects in it."""

    def loaded(text: str, alive: str = "None", *, imported: bool = True) -> Live:
        name = f"app_{next(numbers)}"
        file = folder / f"{name}.py"
        file.write_text(text, encoding="utf-8")
        if imported:
            _do(shared, f"import {name}", None)
        else:
            _do(shared, text, file)
        _do(shared, alive, file)
        return Live(shared, file, inside=True)

    return loaded


@pytest.fixture
def library(shared: Session) -> OpenModule:
    """Opens a module of an installed library, with live objects made beside it."""

    def opened(module: str, alive: str = "None") -> Live:
        _do(shared, f"import {module}\n{alive}", None)
        return Live(shared, file_of(module), inside=False)

    return opened


def _do(session: Session, code: str, file: Path | None) -> None:
    done = session.evaluate(code, file)
    assert done.status == "ok", done.error
