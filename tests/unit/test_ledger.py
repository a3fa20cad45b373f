"""Which tests are affected: by what changed since they passed, and what they came by."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from relive.lsp.testing.ledger import Ledger
from relive.lsp.testing.project import FoundTest, Project
from relive.session.events import ANYTHING, Touched
from relive.session.testing import Outcome, TestResult

SHOP = "RATE = 1\n\ndef low(): return RATE\n\ndef high(deep):\n    return low() if deep else 0\n"
TESTS = "import shop\n\ndef test_low(): shop.low()\n\ndef test_high(): shop.high(False)\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "test_shop.py").write_text(TESTS)
    return Project(tmp_path, {})


class Story:
    """A ledger and the project it is about."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.ledger = Ledger()
        self.shop = str(project.folder / "shop.py")

    def touch(self, *names: str, by: Literal["evaluation", "change"] = "change") -> None:
        self.ledger.touched(Touched(frozenset((self.shop, name) for name in names), by))

    def ran(self, name: str, outcome: Outcome, *entered: str, since: int | None = None) -> None:
        test = self._test(name)
        ran = frozenset((self.shop, each) for each in entered) or None
        result = TestResult(test.id, test.file, 0, outcome, None, None, None, None, "", 1.0, ran)
        self.ledger.ran(self.project, test, [result], self.ledger.step if since is None else since)

    def affected(self) -> dict[str, str]:
        found = self.ledger.affected(self.project)
        return {test.code.id: why for test, why in found}

    def _test(self, name: str) -> FoundTest:
        return next(each for each in self.project.tests() if each.code.id == name)


@pytest.fixture
def story(project: Project) -> Story:
    return Story(project)


def test_what_runs_for_the_first_time_in_a_process_is_no_change(story: Story) -> None:
    story.touch("low", "high", "RATE", by="evaluation")
    assert story.affected() == {}
    story.touch("low", by="evaluation")
    assert set(story.affected()) == {"test_low", "test_high"}
    assert story.affected()["test_low"] == "`low` was evaluated"


def test_another_process_loads_everything_anew(story: Story) -> None:
    story.touch("low", by="evaluation")
    story.ledger.begin_life()
    story.touch("low", by="evaluation")
    assert story.affected() == {}


def test_a_test_is_affected_until_it_passes(story: Story) -> None:
    story.touch("low")
    story.ran("test_low", "failed")
    assert "test_low" in story.affected()
    story.ran("test_low", "passed")
    assert "test_low" not in story.affected()
    story.touch("low")
    assert "test_low" in story.affected()


def test_what_changes_while_tests_run_counts_for_the_next_run(story: Story) -> None:
    before = story.ledger.step
    story.touch("low")
    story.ran("test_low", "passed", since=before)
    assert "test_low" in story.affected()


def test_a_function_that_a_test_did_not_enter_does_not_affect_it(story: Story) -> None:
    story.ran("test_high", "passed", "high")
    story.touch("low")
    assert set(story.affected()) == {"test_low"}
    story.touch("high")
    assert set(story.affected()) == {"test_low", "test_high"}


def test_a_function_that_was_not_there_when_a_test_ran_affects_all_that_reach_it(
    story: Story,
) -> None:
    story.ran("test_high", "passed", "high")
    added = frozenset([(story.shop, "low")])
    story.ledger.touched(Touched(added, "change", added))
    story.touch("low")
    assert set(story.affected()) == {"test_low", "test_high"}
    story.ran("test_high", "passed", "high")
    story.touch("low")
    assert set(story.affected()) == {"test_low"}


def test_a_function_whose_wrapper_may_have_answered_affects_all_that_reach_it(story: Story) -> None:
    cached = SHOP.replace("def low", "@lru_cache\ndef low")
    (story.project.folder / "shop.py").write_text(cached)
    story.ran("test_high", "passed", "high")
    story.touch("low")
    assert set(story.affected()) == {"test_low", "test_high"}


def test_other_names_than_functions_are_told_from_the_text_in_any_case(story: Story) -> None:
    story.ran("test_high", "passed", "high")
    story.touch("RATE")
    assert set(story.affected()) == {"test_low", "test_high"}


def test_a_file_of_which_anything_may_have_changed(story: Story) -> None:
    story.touch(ANYTHING)
    assert story.affected() == dict.fromkeys(("test_low", "test_high"), "shop.py was changed")


def test_a_test_that_was_edited_since_it_passed_is_affected(story: Story) -> None:
    story.ran("test_low", "passed")
    file = story.project.folder / "test_shop.py"
    file.write_text(TESTS.replace("shop.low()", "shop.low() + 1"))
    story.project = Project(story.project.folder, {})
    assert story.affected() == {"test_low": "the test was edited"}


