"""Tests and fixtures of the user's in a session, on the interpreter that runs these tests: it has a pytest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import INTERPRETERS, MAX_WAIT_S, VERSIONS, MakeSession
from relive.session.driver import CallerDriver
from relive.session.session import Session
from relive.session.shown import NoViewError
from relive.session.testing import RunTests, TestResult, TestsRun

SHOP = """\
def net(price):
    return price


def total(prices):
    return sum(map(net, prices))
"""
CONFTEST = """\
import pytest

log = []


@pytest.fixture(scope="session")
def base():
    "What all have."
    log.append("base up")
    yield 5
    log.append("base down")


@pytest.fixture
def cart(base, tmp_path):
    log.append("cart up")
    yield [base]
    log.append("cart down")


@pytest.fixture(params=["first", "second"])
def kind(request):
    return request.param


@pytest.fixture
def stuck(base):
    yield 1
    raise OSError("still open")


@pytest.fixture
def broken(base):
    raise ValueError("no such table")
"""
TESTS = """\
import os
import sys

import pytest

import shop

log = []


def test_total(cart):
    log.append(1)
    assert shop.total(cart) == 5


def test_sides():
    assert {"net": shop.net(2)} == {"net": 2}


@pytest.mark.parametrize("n", [1, 2])
def test_each(n):
    assert n == 1


def test_crash():
    os.kill(os.getpid(), 9)


def test_hang(capfd):
    with capfd.disabled():
        while True:
            print("still at it")


def test_scribble():
    for fd in range(3, 100):
        try:
            os.write(fd, b"of no protocol")
        except OSError:
            pass
    while True:
        pass


def test_skipped():
    pytest.skip("not today")


def test_broken(broken):
    pass


class TestState:
    def test_change(self):
        shop.net = None
        sys.modules["shop"].added = 1
        os.environ["ADDED"] = "1"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "shop.py").write_text(SHOP)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --exitfirst --strict-markers\n")
    tests = folder / "tests"
    tests.mkdir()
    (tests / "conftest.py").write_text(CONFTEST)
    (tests / "test_shop.py").write_text(TESTS)
    (tests / "test_broken_file.py").write_text("import nothing_of_that_name\n")
    return folder


@pytest.fixture(scope="module")
def live(project: Path) -> Iterator[Session]:
    """A session in which `net` runs otherwise than the file says."""
    with Session(None, project) as session:
        assert session.evaluate("import shop, sys, os").status == "ok"
        text = SHOP.replace("return price", "return price * 2")
        assert session.redefine("shop.py", source=text, name="net").status == "ok"
        yield session


@pytest.fixture(scope="module")
def ran(live: Session) -> TestsRun:
    return live.run_tests("tests/test_shop.py", "tests/test_broken_file.py", time_limit=10)


def value(session: Session, text: str, file: str | None = None) -> str:
    answer = session.evaluate(text, file)
    shown = answer.results[-1].value
    assert answer.error is None
    assert shown is not None
    return shown.text


OUTCOMES = {
    "tests/test_broken_file.py": ("error", None, "nothing_of_that_name"),
    "tests/test_shop.py::test_total": ("failed", 12, "assert 10 == 5"),
    "tests/test_shop.py::test_sides": ("failed", 16, "{'net': 4} != {'net': 2}"),
    "tests/test_shop.py::test_each[1]": ("passed", None, None),
    "tests/test_shop.py::test_each[2]": ("failed", 21, "assert 2 == 1"),
    "tests/test_shop.py::test_crash": ("error", None, "was ended by signal 9"),
    "tests/test_shop.py::test_hang": ("error", None, "did not end within"),
    "tests/test_shop.py::test_scribble": ("error", None, "what is not its own"),
    "tests/test_shop.py::test_skipped": ("skipped", None, "not today"),
    "tests/test_shop.py::test_broken": ("error", None, "ValueError: no such table"),
    "tests/test_shop.py::TestState::test_change": ("passed", None, None),
}


