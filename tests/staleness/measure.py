"""How well stale marks tell the truth: precision and recall on the corpus, per Python.

.venv/bin/python tests/staleness/measure.py
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
import tempfile
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conftest import INTERPRETERS, VERSIONS
from relive.session.answers import Evaluation, Value
from relive.session.events import Event, Traced
from relive.session.session import Session
from relive.session.settings import Settings
from relive.session.staleness import Staleness
from relive.session.units import Trace, Unit
from relive.source.positions import Position
from staleness.corpus import MAIN, Edit, Script, all_scripts, statements

Place = tuple[str, int]
"""A file of a script, and the number of a statement in it."""


CLEAR = """
import sys
def clear(modules):
    for scope in [vars(sys.modules[each]) for each in modules if each in sys.modules]:
        for name in [each for each in scope if not each.startswith("__")]:
            del scope[name]
"""


@dataclass
class Outcome:
    """What became of the results of a script after one edit."""

    script: Script
    edit: Edit
    marked: set[Place] = field(default_factory=set)
    """Those that were marked stale, of those that show a value."""
    wrong: dict[Place, tuple[str, str]] = field(default_factory=dict)
    """Those that a run from scratch gives otherwise: what is shown, and the truth."""

    @property
    def missed(self) -> dict[Place, tuple[str, str]]:
        """Results that are shown as fresh and are not."""
        return {place: texts for place, texts in self.wrong.items() if place not in self.marked}

    @property
    def needless(self) -> set[Place]:
        """Results that are marked and would be the same."""
        return self.marked - self.wrong.keys()

    @property
    def is_limit(self) -> bool:
        """Whether what is missed here is documented."""
        return "limit" in self.script.tags


class Bench:
    """A session in which scripts run, each under names of its own."""

    def __init__(self, python: str, folder: Path) -> None:
        self._folder = folder
        self._traces: list[Trace] = []
        settings = Settings(dependencies="none", staleness=True)
        self.session = Session(python, folder, settings=settings, listener=self._hear)
        self.session.evaluate(CLEAR)
        self._numbers = itertools.count()

    def _hear(self, event: Event) -> None:
        if isinstance(event, Traced):
            self._traces.append(Trace.of(event.trace))

    def has(self, library: str) -> bool:
        """Whether the interpreter has a library."""
        return self.session.evaluate(f"import {library}").status == "ok"

    def outcomes(self, script: Script) -> Iterator[Outcome]:
        """Yield what becomes of a script after each of its edits."""
        for edit in script.edits:
            yield self._outcome(script, edit)

    def _outcome(self, script: Script, edit: Edit) -> Outcome:
        live = Running(self, script.files)
        live.run_all()
        shown = dict(live.shown)
        at = live.place_of(edit)
        live.replace(at, edit.text)
        fresh = Running(self, live.plain())
        fresh.run_all()
        outcome = Outcome(script, edit, live.stale() - {at})
        for place, truth in fresh.shown.items():
            if place != at and place in shown and shown[place] != truth:
                outcome.wrong[place] = (shown[place], truth)
        outcome.marked = {each for each in outcome.marked if shown[each] or fresh.shown[each]}
        self._clear([*live.modules(), *fresh.modules()])
        return outcome

    def _clear(self, modules: list[str]) -> None:
        """Empty modules that are done with: what is in the process is looked through each time."""
        traced, self.session.settings = self.session.settings, Settings(staleness=False)
        self.session.evaluate(f"clear({modules})")
        self.session.settings = traced

    def evaluate(self, text: str, file: Path) -> tuple[Evaluation, list[Trace]]:
        """Run statements; return the answer and their traces."""
        self._traces = []
        answer = self.session.evaluate(text, file)
        return answer, self._traces

    def number(self) -> int:
        """Return a number that no other run has."""
        return next(self._numbers)

    @property
    def folder(self) -> Path:
        return self._folder


class Running:
    """One run of a script."""

    def __init__(self, bench: Bench, files: dict[str, str]) -> None:
        self._bench = bench
        self._suffix = f"_{bench.number()}"
        self._stems = [Path(each).stem for each in files]
        self._texts = {file: statements(text) for file, text in files.items()}
        self._places: dict[Unit, Place] = {}
        self._staleness = Staleness(self)
        self.shown: dict[Place, str] = {}
        for file in files:
            self._write(file)

    # what Staleness asks

    def of(self, unit: Unit) -> tuple[Hashable, Position] | None:
        """See staleness.Places."""
        place = self._places.get(unit) or self._coming
        return place[0], (place[1], 0)

    def replaced(self, unit: Unit) -> Iterable[str]:
        """See staleness.Places."""
        return [each.id for each, place in self._places.items() if place == self._coming]

    def forget(self) -> None:
        """See staleness.Places."""

    # what runs

    def run_all(self) -> None:
        """Run the script; after a statement that fails go on with the next."""
        count, done = len(self._texts[MAIN]), 0
        while done < count:
            done += self._run(MAIN, done, count)

    def place_of(self, edit: Edit) -> Place:
        """Return the statement that an edit is about."""
        texts = self._texts[edit.file]
        return edit.file, next(n for n, each in enumerate(texts) if each.startswith(edit.begins))

    def modules(self) -> list[str]:
        """Return the names of the modules that were made for it."""
        return [f"{stem}{self._suffix}" for stem in self._stems]

    def replace(self, place: Place, text: str) -> None:
        """Edit a statement, and run it."""
        self._texts[place[0]][place[1]] = text
        self._write(place[0])
        self._run(*place, place[1] + 1)

    def plain(self) -> dict[str, str]:
        """Return the texts as they are now."""
        return {file: "\n".join(texts) + "\n" for file, texts in self._texts.items()}

    def stale(self) -> set[Place]:
        """Return the statements of the script whose results are marked."""
        return {self._places[unit] for unit in self._staleness.stale() if unit in self._places}

    def _run(self, file: str, first: int, end: int) -> int:
        """Run some statements, up to one that fails; return how many ran."""
        texts = [self._named(each) for each in self._texts[file][first:end]]
        answer, traces = self._bench.evaluate("\n".join(texts), self._path(file))
        shown = [self._plain(each.value) for each in answer.results]
        if answer.error is not None:
            shown.append(f"{answer.error.type}: {answer.error.message}".replace(self._suffix, ""))
        for at, (text, trace, value) in enumerate(zip(texts, traces, shown, strict=False)):
            self._note((file, first + at), f"{answer.id}:{at + 1}", text, trace)
            self.shown[file, first + at] = value
        return len(shown)

    def _note(self, place: Place, number: str, text: str, trace: Trace) -> None:
        self._coming = place
        unit = Unit(number, text, trace, str(self._path(place[0])))
        self._staleness.ran(unit)
        for former in [each for each, known in self._places.items() if known == place]:
            del self._places[former]
        self._places[unit] = place

    def _plain(self, value: Value | None) -> str:
        if value is None or value.text == "None":
            return ""
        text = re.sub(r"0x[0-9a-fA-F]+", "0x", value.detail or value.text)
        return text.replace(self._suffix, "")

    def _path(self, file: str) -> Path:
        return self._bench.folder / f"{Path(file).stem}{self._suffix}.py"

    def _write(self, file: str) -> None:
        text = "\n".join(self._texts[file]) + "\n"
        self._path(file).write_text(self._named(text))

    def _named(self, text: str) -> str:
        stems = "|".join(each for each in self._stems if each != Path(MAIN).stem)
        return re.sub(rf"\b({stems})\b", rf"\g<1>{self._suffix}", text) if stems else text


@dataclass
class Figures:
    """The sums over many outcomes."""

    results: int = 0
    marked: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.results += len(statements(outcome.script.files[MAIN]))
        self.marked += len(outcome.marked)
        self.wrong += len(outcome.wrong)
        self.missed += len(outcome.missed)

    @property
    def recall(self) -> float:
        """Of the results that are not true any more, the share that is marked."""
        return 1 - self.missed / self.wrong

    @property
    def precision(self) -> float:
        """Of the results that are marked, the share that is not true any more."""
        return (self.wrong - self.missed) / self.marked


def main() -> None:
    """Print the figures of each Python, and what was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("versions", nargs="*", default=VERSIONS, help="of Python, such as 3.12")
    parser.add_argument("--needless", action="store_true", help="list what is marked and true")
    arguments = parser.parse_args()
    for version in arguments.versions:
        figures, edits = Figures(), 0
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(INTERPRETERS[version], Path(folder))
            for script in all_scripts():
                if not all(map(bench.has, filter(is_library, script.tags))):
                    continue
                for outcome in bench.outcomes(script):
                    _tell(outcome, tells_needless=arguments.needless)
                    if not outcome.is_limit:
                        figures.add(outcome)
                        edits += 1
            bench.session.close()
        sys.stdout.write(
            f"{version}: {edits} edits, {figures.results} results; {figures.wrong} no longer true,"
            f" {figures.marked} marked: recall {figures.recall:.1%},"
            f" precision {figures.precision:.1%}\n"
        )


def is_library(tag: str) -> bool:
    """Whether a tag of a script names a library that it needs."""
    return bool(tag) and tag != "limit"


def _tell(outcome: Outcome, *, tells_needless: bool) -> None:
    for place, (shown, truth) in outcome.missed.items():
        sys.stdout.write(
            f"  missed: {outcome.script} / {outcome.edit.begins}: {place}: {shown} is {truth}\n"
        )
    for place in sorted(outcome.needless) if tells_needless else ():
        sys.stdout.write(f"  needless: {outcome.script} / {outcome.edit.begins}: {place}\n")


if __name__ == "__main__":
    main()
