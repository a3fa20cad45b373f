"""Cases of the corpus, their first edit undone: what they expect of it is as it was before.

Some of them, or with `RELIVE_FUZZ=long` all: each needs a process of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import INTERPRETERS, VERSIONS
from redefinition.corpus import Case, Do, Edit, Expect, all_cases
from redefinition.test_corpus import write
from relive.session.definition_answers import Redefinition, Undo
from relive.session.session import Session

STEP = 1 if os.environ.get("RELIVE_FUZZ") == "long" else 9
LEFT_OUT = {
    # What an undo cannot bring back without anybody being able to tell; what can be asked once.
    "lru_cache: the cache is cleared, the object stays": "what a cache lost stays lost",
    "a metaclass that takes attributes by its own __setattr__": "it keeps what it was told",
    "a bound method saved in a thread pool's queue": "what it expects takes the only item",
    "a generic class gets another parameter": "`typing` remembers what it was asked before",
    "a local becomes a global": "what it expects adds to the global",
}


def _sample() -> list[object]:
    version = VERSIONS[-1]
    cases = [each for each in all_cases() if each.runs_on((3, int(version[2:])))]
    return [
        pytest.param(case, id=str(case)) for case in cases[::STEP] if case.title not in LEFT_OUT
    ]


@pytest.mark.parametrize("case", _sample())
def test_a_case_that_is_undone(
    make_session: Callable[..., Session], workspace: Path, case: Case
) -> None:
    story = Undone(make_session(INTERPRETERS[VERSIONS[-1]]), workspace, case)
    before = story.sees()
    receipt = story.edit()
    if not _has_changed(receipt):
        return
    after = story.sees()
    told = story.undo()
    if told.status == "refused":
        assert all(each.reason for each in told.definitions)
        assert story.sees() == after
        return
    assert told.status in ("ok", "partial"), told
    if not any(each.reason for each in told.definitions):
        assert story.sees() == before
    again = story.edit()
    if not any(each.reason for each in (*told.definitions, *again.definitions)):
        assert story.sees() == after


def _has_changed(receipt: Redefinition) -> bool:
    outcomes = {each.outcome for each in receipt.definitions}
    return receipt.status in ("ok", "partial") and bool(outcomes - {"unchanged", "refused"})


class Undone:
    """A case up to its first edit, and what it expects of that."""

    def __init__(self, session: Session, folder: Path, case: Case) -> None:
        self._session = session
        self._folder = folder
        self._case = case
        first, *steps = case.steps
        assert isinstance(first, Edit)
        write(folder, first)
        place = next((n for n, each in enumerate(steps) if isinstance(each, Edit)), len(steps))
        for step in steps[:place]:
            if isinstance(step, Do):
                session.evaluate(step.code)
        self._edit = steps[place] if place < len(steps) else None
        self._lines: list[str] = []
        for step in steps[place + 1 :]:
            if isinstance(step, (Do, Edit)):
                break
            if isinstance(step, Expect):
                self._lines += step.lines
        seen = [self._see(line) for line in self._lines]
        again = [self._see(line) for line in self._lines]
        self._lines = [line for line, a, b in zip(self._lines, seen, again, strict=True) if a == b]

    def edit(self) -> Redefinition:
        """Carry out the edit."""
        if not isinstance(self._edit, Edit):
            return Redefinition("ok")
        write(self._folder, self._edit)
        files = [self._folder / name for name in self._edit.files]
        if self._case.name:
            return self._session.redefine(files[0], name=self._case.name)
        return self._session.redefine(list(files) if len(files) > 1 else files[0])

    def undo(self) -> Undo:
        """Undo it."""
        return self._session.undo()

    def sees(self) -> list[tuple[str, str | None]]:
        """Return what comes of the expressions that tell the edit; those that are not lasting are
        left out: an object that has been asked once answers otherwise, such as an iterator."""
        return [(line, self._see(line)) for line in self._lines]

    def _see(self, line: str) -> str | None:
        answer = self._session.evaluate(line)
        if answer.error is not None:
            return answer.error.type
        value = answer.results[-1].value
        return None if value is None else value.text
