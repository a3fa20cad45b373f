"""A module with live objects under edit: a program of the user's, or the inside of a library."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import NamedTuple

from relive.session.answers import Evaluation
from relive.session.definition_answers import Redefinition
from relive.session.session import Session


class Edit(NamedTuple):
    """An edit, and what objects made before it must then show."""

    old: str
    new: str
    probe: str
    """Run before and after."""
    expected: str
    """What the probe shows afterwards, and did not show before."""
    name: str | None = None
    """The definition to redefine alone; None: all that changed in the file."""


class Live:
    """A module with live objects, edited in memory: nothing is written to its file."""

    def __init__(self, session: Session, file: Path, *, inside: bool) -> None:
        """Open the file of a module that is imported.

        Args:
            session: the session that has it.
            file: the module's text.
            inside: whether code is run in the module itself, or beside it as its user would.
        """
        self.session = session
        self.file = file
        self.text = file.read_text(encoding="utf-8")
        self._where = file if inside else None

    def run(self, code: str) -> str:
        """Evaluate code and return what its last statement shows."""
        return value(self.session.evaluate(code, self._where))

    def change(self, old: str, new: str, name: str | None = None) -> Redefinition:
        """Replace the one occurrence of `old` and redefine; the answer may be a refusal."""
        assert self.text.count(old) == 1, f"{old!r} stands {self.text.count(old)} times in the text"
        self.text = self.text.replace(old, new)
        return self.session.redefine(self.file, self.text, name)

    def edit(self, old: str, new: str, name: str | None = None) -> Redefinition:
        """Do as `change`, for an edit that has to succeed."""
        receipt = self.change(old, new, name)
        assert receipt.status == "ok", receipt
        return receipt

    def follows(self, edit: Edit) -> None:
        """Check that what is alive follows an edit."""
        before = self.session.evaluate(edit.probe, self._where)
        assert before.status != "ok" or value(before) != edit.expected, "the edit changes nothing"
        self.edit(edit.old, edit.new, edit.name)
        self.shows(edit.probe, edit.expected)

    def follows_there_and_back(self, edit: Edit) -> None:
        """Check that what is alive follows an edit, and the way back to the text that was."""
        before = self.run(edit.probe)
        self.follows(edit)
        self.edit(edit.new, edit.old, edit.name)
        self.shows(edit.probe, before)

    def shows(self, probe: str, expected: str) -> None:
        """Check what a piece of code shows."""
        shown = self.run(probe)
        assert shown == expected, f"{probe} shows {shown}"


def value(evaluation: Evaluation) -> str:
    """Return the text that the last statement of an evaluation shows."""
    assert evaluation.status == "ok", evaluation.error
    last = evaluation.results[-1].value
    assert last is not None
    return last.text


def file_of(module: str) -> Path:
    """Return the file of an installed module."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)
