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
        self.ledger.ran(test, [result], self.ledger.step if since is None else since)

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