def test_every_test_gets_its_outcome_whatever_the_one_before_did(ran: TestsRun) -> None:
    assert ran.problem is None
    assert ran.left == ()
    found = {each.id: each for each in ran.items}
    assert sorted(found) == sorted(OUTCOMES)
    for name, (outcome, at, words) in OUTCOMES.items():
        told = found[name]
        assert (told.outcome, told.at) == (outcome, at), told
        assert words is None or words in (told.message or ""), told.message


def test_the_sides_of_a_comparison_are_told(ran: TestsRun) -> None:
    told = next(each for each in ran.items if each.id.endswith("test_sides"))
    assert (told.expected, told.actual) == ("{'net': 2}", "{'net': 4}")


def test_the_live_process_sees_nothing_of_tests_that_ran(live: Session, ran: TestsRun) -> None:
    assert ran.items
    assert value(live, "shop.net(2), hasattr(shop, 'added'), os.environ.get('ADDED')") == (
        "(4, False, None)"
    )
    assert value(live, "[n for n in ('test_shop', 'pytest') if n in sys.modules]") == "[]"
    assert not list(Path(value(live, "os.getcwd()").strip("'")).rglob("*cache*"))


def test_a_file_that_is_not_there_is_told_as_pytest_tells_it(live: Session) -> None:
    told = live.run_tests("tests/test_nothing.py")
    assert told.items == ()
    assert told.left == ("tests/test_nothing.py",)
    assert "test_nothing.py" in (told.problem or "")


def test_an_id_that_pytest_does_not_know_keeps_no_other_from_running(live: Session) -> None:
    told = live.run_tests("tests/test_shop.py::test_each[1]", "tests/test_shop.py::test_nothing")
    assert [each.id for each in told.items] == ["tests/test_shop.py::test_each[1]"]
    assert told.problem is None
    alone = live.run_tests("tests/test_shop.py::test_nothing")
    assert alone.left == ("tests/test_shop.py::test_nothing",)
    assert "not found: tests/test_shop.py::test_nothing" in (alone.problem or "")


@pytest.mark.parametrize("version", [each for each in VERSIONS if int(each[2:]) > 11])
def test_where_a_test_came_by_is_told_where_the_interpreter_tells(
    make_session: MakeSession, workspace: Path, version: str
) -> None:
    (workspace / "shop.py").write_text(SHOP)
    (workspace / "test_it.py").write_text(
        "import os, shop\ndef test_net(): assert shop.net(1) == 1\n"
        "def test_in_child(): os.fork() or os._exit(shop.net(0))\n"
    )
    session = make_session(INTERPRETERS[version])
    ours = str(Path(pytest.__file__).parents[1])
    session.evaluate(
        f"import os, sys\nsys.path.append({ours!r})\n"
        "os.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'"
    )
    told = session.run_tests("test_it.py")
    assert told.problem is None
    passed, forked = told.items
    assert (passed.outcome, forked.outcome) == ("passed", "passed")
    assert (str(workspace / "shop.py"), "net") in (passed.ran or ())
    assert (str(workspace / "shop.py"), "total") not in (passed.ran or ())
    assert forked.ran is None, "what ran in the child is not known"


class Heard:
    """A run that is listened to."""

    def __init__(self, session: Session, *tests: str) -> None:
        self.answer: TestsRun | None = None
        self._session = session
        self.items: list[TestResult] = []
        request = RunTests(tests, time_limit=MAX_WAIT_S)
        self.number = session.submit_tests(request, self.items.append, self._end)

    def _end(self, answer: TestsRun) -> None:
        self.answer = answer

    def wait(self) -> TestsRun:
        driver = self._session._driver
        assert isinstance(driver, CallerDriver)
        driver.run_until(lambda: self.answer is not None)
        assert self.answer is not None
        return self.answer


def test_code_is_evaluated_while_tests_run_and_they_are_stopped(live: Session) -> None:
    heard = Heard(live, "tests/test_shop.py::test_hang")
    assert value(live, "6 * 7") == "42"
    live.stop_tests(heard.number)
    answer = heard.wait()
    assert answer.problem == "The tests were stopped."
    assert answer.left == ("tests/test_shop.py::test_hang",)


