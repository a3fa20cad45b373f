"""Places in a text, in order, which go along with its edits: only those near an edit are touched.

They stand in groups, each by its distance from the first one of the group. An edit makes the group
anew that it is in, and moves those behind it as wholes. Nothing is changed in place, so that an
older text keeps its places, and shares most groups with the newer one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GROUP = 128
"""Places in a group when it is made; up to twice as many afterwards."""


class Places:
    """Ascending numbers."""

    def __init__(self, places: Sequence[int] = ()) -> None:
        self._firsts: list[int] = []
        self._groups: list[list[int]] = []
        """Of each group: its first place, and how far each of them is from that one."""
        self._before: list[int] = []
        """How many there are in the groups before it."""
        self._count = len(places)
        before = 0
        for group in _grouped(places):
            self._firsts.append(group[0])
            self._groups.append([each - group[0] for each in group])
            self._before.append(before)
            before += len(group)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> int:
        """Return one of them, counted from 0."""
        group = bisect_right(self._before, number) - 1
        return self._firsts[group] + self._groups[group][number - self._before[group]]

    def before(self, place: int) -> int:
        """Return how many are before `place`."""
        group = bisect_left(self._firsts, place) - 1
        if group < 0:
            return 0
        return self._before[group] + bisect_left(self._groups[group], place - self._firsts[group])

    def edited(self, start: int, end: int, more: int, between: Sequence[int]) -> Places:
        """Return them with `between` instead of those from `start` to `end`.

        Those from `end` on are `more` further.
        """
        first = max(bisect_right(self._firsts, start) - 1, 0)
        after = bisect_left(self._firsts, end, first)
        near = list(self._within(first, after))
        middle = Places(
            [each for each in near if each < start]
            + [*between]
            + [each + more for each in near if each >= end]
        )
        added = len(middle) - len(near)
        before = self._before[first] if self._groups else 0
        found = Places()
        found._firsts = self._firsts[:first] + middle._firsts
        found._firsts += [each + more for each in self._firsts[after:]]
        found._groups = self._groups[:first] + middle._groups + self._groups[after:]
        found._before = self._before[:first] + [each + before for each in middle._before]
        found._before += [each + added for each in self._before[after:]]
        found._count = self._count + added
        return found

    def _within(self, first: int, after: int) -> Iterator[int]:
        for group in range(first, after):
            start = self._firsts[group]
            for each in self._groups[group]:
                yield start + each


def _grouped(places: Sequence[int]) -> Iterator[Sequence[int]]:
    if places:
        starts = [*range(0, max(len(places) - _GROUP, 1), _GROUP)]
        for start, end in zip(starts, [*starts[1:], len(places)]):
            yield places[start:end]
