"""Where the statements stand whose results were shown, as their documents are edited."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable

from relive.lsp.documents import Document, Mark
from relive.session.units import Unit
from relive.source.forms import Form, form_beginning_at
from relive.source.positions import Position, Range, range_of
from relive.source.quick_dataclasses import dataclass
from relive.source.standing import place_now


@dataclass(eq=False)
class Shown:
    """A statement in a document."""

    unit: str
    """The id of its result."""
    mark: Mark
    is_form: bool
    """Whether it was a whole top-level form, and not a part of one."""

    @property
    def document(self) -> Document:
        """Whose text it is in."""
        return self.mark.document

    @property
    def start(self) -> Position:
        """Where it begins by now."""
        return self.mark.now.start

    @property
    def is_gone(self) -> bool:
        """Whether its text was deleted, or nothing but other things stand there."""
        now = self.mark.now
        return now.start == now.end or (self.is_form and self.form is None)

    @property
    def form(self) -> Form | None:
        """The form that stands there by now, if it was one."""
        return form_beginning_at(self.document.text, self.start) if self.is_form else None

    @property
    def range(self) -> Range:
        """Its text by now, with what was added at its end."""
        form = self.form
        return self.mark.now if form is None else form.range

    @property
    def text(self) -> str:
        """What it says by now."""
        return self.document.table.slice(self.range)

    def follow(self, document: Document) -> None:
        """Find it again in the document that its file, which was closed, is now."""
        former, now = self.document, self.mark.now
        text = former.table.slice(now)
        start = place_now(text, now.start, former.text, document.text) if text else None
        if start is not None:
            self.mark = Mark(document.snapshot(), range_of(text, start))


def shown_at(unit: str, mark: Mark) -> Shown:
    """Return the statement that stands at a place."""
    form = form_beginning_at(mark.document.text, mark.now.start)
    return Shown(unit, mark, form is not None and form.range == mark.now)


class ResultPlaces:
    """The statements of one session that stand in documents."""

    def __init__(self) -> None:
        self._shown: dict[str, Shown] = {}
        self._in_file: dict[str, list[Shown]] = {}
        """From top to bottom: edits leave the order as it is."""

    def note(self, unit: str, mark: Mark | None) -> None:
        """Note where the statement of a result stands."""
        if mark is None:
            return
        self._shown[unit] = shown = shown_at(unit, mark)
        others = self._in_file.setdefault(mark.document.file, [])
        others.insert(bisect_right(others, shown.start, key=lambda each: each.start), shown)

    def find(self, unit: Unit) -> Shown | None:
        """Return where a unit stands, if it is in a document."""
        return self._shown.get(unit.id)

    def named(self, result: str) -> Shown | None:
        """Return where the statement of a result stands, if it is in a document."""
        return self._shown.get(result)

    def at(self, file: str, start: Position) -> Shown | None:
        """Return the statement that begins at a place, the latest to be noted."""
        others = self._in_file.get(file, [])
        end = bisect_right(others, start, key=lambda each: each.start)
        here = itertools.takewhile(lambda each: each.start == start, reversed(others[:end]))
        return next((each for each in here if not each.is_gone), None)

    def of(self, unit: Unit) -> tuple[Hashable, Position] | None:
        """See Places."""
        shown = self._shown.get(unit.id)
        return None if shown is None or shown.is_gone else (shown.document.file, shown.start)

    def replaced(self, unit: Unit) -> Iterable[str]:
        """See Places: it takes the place of what stood where it stands."""
        shown = self._shown.get(unit.id)
        return [] if shown is None else [each.unit for each in self._take_covered(shown)]

    def _take_covered(self, shown: Shown) -> list[Shown]:
        """Take out the statements whose text is, at least in part, that of `shown`."""
        others, range_ = self._in_file[shown.document.file], shown.mark.now
        end = bisect_left(others, range_.end, key=lambda each: each.start)
        begin = end
        while begin and others[begin - 1].mark.now.end > range_.start:
            begin -= 1
        covered = [each for each in others[begin:end] if each is not shown and not each.is_gone]
        for each in covered:
            self._forget(each)
        return covered

    def _forget(self, shown: Shown) -> None:
        del self._shown[shown.unit]
        self._in_file[shown.document.file].remove(shown)

    def by_document(self, units: Iterable[str]) -> dict[str, list[str]]:
        """Return those of these results that stand in documents, by their URIs."""
        found: dict[str, list[str]] = {}
        for each in units:
            shown = self._shown.get(each)
            if shown is not None:
                found.setdefault(shown.document.uri, []).append(each)
        return found

    def forget(self) -> None:
        """See Places."""
        self._shown, self._in_file = {}, {}

    def opened(self, document: Document) -> None:
        """Find the statements of a file again that was closed, in the document that it is now."""
        for shown in self._in_file.get(document.file, []):
            shown.follow(document)
        self._in_file.get(document.file, []).sort(key=lambda each: each.start)