def test_tests_end_with_their_process(make_session: MakeSession, workspace: Path) -> None:
    (workspace / "test_it.py").write_text(
        "import threading\n\ndef test_it():\n    threading.Event().wait()\n"
    )
    session = make_session()
    assert session.evaluate("1").status == "ok"
    heard = Heard(session, "test_it.py")
    died = session.evaluate("import os\nos._exit(3)")
    assert died.status == "died"
    assert died.error is not None
    assert "ended with it" not in died.error.message, "what Relive has started is nobody's loss"
    assert "ended while tests were running" in (heard.wait().problem or "")


def test_without_pytest_it_is_said_what_to_do(fast_session: Session) -> None:
    fast_session.evaluate(
        "import sys\nsys.path[:] = [p for p in sys.path if 'site-packages' not in p]"
    )
    assert "pytest is not installed" in (fast_session.run_tests("test_it.py").problem or "")


@pytest.fixture
def scratch(project: Path, live: Session) -> Iterator[str]:
    file = project / "tests" / "scratch.py"
    file.write_text("cart = 'mine'\n")
    live.evaluate("cart = 'mine'", str(file))
    live.evaluate("import conftest\nconftest.log.clear()", str(file)) if _has_conftest(
        live
    ) else None
    yield str(file)
    live.release_fixtures()


def _has_conftest(live: Session) -> bool:
    return value(live, "'conftest' in sys.modules") == "True"


def test_fixtures_are_those_of_the_conftest_chain_and_of_plugins(
    live: Session, scratch: str
) -> None:
    found = {each.name: each for each in live.fixtures(scratch)}
    assert {"base", "cart", "kind", "tmp_path"} <= set(found)
    assert "capsys" not in found
    base = found["base"]
    assert (base.scope, base.doc, base.line, base.active) == ("session", "What all have.", 5, False)
    assert Path(base.file or "").name == "conftest.py"


def test_values_of_fixtures_are_there_until_they_are_released(live: Session, scratch: str) -> None:
    assert set(live.use_fixtures(scratch, "cart", "kind")) == {
        "cart",
        "kind",
        "base",
        "tmp_path",
        "tmp_path_factory",
    }
    assert value(live, "cart, kind, tmp_path.is_dir()", scratch) == "([5], 'first', True)"
    assert {each.name for each in live.fixtures(scratch) if each.active} == {"cart", "kind"}
    released = live.release_fixtures(scratch)
    assert (released.released, released.problems) == (("kind", "cart"), ())
    assert value(live, "cart", scratch) == "'mine'"
    assert value(live, "import conftest\nconftest.log") == (
        "['base up', 'cart up', 'cart down', 'base down']"
    )
    assert live.evaluate("kind", scratch).error is not None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("broken", "ValueError: no such table"),
        ("nothing_such", "nothing_such"),
        ("capsys", "output of the whole session"),
    ],
)
def test_fixtures_that_cannot_be_had_say_why_and_leave_nothing(
    live: Session, scratch: str, name: str, words: str
) -> None:
    with pytest.raises(NoViewError, match=words):
        live.use_fixtures(scratch, "base", name)
    assert live.evaluate("base", scratch).error is not None
    assert live.release_fixtures().released == ()


def test_fixtures_are_listed_in_the_order_in_which_they_were_torn_down(
    live: Session, scratch: str
) -> None:
    live.use_fixtures(scratch, "cart", "base", "kind")  # pytest sets up `base` first of all
    live.use_fixtures(scratch, "stuck")
    assert live.release_fixtures(scratch).released == ("stuck", "kind", "cart", "base")


def test_what_fails_while_fixtures_are_released_is_told(live: Session, scratch: str) -> None:
    live.use_fixtures(scratch, "stuck")
    released = live.release_fixtures()
    assert released.released == ("stuck",)
    assert "OSError: still open" in released.problems[0]
