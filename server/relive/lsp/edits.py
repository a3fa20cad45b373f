"""What edits do to positions: where something is now that was somewhere when the text was older."""

from __future__ import annotations

import itertools
from dataclasses import field

from relive.source.positions import Position, Range
from relive.source.quick_dataclasses import dataclass


@dataclass
class Edit:
    """Text from `start` to `end` was replaced, and the new text ends at `new_end`."""

    start: Position
    end: Position
    new_end: Position
    next: Edit | None = field(default=None, repr=False)
    """The edit made after this one. Whoever holds an edit holds all later ones and no earlier
    one, so that edits are forgotten when nothing older than them is left to be moved."""

    def moves(self, position: Position, *, sticks: bool) -> Position:
        """Return where `position` is after this edit alone.

        `sticks` says what happens where text is inserted exactly at the position: it stays
        behind what is on its left, or, if False, goes along with what is on its right.
        """
        if position < self.start or (sticks and position == self.start == self.end):
            return position
        if position < self.end:  # within what was replaced
            return min(position, self.new_end)
        line, column = position
        if line == self.end[0]:
            column += self.new_end[1] - self.end[1]
        return line + self.new_end[0] - self.end[0], column


def no_edit() -> Edit:
    """Return an edit that changes nothing, to be the first of a chain."""
    return Edit((0, 0), (0, 0), (0, 0))


def position_after(edits: Edit, position: Position) -> Position:
    """Return where `position`, which goes with what is on its right, is after all of `edits`."""
    edit: Edit | None = edits
    while edit is not None:
        position = edit.moves(position, sticks=False)
        edit = edit.next
    return position


def range_after(edits: Edit, range_: Range) -> Range:
    """Return where `range_` is after all of `edits`; text inserted at its edges is not in it."""
    start, end = range_.start, range_.end
    edit: Edit | None = edits
    while edit is not None:
        start = edit.moves(start, sticks=False)
        end = max(start, edit.moves(end, sticks=True))
        edit = edit.next
    return Range(start, end)


def replacement(old: list[str], new: list[str]) -> Edit:
    """Return the edit that leads from the lines `old` to the lines `new`, as narrow as it can be.

    Whole lines only: enough to find again what stands before or after the changed lines when a
    client sends its whole text for each change.
    """
    shorter = min(old, new, key=len)
    same = zip(old, new, strict=False)
    before = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], same))
    same = zip(reversed(old), reversed(new), strict=False)
    after = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], same))
    after = min(after, len(shorter) - before)
    return Edit(
        start=_line_start(shorter, before),
        end=_line_start(old, len(old) - after),
        new_end=_line_start(new, len(new) - after),
    )


def _line_start(lines: list[str], line: int) -> Position:
    return (line, 0) if line < len(lines) else (len(lines) - 1, len(lines[-1]))
