"""No result is shown as fresh that a run from scratch gives otherwise, on the corpus."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from conftest import INTERPRETERS, VERSIONS
from staleness.corpus import Script, all_scripts
from staleness.measure import Bench, is_library

OWN = "{}.{}".format(*sys.version_info)
"""The Python that has the libraries the tests need."""


def _runs() -> list[object]:
    """Return the scripts, each with a Python: one that tells what runs, for some one that does not."""
    runs = []
    for number, script in enumerate(all_scripts()):
        needs_library = any(map(is_library, script.tags))
        versions = [OWN] if needs_library else [VERSIONS[-1], *VERSIONS[:1][number % 3 :]]
        runs += [pytest.param(script, each, id=f"{each}-{script}") for each in versions]
    return runs


@pytest.fixture(scope="module")
def bench_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Bench]]:
    """One process of each Python for all scripts."""
    made: dict[str, Bench] = {}

    def of(version: str) -> Bench:
        if version not in made:
            made[version] = Bench(INTERPRETERS[version], tmp_path_factory.mktemp("corpus"))
        return made[version]

    for each in sorted({VERSIONS[0], VERSIONS[-1], OWN}):
        of(each)
    yield of
    for bench in made.values():
        bench.session.close()


@pytest.mark.parametrize(("script", "version"), _runs())
def test_no_result_is_missed(
    bench_of: Callable[[str], Bench], script: Script, version: str
) -> None:
    bench = bench_of(version)
    for library in filter(is_library, script.tags):
        if not bench.has(library):
            pytest.skip(f"{library} is not installed for this Python")
    outcomes = list(bench.outcomes(script))
    assert any(each.wrong for each in outcomes), "no edit changes a result: it shows nothing"
    for each in outcomes:
        assert not each.missed or each.is_limit, (each.edit.begins, each.missed)
