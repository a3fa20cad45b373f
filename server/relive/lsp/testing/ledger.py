"""What changed in a session's process, and which tests have passed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from os.path import basename, realpath
from typing import Literal

from relive.lsp.testing.project import FoundTest, Project
from relive.session.events import ANYTHING, Touched
from relive.session.testing import TestResult
from relive.source.beside import Used
from relive.source.quick_dataclasses import dataclass

_NAMED = 3
"""Changes that are named; the rest is counted."""


@dataclass(frozen=True)
class Change:
    """A definition, or another name, that means something else by now."""

    file: str
    name: str
    by: Literal["evaluation", "change"]

    @property
    def words(self) -> str:
        """What happened, in words."""
        if self.name == ANYTHING:
            return f"{basename(self.file)} was changed"
        how = "was redefined" if self.by == "change" else "was evaluated"
        return f"`{self.name}` {how}"


@dataclass
class Record:
    """What is known of a test from its last run."""

    passed: int | None = None
    """The step that its run began at; None: it has not passed."""
    used: Used | None = None
    """Its code, and what that used of its file and its fixtures' files, when it passed."""
    ran: set[tuple[str, str]] | None = field(default_factory=set)
    """The definitions it came by; None: not known."""


class Ledger:
    """One session's."""

    def __init__(self) -> None:
        self.step = 0
        self._changes: dict[tuple[str, str], tuple[int, Change]] = {}
        """The latest of each name, with its step."""
        self._loaded: set[tuple[str, str]] = set()
        """What has run in the process by an evaluation."""
        self._added: dict[tuple[str, str], int] = {}
        """The step at which a definition was last added that had not been there."""
        self._records: dict[str, Record] = {}

    def touched(self, event: Touched) -> None:
        """Take note of what has changed."""
        self.step += 1
        files = {file for file, _ in event.names if file is not None}
        real = {file: realpath(file) for file in files}
        for file, name in event.names:
            if file is not None:
                self._take(Change(real[file], name, event.by))
                if (file, name) in event.added:
                    self._added[real[file], name] = self.step

    def begin_life(self) -> None:
        """Take note that another process runs, which has loaded nothing yet."""
        self._loaded = set()

    def _take(self, change: Change) -> None:
        """Note a change; what runs for the first time, as by an import, is none."""
        key = (change.file, change.name)
        if change.by == "change" or key in self._loaded:
            self._changes[key] = self.step, change
        self._loaded.add(key)

    def ran(
        self, project: Project, test: FoundTest, results: Iterable[TestResult], since: int
    ) -> None:
        """Take note of a run, which began at the step `since`."""
        results = list(results)
        record = self._records.setdefault(test.id, Record())
        told = [each.ran for each in results]
        record.ran = set()
        for each in told:
            record.ran = None if each is None or record.ran is None else record.ran | _real(each)
        if results and all(each.outcome in ("passed", "skipped") for each in results):
            record.passed, record.used = since, project.used_by(test)

    def is_none(self, project: Project, test: FoundTest, since: int) -> None:
        """Take note that pytest did not find a test, in a run that began at the step `since`."""
        self._records[test.id] = Record(since, project.used_by(test))

    def affected(self, project: Project) -> list[tuple[FoundTest, str]]:
        """Return the tests that reach what has changed since they passed, each with why."""
        if not self._changes and not self._records:
            return []
        found = ((test, self._why(project, test)) for test in project.tests())
        return [(test, why) for test, why in found if why is not None]

    def _why(self, project: Project, test: FoundTest) -> str | None:
        record = self._records.get(test.id)
        passed = -1 if record is None or record.passed is None else record.passed
        newer = [change for step, change in list(self._changes.values()) if step > passed]
        reached = [each for each in newer if self._reaches(project, test, each)]
        if reached:
            return _listed([each.words for each in reached])
        used = None if record is None else record.used
        return None if used is None else _edited(used, project, test)

    def _reaches(self, project: Project, test: FoundTest, change: Change) -> bool:
        record, key = self._records.get(test.id), (change.file, change.name)
        if record is not None and record.ran and project.is_function(*key):
            passed = -1 if record.passed is None else record.passed
            if self._added.get(key, -1) <= passed:
                return key in record.ran
            # It may have the name of what the test came by, such as something imported.
        name = "" if change.name == ANYTHING else change.name
        return project.reaches(test, change.file, name)


def _edited(used: Used, project: Project, test: FoundTest) -> str | None:
    """Return what of all that a test used was edited since."""
    own = test.code.definition.name
    edited = _differing(used, project.used_by(test))
    if any(file == test.file and f"{name}.".startswith(f"{own}.") for file, name in edited):
        return "the test was edited"
    words = [f"`{name}`" if name else basename(file) for file, name in sorted(edited)]
    return f"{_listed(words)} {'was' if len(words) == 1 else 'were'} edited" if words else None


def _differing(before: Used, now: Used) -> set[tuple[str, str]]:
    """Return what has another mark, or else what is used only before or only now."""
    olds, news = ({(file, name) for file, name, _ in each} for each in (before, now))
    differing = {(file, name) for file, name, _ in before ^ now}
    return differing & olds & news or differing


def _listed(words: list[str]) -> str:
    rest = len(words) - _NAMED
    return ", ".join([*words[:_NAMED], f"and {rest} more"] if rest > 0 else words)


def _real(places: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(realpath(file), name) for file, name in places}
