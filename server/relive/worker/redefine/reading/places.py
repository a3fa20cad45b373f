"""Where an edited text is other than the one before it, be that in several places far apart.

An import added at the top and a function changed further down are one edit from here to there, and
all of what is between would be taken for edited. So a statement from there is looked for in the new
text; what goes on in the same way from it on is left out.
"""

from __future__ import annotations

from bisect import bisect_left

from relive.wire.edits import Edit, alike

_SHORT = 2_000
"""Characters that are not worth looking for anything in them."""
_MOST = 20
"""Places that are told apart: of a text with more, all is other from the last one on."""


def edits_between(old: str, new: str, starts: list[int]) -> list[Edit]:
    """Return the edits that make `new` of `old`, in order.

    `starts`: where the statements of `old` begin.
    """
    whole = Edit.between(old, new)
    ends = whole.end, whole.start + len(whole.text)
    at, place = whole.start, whole.start
    edits: list[Edit] = []
    while len(edits) < _MOST and (found := _again(old, new, (at, place), ends, starts)):
        begin, where, length = found
        edits.append(Edit(at, begin, new[place:where]))
        at, place = begin + length, where + length
    return [*edits, Edit(at, ends[0], new[place : ends[1]])]


def _again(
    old: str, new: str, begin: tuple[int, int], ends: tuple[int, int], starts: list[int]
) -> tuple[int, int, int] | None:
    """Return where the texts are alike again, in both, and how long; None: nowhere for long.

    One statement is looked for after another, further and further away: some may be gone.
    """
    first, step = bisect_left(starts, begin[0]), 1
    while first + 1 < len(starts) and starts[first + 1] <= ends[0] - _SHORT:
        at, end = starts[first : first + 2]
        place = new.find(old[at:end], begin[1], ends[1])
        if place >= 0:
            length = alike(old[at : ends[0]], new[place : ends[1]])
            if length > _SHORT:
                return at, place, length
        first, step = first + step, 2 * step
    return None
