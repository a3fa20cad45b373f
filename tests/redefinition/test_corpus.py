"""Every case of the corpus, on each supported Python, through a session with a real worker.

On the newest each has a process of its own. On the others a kind's cases share one: that is as quick
as the cases are, most of whose time was the start and end of processes, and tries them among all that
others have left behind. On one of these code is prepared for holding errors.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import INTERPRETERS, VERSIONS
from living import Place
from redefinition.corpus import Case, Do, Edit, Expect, Receipt, Step, all_cases
from relive.session.answers import Error
from relive.session.definition_answers import Redefinition
from relive.session.session import Session
from relive.source.nodes import syntax_tree

KINDS = sorted({case.kind for case in all_cases()})


def _cases(version: str) -> list[Case]:
    return [each for each in all_cases() if each.runs_on((3, int(version.split(".")[1])))]


def _alone() -> list[object]:
    newest = VERSIONS[-1]
    return [pytest.param(case, id=f"{newest}-{case}") for case in _cases(newest)]


def _together() -> list[object]:
    """Give the cases of a kind to one process, and so to one of pytest's, always in one order."""
    lives = [
        (f"{version}-{kind}", [case for case in _cases(version) if case.kind == kind])
        for version in VERSIONS[:-1]
        for kind in KINDS
    ]
    return [
        pytest.param(life, case, id=f"{life}: {case.title}", marks=pytest.mark.xdist_group(life))
        for life, cases in lives  # the very same text for all of them: pytest tells by identity
        for case in cases
    ]


@pytest.mark.parametrize("case", _alone())
def test_case(make_session: Callable[..., Session], workspace: Path, case: Case) -> None:
    play(case, make_session(INTERPRETERS[VERSIONS[-1]]), workspace)


@pytest.mark.parametrize(("lived_in", "case"), _together(), indirect=["lived_in"], scope="module")
def test_case_in_a_process_that_has_seen_others(lived_in: Callable[[], Place], case: Case) -> None:
    play(case, *lived_in())


def play(case: Case, session: Session, workspace: Path) -> None:
    """Bring the case's first files to disk, and take its steps."""
    first, *steps = case.steps
    assert isinstance(first, Edit)
    write(workspace, first)
    story = Story(session, workspace, case)
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        story.take(step, following)


class Story:
    """A case under way."""

    def __init__(self, session: Session, workspace: Path, case: Case) -> None:
        self._session = session
        self._workspace = workspace
        self._case = case
        self._receipt: Redefinition | None = None

    def take(self, step: Step, following: Step | None) -> None:
        """Do what the step says; `following` is the one after it."""
        if isinstance(step, Edit):
            self._receipt = self._edit(step)
            if not isinstance(following, Receipt):
                assert self._receipt.status in ("ok", "partial"), self._receipt
        elif isinstance(step, Do):
            done = self._session.evaluate(step.code)
            assert done.status == "ok", done.error
        elif isinstance(step, Expect):
            for line in step.lines:
                self._expect(line)
        else:
            self._check(step)

    def _edit(self, edit: Edit) -> Redefinition:
        write(self._workspace, edit)
        files = [self._workspace / name for name in edit.files]
        if self._case.name:
            return self._session.redefine(files[0], name=self._case.name)
        return self._session.redefine(list(files) if len(files) > 1 else files[0])

    def _expect(self, line: str) -> None:
        told = self._session.evaluate(line)
        shown = told.results[-1].value if told.status == "ok" else None
        if shown is None or shown.text != "True":
            saw = told.error if shown is None else self._left_side(line) or shown.text
            pytest.fail(f"{line}\n  but it is {saw}\n  {self._receipt}")

    def _left_side(self, line: str) -> str | None:
        node = syntax_tree(line).body[0].value
        if not isinstance(node, ast.Compare):
            return None
        told = self._session.evaluate(ast.unparse(node.left))
        shown = told.results[-1].value if told.status == "ok" else None
        return None if shown is None else shown.text

    def _check(self, expected: Receipt) -> None:
        receipt = self._receipt
        assert receipt is not None
        by_name = {each.name: each for each in receipt.definitions}
        facts = {
            "receipt": receipt,
            "status": receipt.status,
            "error": None if receipt.error is None else receipt.error.type,
            "message": None if receipt.error is None else receipt.error.message,
            "place": None if receipt.error is None else _place(receipt.error),
            "outcome": {name: each.outcome for name, each in by_name.items()},
            "reason": {name: each.reason or "" for name, each in by_name.items()},
            "functions": {name: each.functions_updated for name, each in by_name.items()},
            "instances": {name: each.instances_updated for name, each in by_name.items()},
            "references": {name: each.references_updated for name, each in by_name.items()},
        }
        for line in expected.lines:
            assert eval(line, facts), f"{line}\n  {receipt}"


def _place(error: Error) -> tuple[str, int] | None:
    """Return the file and the line, from 1, that the error is shown at."""
    files = [frame for frame in error.frames if frame.file is not None]
    if files:
        return Path(str(files[-1].file)).name, files[-1].line + 1
    return None if error.range is None else ("m.py", error.range.start[0] + 1)


def write(folder: Path, edit: Edit) -> None:
    """Bring the files of an edit to disk."""
    for name, text in edit.files.items():
        file = folder / name
        if text is None:
            file.unlink(missing_ok=True)  # it is done again after an undo
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
