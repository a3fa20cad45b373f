"""A process that many cases of the corpus live in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from conftest import INTERPRETERS
from living import Place, begin, live_in


@pytest.fixture(scope="module")
def lived_in(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Place]]:
    """Makes places for cases in one process; the parameter is its Python's version, and more."""
    folder, numbers = tmp_path_factory.mktemp("lived_in"), count()
    version = request.param.split("-")[0]
    with live_in(folder, INTERPRETERS[version], version) as session:

        def place() -> Place:
            own = folder / f"case{next(numbers)}"
            own.mkdir()
            begin(session, own, folder)
            return session, own

        yield place
