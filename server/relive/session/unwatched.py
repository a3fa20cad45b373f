"""Statements that ran as their file was imported, which nobody has traced, as units.

What they came of is told from the text: they are made once something is redefined that they may
come of, so that what was read of theirs since is no longer true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from relive.session.units import Name, Trace, Unit
from relive.source.derived import Piece, derived_among, pieces_of
from relive.source.positions import LineTable

_DEFINED = re.compile(r"^(?:async +def|def|class) +(\w+)", re.MULTILINE)

Read = Callable[[str], "str | None"]


def text_on_disk(file: str) -> str | None:
    """Return the text of a file; None: there is none that can be read."""
    try:
        with open(file, encoding="utf-8") as opened:
            return opened.read()
    except (OSError, ValueError):
        return None


def is_made_with(definition: Name, name: Name, maker: Unit | None) -> bool:
    """Whether what has made a name is the import that made a definition, or what that ran."""
    if maker is None or maker.is_unwatched:
        return maker is not None
    outer = definition[0], definition[1].partition(".")[0]
    return maker.file != name[0] and outer in maker.trace.writes


class Unwatched:
    """The statements of files that were imported."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._texts: dict[str, _Text] = {}
        """By file, as of the first redefinition that concerned it."""
        self._units: dict[tuple[str, int], Unit] = {}
        """By file and the line that they begin on."""

    def come_of(self, name: Name, read: set[str]) -> Iterator[tuple[Unit, frozenset[str]]]:
        """Yield those that may come of a definition, with the names that each may give.

        `read`: the names of the file that anybody has read.
        """
        file, own = name
        text = None if file is None else self._text(file)
        if file is None or text is None or read <= text.defined:
            return
        for each in derived_among(text.pieces, [own]):
            line = each.form.range.start[0]
            unit = self._units.get((file, line))
            if unit is None:
                source = LineTable(text.text).slice(each.form.range)
                unit = Unit(f"import:{file}:{line}", source, Trace(), file, is_unwatched=True)
                self._units[file, line] = unit
            unit.trace = replace(unit.trace, ran=unit.trace.ran | {name})
            yield unit, each.gives

    def _text(self, file: str) -> _Text:
        known = self._texts.get(file)
        if known is None:
            known = self._texts[file] = _Text(self._read(file) or "")
        return known


class _Text:
    """The text of a file."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.defined = set(_DEFINED.findall(text))
        """Names of functions and classes: who has read only such has read nothing computed."""

    @cached_property
    def pieces(self) -> list[Piece]:
        """The text, taken apart."""
        return pieces_of(self.text)
