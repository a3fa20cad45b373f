"""The statements of an edited text, of which only those are other that the edits touch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from relive.worker.redefine.reading.statements import Statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.wire.edits import Edit


class Stretch:
    """Characters of a text that edits touch, from where a statement begins to where one does."""

    def __init__(self, edit: Edit, starts: list[int], text: str) -> None:
        # The statement before the edit may go on in it, and that at its end must not begin in it.
        touched = max(bisect_left(starts, edit.start) - 1, 0)
        self.start = next((each for each in starts[touched : touched + 1] if each < edit.start), 0)
        self.first, self.last = bisect_left(starts, self.start), bisect_right(starts, edit.end)
        """The numbers of the first statement in it and of that after it."""
        self.end = starts[self.last] if self.last < len(starts) else len(text)
        self.more = len(edit.text) - (edit.end - edit.start)
        """How many characters more there are in its place."""

    def take_in(self, other: Stretch) -> None:
        """Go on to the end of one that begins in it, or right after it."""
        self.last, self.end, self.more = other.last, other.end, self.more + other.more


def stretches(edits: list[Edit], starts: list[int], text: str) -> list[Stretch]:
    """Return the stretches of a text that edits touch, apart from each other."""
    found: list[Stretch] = []
    for each in edits:
        stretch = Stretch(each, starts, text)
        if found and stretch.first <= found[-1].last:
            found[-1].take_in(stretch)
        else:
            found.append(stretch)
    return found


class Replaced:
    """Statements that an edit touches."""

    def __init__(self, first: int, before: Statements, between: Statements) -> None:
        self.first = first
        """How many statements there were above them."""
        self.before = before
        """What they were."""
        self.between = between
        """What they are."""

    def is_alike(self, times: dict[str, int]) -> bool:
        """Whether they are definitions of the same names, each of which there is only one of."""
        if not (self.before.is_definitions and self.between.is_definitions):
            return False
        keys = self.before.keys
        return keys == self.between.keys and all(times[each] == 1 for each in keys)


class Edited:
    """The statements of an edited text, which is gone through from its beginning."""

    def __init__(self) -> None:
        self.all = Statements([], [])
        self.replaced: list[Replaced] = []
        self.touched: set[str] = set()
        """Names of the definitions that are other than they were, or elsewhere."""
        self.characters = 0
        """How much further in the text than before is what comes next."""
        self.is_moved = False
        """Whether anything is on other lines than before."""
        self._lines = 0
        """How much further down is what comes next."""
        self._taken = 0
        """How many statements of the former text have been come to."""

    def go_on_to(self, number: int, old: Statements) -> None:
        """Take what is not edited, up to a statement of the former text."""
        kept = old.slice(self._taken, number).moved(self.characters, self._lines)
        if self._lines and kept.all:
            self.touched |= kept.names
            self.is_moved = True
        self.all.extend(kept)
        self._taken = number

    def replace(self, before: Statements, between: Statements, begin: int) -> None:
        """Take what is new in the place of what was, where the new text begins."""
        between = between.moved(begin, before.all[0].line + self._lines if begin else 0)
        self.replaced.append(Replaced(self._taken, before, between))
        self.touched |= before.names | between.names
        self.all.extend(between)
        self._taken += len(before.all)

    def move(self, characters: int, lines: int) -> None:
        """Note how much longer than before is what has been replaced."""
        self.characters += characters
        self._lines += lines
