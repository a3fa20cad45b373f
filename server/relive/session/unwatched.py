"""Statements that ran as their file was imported, which nobody has traced, as units.

What they came of is told from the text: they are made once something is redefined that they may
come of, so that what was read of theirs since is no longer true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from relive.session.units import Name, Trace, Unit, imported_as
from relive.source.parts import Parts
from relive.source.spreading import Source, Spread
from relive.source.taken import Taken, module_of, takes_from

_TAKEN_FROM = re.compile(r"from\s+\.*(?:\w+\.)*(\w*)\s*import")

_FEW = 10
"""Of what was edited at once: of each by itself it is told what came of it."""

Read = Callable[[str], "str | None"]
Unwitnessed = tuple[Unit, frozenset[Name], list[Name]]
"""What an import's statement may have given, and what of."""


def text_on_disk(file: str) -> str | None:
    """Return the text of a file; None: there is none that can be read."""
    try:
        with open(file, encoding="utf-8") as opened:
            return opened.read()
    except (OSError, ValueError):
        return None


class Unwatched:
    """The statements of files that were imported."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._texts: dict[str, Parts] = {}
        """By file, as of the first change that concerned it."""
        self._imported: dict[str, set[str]] = {}
        """Files that code of other files has run, with the names that it has made there."""
        self._concerning: dict[str, bool] = {}
        """Files: whether they are among these, or one of these imports them."""
        self._takers: dict[Unit, None] = {}
        """Statements that took names from modules."""
        self._units: dict[tuple[Source, tuple[Name, ...]], Unit] = {}

    def ran(self, unit: Unit) -> None:
        """Note a statement that ran: it may have imported files, or taken names from them."""
        if unit.text.startswith("from "):
            self._takers[unit] = None
        for file, name in unit.trace.writes:
            if file is not None and file != unit.file:
                if file not in self._imported:
                    self._concerning.clear()
                self._imported.setdefault(file, set()).add(name)

    def forget(self, unit: Unit) -> None:
        """Note that a statement's text is gone, or runs again."""
        self._takers.pop(unit, None)

    def takes_names(self, unit: Unit) -> bool:
        """Whether a unit does nothing but to take names, each of which is followed by itself."""
        return unit in self._takers

    def has_made(self, name: Name, maker: Unit | None) -> bool:
        """Whether a name is what an import has made it, or has taken."""
        if maker is None or maker.is_unwatched or maker in self._takers:
            return maker is not None
        if maker.file == name[0] or name[0] is None:
            return False
        own = {each for file, each in maker.trace.writes if file == name[0]}
        defined = self._text(name[0]).by_name
        return "import" in maker.text or not own.isdisjoint(defined)

    def come_of(
        self,
        changed: Iterable[Name],
        *,
        is_value: bool = False,
        ran_at: Mapping[str | None, int] | None = None,
    ) -> Iterator[Unwitnessed]:
        """Yield what may come of what is another now: the names that each may give, and what of.

        Args:
            changed: what is another now.
            is_value: not definitions, which stay themselves under all of their names.
            ran_at: it was changed in place, as decorators do, by code from these lines on. What
                they register elsewhere is nothing to the functions that they were given before.
        """
        names = [each for each in changed if each[0] is not None and self._may_concern(each[0])]
        for some in [[each] for each in names] if len(names) < _FEW else [names]:
            made = self._made(some, is_value=is_value, makes_definitions=ran_at is None)
            for source, given in made.items():
                if source.line >= (ran_at or {}).get(source.file, -1):
                    yield self._unit(source, some), frozenset(given.difference(names)), some

    def come_of_own(self, unit: Unit, given: Iterable[Name]) -> Iterator[Unwitnessed]:
        """Yield what may come of names that a statement of their own file has given."""
        return self.come_of([each for each in given if each[0] == unit.file], is_value=True)

    def _made(
        self, names: list[Name], *, is_value: bool, makes_definitions: bool
    ) -> dict[Source, set[Name]]:
        files = {file: None for file, _ in names if file is not None}
        texts = {each: self._text(each) for each in {**files, **self._imported}}
        hidden = {file: given - texts[file].names for file, given in self._imported.items()}
        spread = Spread(texts, hidden, makes_definitions=makes_definitions)
        found: dict[Source, set[Name]] = {}
        for file, own in names:
            assert file is not None
            spread.edited(file, own, is_value=is_value)
            if is_value:
                found.setdefault(Source(file, -1), set()).update(self._taken(file, own))
        for given, source in spread.made.items():
            found.setdefault(source, set()).update((given, *self._taken(*given)))
        return found

    def _may_concern(self, file: str) -> bool:
        """Whether a file was imported, by a statement or by another file that was."""
        known = self._concerning.get(file)
        if known is None:
            word, texts = module_of(file), map(self._text, self._imported)
            known = self._concerning[file] = file in self._imported or any(
                takes_from(file, each)
                for text in texts
                if word in text.text
                for each in text.imports
            )
        return known

    def _taken(self, file: str, name: str) -> Iterator[Name]:
        """Yield what imports that were evaluated have called a name of a file."""
        for unit in self._takers:
            module = _TAKEN_FROM.match(unit.text)
            if module is not None and takes_from(file, Taken(module[1])):
                for alias in imported_as(unit.text, name):
                    yield unit.file, alias

    def _unit(self, source: Source, names: list[Name]) -> Unit:
        own = tuple(names) if source.line < 0 else ()
        key = source, own
        unit = self._units.get(key)
        if unit is None:
            number = f"import:{source.file}:{source.line}:{len(self._units)}"
            unit = self._units[key] = Unit(number, "", Trace(), source.file, is_unwatched=True)
        unit.trace = replace(unit.trace, ran=unit.trace.ran.union(names))
        return unit

    def _text(self, file: str) -> Parts:
        known = self._texts.get(file)
        if known is None:
            known = self._texts[file] = Parts(self._read(file) or "")
        return known
