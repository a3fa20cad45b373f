"""Re-run From Here: which code runs once more, as it stands now, and in which order.

Each piece runs once, however often it has, by itself or with others, as in a run of its file. What
has been mended comes first: changes of definitions, and what stands above the form. Then the form
itself, and then what followed, each text from top to bottom.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable
from dataclasses import field
from functools import partial

from relive.lsp.documents import Document
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.reached import How, how_it_ended, how_it_ran
from relive.lsp.result_places import Shown
from relive.session.timeline import Step, shortened
from relive.source.forms import form_at
from relive.source.positions import Position, Range
from relive.source.quick_dataclasses import dataclass

_GIVEN_UP = ("interrupted", "died")
_RUN_AGAIN = ("evaluate", "redefine", "revert")
_NOWHERE = Range((0, 0), (0, 0))
Time = tuple[Step, Callable[[], How]]
"""An evaluation of a piece of code, or of more, and what tells how that piece ended in it: whoever
asks for the first one need not have all looked at."""


@dataclass(eq=False)
class Piece:
    """Code that has run, or a change of definitions, and what it was each time."""

    shown: Shown | None
    """Where it stands; None: nowhere, as what was typed, or a change of definitions."""
    steps: list[Step] = field(default_factory=list)
    parts: list[Piece] = field(default_factory=list)
    """What it is made of, if it is what several are together."""
    went_on: set[int] = field(default_factory=set)
    """What was held and went on: nothing is known of how far it came."""

    @property
    def first(self) -> Step:
        """The first time."""
        return self.steps[0]

    @property
    def text(self) -> Hashable:
        """The text that it stands in; what stands nowhere is one by itself."""
        return self.first.number if self.shown is None else self.shown.document.file

    @property
    def range(self) -> Range:
        """Where it stands by now; of what is gone where it was, and not what has moved there."""
        if self.shown is None:
            return _NOWHERE
        if self.parts:
            ends = max(each.range.end for each in self.parts)
            return Range(self.parts[0].range.start, ends)
        return self.shown.mark.now if self.shown.is_gone else self.shown.range

    @property
    def label(self) -> str:
        """What it is called in a sentence, as it is now."""
        if self.shown is None:
            return self.steps[-1].label
        return shortened(self.shown.document.table.slice(self.range))

    @property
    def is_change(self) -> bool:
        """Whether it changes definitions, and evaluates nothing."""
        return self.first.change.kind != "evaluate"

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""
        form = None if self.shown is None or self.parts else self.shown.form
        return form is not None and form.kind in ("function", "class")

    @property
    def can_run(self) -> bool:
        """Whether it is there still, and came to an end or was not asked to."""
        is_gone = self.shown is not None and self.shown.is_gone
        given_up = all(each.status in _GIVEN_UP for each in self.steps)
        return not (is_gone or given_up or self.first.change.inside is not None)

    def has_any_of(self, file: str, range_: Range) -> bool:
        """Whether it stands in a file, and a part of its text is in that range."""
        is_there = self.shown is not None and not self.shown.is_gone and self.text == file
        return is_there and self.range.start < range_.end and range_.start < self.range.end

    def covers(self, range_: Range) -> bool:
        """Whether a part of its text is a part of it."""
        return self.range.start <= range_.start and range_.end <= self.range.end

    def is_part_of(self, other: Piece) -> bool:
        """Whether it runs with another one."""
        return self.text == other.text and self is not other and other.covers(self.range)


@dataclass(frozen=True)
class FromHere:
    """What is gone back to before, and what runs from there on."""

    first: Step
    pieces: list[Piece]


def from_place(session: FolderSession, document: Document, position: Position) -> FromHere:
    """Return what there is to do for the form at a place: from the first time that it ran.

    Raises:
        RefusedError: it has not run in this process.
    """
    form = form_at(document.text, position)
    if form is None:
        raise RefusedError("No statement at the cursor. Put the cursor on one that has run.")
    pieces = _pieces(session)
    here = [each for each in pieces if each.shown is not None and each.text == document.file]
    around = [each for each in here if each.covers(form.range)]
    if not around:
        raise RefusedError("The form has not been evaluated in the process that runs.")
    innermost = max(around, key=lambda each: each.range.start)
    times = _times(pieces, document, form.range)
    return _from(pieces, innermost, _first(times, innermost))


def from_evaluation(session: FolderSession, evaluation: int, *, failed: bool) -> FromHere:
    """Return what there is to do for what an evaluation ran; raises as `from_place`.

    With `failed` it is from the first time on that it failed since it last did not.
    """
    pieces = _pieces(session)
    for each in pieces:
        if not each.is_change and any(evaluation in step.numbers for step in each.steps):
            times = _times_of(pieces, each, whole=failed)
            first = _first_failed(times, each) if failed else _first(times, each)
            return _from(pieces, each, first)
    raise RefusedError("It is not of the process that runs, or has been undone.")


def _times_of(pieces: Iterable[Piece], piece: Piece, *, whole: bool) -> list[Time]:
    """Return each time that a piece of code ran; with `whole` not those of parts of it alone."""
    is_apart = piece.first.change.inside is not None
    if piece.shown is None or piece.shown.is_gone or is_apart:
        return [(step, partial(how_it_ended, step)) for step in piece.steps]
    counted = [each for each in pieces if each.covers(piece.range) or not whole]
    return _times(counted, piece.shown.document, piece.range)


def _times(pieces: Iterable[Piece], document: Document, range_: Range) -> list[Time]:
    """Return each time that the code at a place may have run, or a part of it."""
    times: list[Time] = []
    for each in pieces:
        if each.is_change or not each.has_any_of(document.file, range_):
            continue
        is_inside = range_.start <= each.range.start and each.range.end <= range_.end
        for step in each.steps:
            is_whole = is_inside or not each.went_on.isdisjoint(step.known_as)
            how = partial(how_it_ran, step, range_, document.text)
            times.append((step, partial(how_it_ended, step) if is_whole else how))
    apart = [each for each in times if each[0].change.inside is None]
    return sorted(apart, key=lambda each: each[0].number)


def _first(times: list[Time], piece: Piece) -> Step:
    """Return the first time that what is to run ran, by itself or with others."""
    first = next((step for step, how in times if how() != "not"), piece.first)
    return first if first.number <= piece.steps[-1].number else piece.first


def _first_failed(times: list[Time], piece: Piece) -> Step:
    """Return the first time since it last came to its end; the last, if it has since."""
    first = None
    for step, how in reversed(times):
        ended = how()
        if ended == "ok":
            return first or step
        if ended == "failed":
            first = step
    return first or piece.steps[-1]


def _pieces(session: FolderSession) -> list[Piece]:
    """Return what has run in the process, by the first times."""
    found: dict[Hashable, Piece] = {}
    steps = session.steps()
    resumed = (each for each in steps if each.change.kind == "resume")
    went_on = {n for each in resumed if each.change.action != "abandon" for n in each.known_as}
    for step in steps:
        change = step.change
        if change.kind not in _RUN_AGAIN:
            continue
        shown = session.evaluated.find(step.numbers)
        key: Hashable = step.number
        if change.kind != "evaluate":
            key = change.kind, change.file, change.name, tuple(file for file, _ in change.others)
        elif shown is not None:
            key = shown.document.file, shown.mark.now if shown.is_gone else shown.range
        found.setdefault(key, Piece(shown, went_on=went_on)).steps.append(step)
    return list(found.values())


def _from(pieces: Iterable[Piece], chosen: Piece, first: Step) -> FromHere:
    since = [each for each in pieces if each.steps[-1].number >= first.number]
    run = [each for each in since if each is chosen or each.can_run]
    run = _joined(run)
    around = [each for each in run if each is chosen or chosen.is_part_of(each)]
    itself = around[0] if around else chosen
    before = [each for each in run if each is not itself and _is_mend(each, itself, first)]
    after = [each for each in run if each is not itself and each not in before]
    return FromHere(first, [*_in_order(before), *around[:1], *_in_order(after)])


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Return pieces of which none has text of another one: those that have are one.

    From the top only the last one of a text can share some with the next: there may be thousands.
    """
    found: dict[Hashable, list[Piece]] = {}
    longest_first = sorted(pieces, key=lambda piece: piece.range.end, reverse=True)
    for each in sorted(longest_first, key=lambda piece: piece.range.start):
        above = found.setdefault(each.text, [])
        if not above:
            above.append(each)
        elif not each.is_part_of(above[-1]):
            above[-1:] = _as_one(above[-1], each)
    return [each for apart in found.values() for each in apart]


def _as_one(piece: Piece, below: Piece) -> list[Piece]:
    """Return what two pieces are together if they share text, else both."""
    is_one = below.can_run and below.has_any_of(str(piece.text), piece.range)
    if not is_one or piece.shown is None:
        return [piece, below]
    parts = [*(piece.parts or [piece]), below]
    steps = sorted((step for part in parts for step in part.steps), key=lambda s: s.number)
    return [Piece(piece.shown, steps, parts)]


def _is_mend(piece: Piece, chosen: Piece, first: Step) -> bool:
    """Whether it is to be as it is now by the time that `chosen` runs."""
    is_above = piece.text == chosen.text and piece.range.end <= chosen.range.start
    return (
        piece.is_change or is_above or (piece.is_definition and piece.first.number < first.number)
    )


def _in_order(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Return each text from top to bottom; among texts, what ran first comes first."""
    texts: dict[Hashable, list[Piece]] = {}
    for each in pieces:
        texts.setdefault(each.text, []).append(each)
    from_top = [sorted(each, key=lambda piece: piece.range.start) for each in texts.values()]
    return heapq.merge(*from_top, key=lambda piece: piece.first.number)