ABOVE = """\
import os
import pytest

STOCK = {"pear": 2}
os.environ["SHOP"] = "open"

def fill(): return dict(STOCK)

@pytest.fixture
def stock(): return fill()

@pytest.fixture(name="till")
def a_till(): return []

@pytest.fixture
def unrelated(): return 0
"""
BESIDE = """\
import pytest
pytest_plugins = ["more_fixtures"]

@pytest.fixture
def shop(stock): return stock

@pytest.fixture(autouse=True)
def clean(): yield
"""
PLUGIN = "import pytest\n\n@pytest.fixture\ndef lent(): return 1\n"
USING = """\
import pytest

CASES = [1, 2]
OTHERS = [3]

def inner(): return 1
def helper(): return inner()
def lonely(): return 2

def test_shop(shop): assert shop
def test_helped(): assert helper()
@pytest.mark.parametrize("n", CASES)
def test_cases(n): assert n
@pytest.mark.usefixtures("till")
def test_marked(): pass
def test_lent(lent): pass

class TestMany:
    size = 1
    def setup_method(self): self.n = 1
    def look(self): return self.n
    def test_look(self): assert self.look()
    def test_plain(self): pass

class Base:
    def test_inherited(self): pass
class TestDerived(Base):
    def test_own(self): pass
"""
USERS = {
    *("test_shop", "test_helped", "test_cases", "test_marked", "test_lent"),
    *("TestMany::test_look", "TestMany::test_plain", "TestDerived"),
}
MANY = {"TestMany::test_look", "TestMany::test_plain"}


@pytest.fixture
def using(tmp_path: Path) -> Story:
    """A ledger of a project whose tests have all passed, with fixtures in several places."""
    texts = {
        "conftest.py": ABOVE,
        "more_fixtures.py": PLUGIN,
        "tests/conftest.py": BESIDE,
        "tests/test_use.py": USING,
        "other/conftest.py": BESIDE,
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    story = Story(Project(tmp_path, {}))
    for name in USERS:
        story.ran(name, "passed")
    assert story.affected() == {}
    return story


@pytest.mark.parametrize(
    ("file", "old", "new", "affected", "why"),
    [
        ("conftest.py", "return fill()", "return {}", {"test_shop"}, "`stock` was edited"),
        ("conftest.py", "dict(STOCK)", "{}", {"test_shop"}, "`fill` was edited"),
        ("conftest.py", '"pear": 2', '"pear": 3', {"test_shop"}, "`STOCK` was edited"),
        ("conftest.py", "return []", "return [1]", {"test_marked"}, "`a_till` was edited"),
        ("conftest.py", '"open"', '"shut"', USERS, "conftest.py was edited"),
        ("conftest.py", "return 0", "return 1", set(), ""),
        ("conftest.py", "return 0", "return 0  # none", set(), ""),
        ("tests/conftest.py", "return stock", "return 1", {"test_shop"}, "`shop` was edited"),
        ("tests/conftest.py", "yield", "yield 1", USERS, "`clean` was edited"),
        ("other/conftest.py", "yield", "yield 1", set(), ""),
        ("more_fixtures.py", "return 1", "return 2", {"test_lent"}, "`lent` was edited"),
        ("tests/test_use.py", "return 1\n", "return 3\n", {"test_helped"}, "`inner` was edited"),
        ("tests/test_use.py", "return 2\n", "return 3\n", set(), ""),
        ("tests/test_use.py", "[1, 2]", "[1, 2, 3]", {"test_cases"}, "`CASES` was edited"),
        ("tests/test_use.py", "[3]", "[4]", set(), ""),
        ("tests/test_use.py", "size = 1", "size = 2", MANY, "`TestMany` was edited"),
        ("tests/test_use.py", "n = 1", "n = 2", MANY, "`TestMany.setup_method` was edited"),
        (
            *("tests/test_use.py", "return self.n", "return -self.n"),
            *({"TestMany::test_look"}, "`TestMany.look` was edited"),
        ),
        (
            *("tests/test_use.py", "inherited(self): pass", "inherited(self): 1"),
            *({"TestDerived"}, "`Base.test_inherited` was edited"),
        ),
        (
            *("tests/test_use.py", "test_own(self): pass", "test_own(self): 1"),
            *({"TestDerived"}, "the test was edited"),
        ),
        (
            *("tests/conftest.py", "(autouse", "\ndef till(): pass\n@pytest.fixture(autouse"),
            *({"test_marked"}, "`till` was edited"),
        ),
    ],
)
def test_a_test_is_affected_by_an_edit_of_what_it_uses_of_its_file_and_its_fixtures(
    using: Story, file: str, old: str, new: str, affected: set[str], why: str
) -> None:
    path = using.project.folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    using.project = Project(using.project.folder, {})
    assert using.affected() == dict.fromkeys(affected, why)


def test_what_does_not_parse_counts_as_one_piece(using: Story) -> None:
    path = using.project.folder / "tests" / "conftest.py"
    path.write_text(BESIDE + "def (:\n")
    using.project = Project(using.project.folder, {})
    assert set(using.affected()) == USERS


def test_what_a_test_used_is_told_from_the_texts_that_were_read_before_it_ran(using: Story) -> None:
    using.project = Project(using.project.folder, {})
    using.project.read(["tests/test_use.py"])
    (using.project.folder / "conftest.py").write_text(ABOVE.replace("return fill()", "return {}"))
    using.ran("test_shop", "passed")
    using.project = Project(using.project.folder, {})
    assert set(using.affected()) == {"test_shop"}
