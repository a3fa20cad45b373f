"""Places in a text, and their conversion between code points, UTF-16 units and UTF-8 bytes.

A position is `(line, column)`, both from 0, the column in code points. Only line feeds,
carriage returns and pairs of them end a line, as in Python and in LSP; `str.splitlines`
would also split at form feeds and U+2028.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from relive.source.quick_dataclasses import dataclass
from relive.wire.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

Position = tuple[int, int]

BYTE_ORDER_MARK = "\ufeff"
BLANKS = " \t\f"
"""What may stand between two tokens on a line."""
_LONGEST = 1 << 13
"""Characters among which line feeds are counted at once."""


@dataclass(frozen=True)
class Range:
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position


def with_line_feeds(text: str) -> str:
    """Return the text with each of its line ends as one line feed."""
    if "\r" not in text:  # one character is found much faster than two
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def range_of(text: str, start: Position) -> Range:
    """Return where `text` ends that begins at `start`."""
    lines, last = text.count("\n"), len(text) - (text.rfind("\n") + 1)
    return Range(start, (start[0] + lines, last if lines else start[1] + last))


def line_of(text: str, number: int) -> str | None:
    """Return one line of a text, found without cutting it into all of them; None: there is none.

    Only line feeds end a line here.
    """
    start = start_of_line(text, number)
    if start is None:
        return None
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end]


def start_of_line(text: str, number: int) -> int | None:
    """Return how many characters are before a line, found in the same way; see `line_of`."""
    end, left, step = 0, number, _LONGEST
    while step:
        while end + step <= len(text) and (passed := text.count("\n", end, end + step)) <= left:
            end, left = end + step, left - passed
        step //= 2
    return None if left or number < 0 else text.rfind("\n", 0, end) + 1


def position_of(text: str, offset: int) -> Position:
    """Return the position before which there are `offset` characters, found in the same way."""
    return text.count("\n", 0, offset), offset - (text.rfind("\n", 0, offset) + 1)


class Table(ABC):
    """The lines of a text. Nothing here raises: what is out of range is clamped.

    A line that does not exist counts as empty.
    """

    text: str

    @property
    @abstractmethod
    def count(self) -> int:
        """How many lines there are; the last one may be empty."""

    @abstractmethod
    def line(self, number: int) -> str:
        """Return a line without its end."""

    @abstractmethod
    def _start(self, line: int) -> int:
        """Return how many characters are before a line that exists."""

    def utf16_to_codepoint(self, line: int, column: int) -> int:
        """Convert an LSP column; the middle of a surrogate pair is the character's start."""
        return _characters_before(self.line(line), column, _utf16_width)

    def codepoint_to_utf16(self, line: int, column: int) -> int:
        """Convert a column to LSP's default encoding."""
        before = self.line(line)[: max(column, 0)]
        return len(before) if before.isascii() else sum(map(_utf16_width, before))

    def utf8_to_codepoint(self, line: int, column: int) -> int:
        """Convert a column of the `ast` module, which counts bytes."""
        return _characters_before(self.line(line), column, _utf8_width)

    def offset(self, position: Position) -> int:
        """Return how many characters of `text` are before the position."""
        line, column = self.clamp(position)
        return self._start(line) + column

    def slice(self, range: Range) -> str:  # noqa: A002 - a range of the editor's is meant
        """Return the text inside the range."""
        return self.text[self.offset(range.start) : self.offset(range.end)]

    def clamp(self, position: Position) -> Position:
        """Return the nearest position that exists."""
        line, column = position
        if line < 0:
            return (0, 0)
        if line >= self.count:
            return self.end
        return (line, min(max(column, 0), len(self.line(line))))

    @property
    def end(self) -> Position:
        """The position after the last character."""
        return (self.count - 1, len(self.line(self.count - 1)))


class LineTable(Table):
    """A text cut into lines, to be read as a whole."""

    def __init__(self, text: str) -> None:
        self.text = with_line_feeds(text)
        self.lines = self.text.split("\n")

    @property
    def count(self) -> int:
        """See Table."""
        return len(self.lines)

    def line(self, number: int) -> str:
        """See Table."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def position(self, offset: int) -> Position:
        """Return the position before which there are `offset` characters of `text`."""
        line = bisect_right(self._starts, offset, hi=len(self.lines)) - 1
        return self.clamp((line, offset - self._starts[line]))

    def _start(self, line: int) -> int:
        return self._starts[line]

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(line) + 1 for line in self.lines), initial=0))


class LineIndex(Table):
    """A text in which lines are looked up as they are asked for."""

    def __init__(self, lines: Lines) -> None:
        self.text = lines.text
        self._lines = lines

    @property
    def count(self) -> int:
        """See Table."""
        return len(self._lines)

    def line(self, number: int) -> str:
        """See Table."""
        return self._lines.line(number) or ""

    def _start(self, line: int) -> int:
        return self._lines.start_of(line) or 0


def _characters_before(line: str, units: int, width: Callable[[str], int]) -> int:
    """Count the characters that end within the first `units` units of the line."""
    if line.isascii():
        return min(max(units, 0), len(line))
    for index, end in enumerate(accumulate(map(width, line))):
        if end > units:
            return index
    return len(line)


def _utf16_width(character: str) -> int:
    return 2 if character > "\uffff" else 1


def _utf8_width(character: str) -> int:
    # By comparison, not by encoding: a lone surrogate cannot be encoded.
    return 1 + (character > "\x7f") + (character > "\u07ff") + (character > "\uffff")
