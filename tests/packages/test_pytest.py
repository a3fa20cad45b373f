"""pytest in a process that stays: tests and fixtures run again as they are now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from packages.live import Edit, Live, value
from relive.session.session import Session

CONFTEST = """\
import pytest


@pytest.fixture
def shop():
    return {"tea": 3}
"""

TESTS = """\
import pytest


@pytest.fixture
def price(shop):
    return shop["tea"]


@pytest.fixture(scope="module")
def stock():
    yield ["tea"]


class TestShop:
    @pytest.fixture(autouse=True)
    def prepared(self):
        self.ready = True

    def test_ready(self, stock):
        assert self.ready
        assert stock == ["tea"]


def test_price(price):
    assert price == 3


@pytest.mark.parametrize("number", [1, 2])
def test_each(number):
    assert number < 3
"""

RUNNER = """
import contextlib, io, pytest
class Seen:
    def __init__(self):
        self.outcomes = {}
    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.failed:
            self.outcomes[report.nodeid.split("::", 1)[1]] = report.outcome
def run(file):
    seen = Seen()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-p", "no:cacheprovider", file], plugins=[seen])
    return seen.outcomes
"""

EDITS = {
    "test": Edit("price == 3", "price == 4", "run(file)['test_price']", "'failed'"),
    "fixture": Edit('shop["tea"]', "4", "run(file)['test_price']", "'failed'"),
    "fixture that yields": Edit(
        'yield ["tea"]', 'yield ["pot"]', "run(file)['TestShop::test_ready']", "'failed'"
    ),
    "fixture of a class": Edit(
        "self.ready = True", "self.ready = False", "run(file)['TestShop::test_ready']", "'failed'"
    ),
    "test added": Edit(
        "class TestShop",
        "def test_new():\n    pass\n\n\nclass TestShop",
        "run(file).get('test_new')",
        "'passed'",
    ),
    "test removed": Edit(
        "def test_price(price):\n    assert price == 3\n", "", "'test_price' in run(file)", "False"
    ),
    "parameters": Edit("[1, 2]", "[1, 2, 3]", "run(file).get('test_each[3]')", "'failed'"),
}

Tests = Callable[[], Live]


@pytest.fixture
def tests(shared: Session, folder: Path, numbers: Iterator[int]) -> Tests:
    """Writes a test file, and has pytest import and run it for the first time."""

    def passed() -> Live:
        (folder / "conftest.py").write_text(CONFTEST)
        file = folder / f"test_shop_{next(numbers)}.py"
        file.write_text(TESTS)
        done = shared.evaluate(f"{RUNNER}\nfile = {str(file)!r}\nset(run(file).values())")
        assert value(done) == "{'passed'}"
        return Live(shared, file, inside=False)

    return passed


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_second_run_follows(tests: Tests, edit: Edit) -> None:
    tests().follows(edit)


def test_a_second_run_imports_a_conftest_anew(tests: Tests, folder: Path) -> None:
    live = tests()
    # Of another length: pytest takes a cached one for it that is of the same second and length.
    (folder / "conftest.py").write_text(CONFTEST.replace("3", "44"))
    live.shows("run(file)['test_price']", "'failed'")
    (folder / "conftest.py").write_text(CONFTEST)
    live.shows("run(file)['test_price']", "'passed'")
