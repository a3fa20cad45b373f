"""A process that many cases of the corpus live in, one after another, as in a long session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from conftest import INTERPRETERS
from relive.session.session import Session

Place = tuple[Session, Path]
"""A session, and the folder that is a case's workspace in it."""

BEGIN = """
def begin(folder, lived_in):
    import os, sys
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(lived_in):
            del sys.modules[name]
    sys.path[:] = [folder, *(each for each in sys.path if not each.startswith(lived_in))]
    os.chdir(folder)
    for name in list(globals()):
        if not name.startswith("__"):
            del globals()[name]

begin({folder!r}, {lived_in!r})
"""
"""What a new process would bring: none of the modules and names of the cases before."""


@pytest.fixture(scope="module")
def lived_in(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Place]]:
    """Makes places for cases in one process; the parameter is its Python's version, and more."""
    folder, numbers = tmp_path_factory.mktemp("lived_in"), count()
    version = request.param.split("-")[0]
    with Session(INTERPRETERS[version], folder) as session:
        assert session.evaluate("None").status == "ok"

        def place() -> Place:
            own = folder / f"case{next(numbers)}"
            own.mkdir()
            begun = session.evaluate(BEGIN.format(folder=str(own), lived_in=str(folder)))
            assert begun.status == "ok", begun.error
            return session, own

        yield place
