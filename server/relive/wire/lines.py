"""Where the lines of a text are, without cutting it into lines."""

from __future__ import annotations

from itertools import accumulate, count
from operator import add

from relive.wire.places import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.wire.edits import Edit


class Lines:
    """The lines of a text. Only line feeds end one."""

    def __init__(self, text: str, feeds: Places | None = None) -> None:
        """Find the line feeds of `text`, or take them as known."""
        self.text = text
        self._feeds = Places(_feeds(text)) if feeds is None else feeds

    def edited(self, edit: Edit, text: str) -> Lines:
        """Return the lines of the text that `edit` makes of this one."""
        between = _feeds(edit.text, edit.start)
        more = len(text) - len(self.text)
        return Lines(text, self._feeds.edited(edit.start, edit.end, more, between))

    def __len__(self) -> int:
        """Return how many there are; the last one may be empty."""
        return len(self._feeds) + 1

    def number_at(self, place: int) -> int:
        """Return how many lines end before `place`."""
        return self._feeds.before(place)

    def start_of(self, number: int) -> int | None:
        """Return where a line begins; None: there is none of that number."""
        if not 0 <= number < len(self):
            return None
        return self._feeds[number - 1] + 1 if number else 0

    def line(self, number: int) -> str | None:
        """Return a line without its end; None: there is none of that number."""
        start = self.start_of(number)
        if start is None:
            return None
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


def _feeds(text: str, start: int = 0) -> list[int]:
    lengths = map(len, text.split("\n"))
    return list(map(add, accumulate(lengths), count(start)))[:-1]
