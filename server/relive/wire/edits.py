"""What of a text is other than in the text before it."""

from __future__ import annotations

_LONGEST = 1 << 13
"""Characters compared at once: as many as the processor keeps at hand while they are copied."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Edit:
    """Between the characters `start` and `end` of one text another one has `text`."""

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text

    @classmethod
    def between(cls, old: str, new: str) -> Edit:
        """Return the edit that makes `new` of `old`."""
        if old == new:
            return cls(0, 0, "")
        shorter = min(len(old), len(new))
        start = alike(old, new)
        ends = len(old), len(new)
        tail = _alike(
            shorter - start,
            lambda at, end: new.endswith(old[ends[0] - end : ends[0] - at], 0, ends[1] - at),
        )
        return cls(start, ends[0] - tail, new[start : ends[1] - tail])

    @property
    def is_none(self) -> bool:
        """Whether nothing is other."""
        return self.start == self.end and not self.text

    def back(self, old: str) -> Edit:
        """Return the edit that makes `old` of what this one makes of it."""
        end = self.start + len(self.text)
        return Edit(self.start, end, old[self.start : self.end])

    def and_then(self, later: Edit, old: str) -> Edit:
        """Return the edit of `old` that does both; `later` is one of what this one makes of it."""
        end, more = self.start + len(self.text), len(self.text) - (self.end - self.start)
        first, last = min(self.start, later.start), max(end, later.end)
        head, tail = old[first : self.start], old[self.end : last - more]
        both = Edit(later.start - first, later.end - first, later.text)
        return Edit(first, last - more, both.applied_to(f"{head}{self.text}{tail}"))

    def applied_to(self, old: str) -> str:
        """Return the text that `old` becomes."""
        if self.is_none:
            return old
        return f"{old[: self.start]}{self.text}{old[self.end :]}"


def alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with in the same way."""
    shorter = min(len(one), len(other))
    return _alike(shorter, lambda at, end: other.startswith(one[at:end], at))


def _alike(most: int, is_alike: Callable[[int, int], bool]) -> int:
    """Return how many of the first `most` characters are alike, by longer and shorter steps."""
    found, step = 0, _LONGEST
    while step and found < most:
        while found + step <= most and is_alike(found, found + step):
            found += step
        step //= 2
    return found
