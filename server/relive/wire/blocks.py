"""Where a definition at the margin of a text begins and ends, by lines: exactly, or not at all.

Parsing a file costs what the file is long. A block at the margin is found by searching for its
first word, which is fast; what could be mistaken (the margin inside a string, a quote in a comment)
is noticed, and then the caller parses the whole text after all.
"""

from __future__ import annotations

import re
from functools import cached_property

from relive.wire.lines import Lines
from relive.wire.places import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from relive.wire.edits import Edit

_QUOTES = ('"""', "'''")
_TELLING = (*_QUOTES, "\\", "\f", "\r")
"""What has to do with where long strings begin and end."""
_WORDS_KEPT = 8
"""Words whose places go along with edits: those last asked for."""
_CONTINUED_AT_MARGIN = re.compile(r"\\\n(?=\S)")
_CODE_AT_MARGIN = re.compile(r"^[^\s#)\]}]", re.M)
_DEFINING = re.compile(r"[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+")
_DEFINES = ("def ", "class ", "async ", "@")


class Margin:
    """The margin of a text: what begins there, and is code.

    What is known of it goes along with the edits of the text.
    """

    def __init__(self, text: str) -> None:
        """Look at the margin of `text`."""
        self._know(Lines(text), None, {})

    def _know(self, lines: Lines, strings: Places | None, words: dict[str, Places]) -> None:
        self.lines = lines
        self._text = lines.text
        self._known_strings = strings
        """As `_strings`, as far as a former text tells."""
        self._words = words
        """Where words stand that were asked for."""

    @cached_property
    def _strings(self) -> Places | None:
        """Begins and ends of the strings over several lines, in turn; None: that is not certain."""
        return _strings(self._text) if self._known_strings is None else self._known_strings

    def edited(self, edit: Edit, text: str) -> Margin:
        """Return the margin of the text that `edit` makes of this one."""
        margin = Margin.__new__(Margin)
        words = {word: self._edited_word(word, edit, text) for word in self._words}
        margin._know(self.lines.edited(edit, text), self._edited_strings(edit, text), words)
        return margin

    @property
    def text(self) -> str:
        """The text it is the margin of."""
        return self._text

    @property
    def is_certain(self) -> bool:
        """Whether what is at the margin can be told at all."""
        return self._strings is not None

    def _edited_strings(self, edit: Edit, text: str) -> Places | None:
        """Return where long strings are in a text that this one was edited to be.

        None: that is not known, or the lines that differ have something to do with such strings.
        """
        strings: Places | None = self.__dict__.get("_strings", self._known_strings)
        if strings is None:
            return None
        start = self._text.rfind("\n", 0, edit.start) + 1
        end = self._text.find("\n", edit.end)
        end, more = len(self._text) if end < 0 else end, len(text) - len(self._text)
        lines = self._text[max(start - 2, 0) : end] + text[start : end + more]
        if any(mark in lines for mark in _TELLING):
            return None
        return strings.edited(start + 1, start + 1, more, ())

    def _edited_word(self, word: str, edit: Edit, text: str) -> Places:
        more = len(text) - len(self._text)
        start = max(edit.start - len(word) + 1, 0)
        within = text[start : edit.end + more + len(word) - 1]
        return self._words[word].edited(start, edit.end, more, _places(within, word, start))

    def places_of(self, word: str) -> Places:
        """Return where a word stands, be it within others."""
        known = self._words.pop(word, None)
        self._words[word] = found = Places(_places(self._text, word)) if known is None else known
        if len(self._words) > _WORDS_KEPT:
            del self._words[next(iter(self._words))]
        return found

    def blocks_of(self, name: str) -> list[tuple[int, str]] | None:
        """Return the definitions of `name` at the margin, each with its 0-based first line.

        None: there may be others, or none there.
        """
        if self._strings is None or not name:
            return None
        heads: list[int] = []
        inner: list[int] = []
        for place in self._places(name):
            start = self._text.rfind("\n", 0, place) + 1
            if _DEFINING.fullmatch(self._text, start, place):
                (inner if self._text[start] in " \t" else heads).append(start)
        heads = [each for each in heads if not self._is_in_string(each)]
        if not heads or not all(map(self._is_in_definition, inner)):
            return None
        return [self._block(head) for head in heads]

    def _places(self, word: str) -> Iterator[int]:
        """Yield where `word` stands, and does not go on."""
        places = self.places_of(word)
        for place in map(places.__getitem__, range(len(places))):
            following = self._text[place + len(word) : place + len(word) + 1]
            if not following.isidentifier() and not following.isdigit():
                yield place

    def block_at(self, line: int) -> tuple[int, str] | None:
        """Return the definition at the margin that `line` is in, as `blocks_of`."""
        start = self.lines.start_of(line)
        if start is None or self._strings is None:
            return None
        end = self._text.find("\n", start)
        head = self._governing(len(self._text) if end < 0 else end)
        if head is None:
            return None
        while self._text.startswith("@", head):  # in a decorator: the definition is below
            below = next(self._code(_CODE_AT_MARGIN, head + 1), None)
            if below is None:
                return None
            head = below.start()
        first, block = self._block(head)
        inside = first <= line <= first + block.count("\n")
        return (first, block) if self._text.startswith(_DEFINES, head) and inside else None

    def imports(self) -> list[str] | None:
        """Return the import statements at the margin; None if they cannot be told for certain."""
        if self._strings is None:
            return None
        found = []
        starts = [each for word in ("import ", "from ") for each in self._lines_with(word)]
        for start in sorted(starts):
            following = next(self._code(_CODE_AT_MARGIN, start + 1), None)
            found.append(self._text[start : following.start() if following else None])
        return found

    def _lines_with(self, word: str) -> Iterator[int]:
        """Yield where lines of code begin with `word`."""
        place = 0 if self._text.startswith(word) else self._text.find(f"\n{word}") + 1
        while place or self._text.startswith(word, place):
            if not self._is_in_string(place):
                yield place
            place = self._text.find(f"\n{word}", place) + 1
            if not place:
                return

    def _code(self, pattern: re.Pattern[str], start: int = 0) -> Iterator[re.Match[str]]:
        """Yield matches that are not inside strings."""
        for each in pattern.finditer(self._text, start):
            if not self._is_in_string(each.start()):
                yield each

    def _is_in_string(self, place: int) -> bool:
        return self._strings is not None and self._strings.before(place + 1) % 2 == 1

    def _is_in_definition(self, place: int) -> bool:
        """Whether an indented place is in a definition that begins at the margin, or a string."""
        if self._is_in_string(place):
            return True
        head = self._governing(place)
        return head is not None and self._text.startswith(_DEFINES, head)

    def _governing(self, place: int) -> int | None:
        """Return where the last line at the margin before `place` begins."""
        end = place
        while end > 0:
            start = self._text.rfind("\n", 0, end) + 1
            code = _CODE_AT_MARGIN.match(self._text, start)
            if code and start < place and not self._is_in_string(start):
                return start
            end = start - 1
        return None

    def _block(self, head: int) -> tuple[int, str]:
        """Return the block whose `def` or `class` is at `head`, its decorators included."""
        start = head
        above = self._governing(start)
        while above is not None and self._text.startswith("@", above):
            start, above = above, self._governing(above)
        line_end = self._text.find("\n", head)
        following = None if line_end < 0 else next(self._code(_CODE_AT_MARGIN, line_end), None)
        end = following.start() if following else len(self._text)
        return self.lines.number_at(start), self._text[start:end]


def _strings(text: str) -> Places | None:
    continued = "\\" in text and _CONTINUED_AT_MARGIN.search(text)
    if continued or "\f" in text or "\r" in text:
        return None
    ends: list[int] = []
    opened = ""
    for start in _quotes(text):
        before = text[text.rfind("\n", 0, start) + 1 : start]
        quotes = text[start : start + 3]
        if opened:
            if before.endswith("\\"):
                return None
            if quotes == opened:
                ends.append(start + 3)
                opened = ""
        elif "#" in before or "'" in before or '"' in before:
            return None
        else:
            ends.append(start)
            opened = quotes
    return None if opened else Places(ends)


def _places(text: str, word: str, start: int = 0) -> list[int]:
    """Return where a word stands; `start` is added. Searched plainly, which is fastest."""
    found = []
    place = text.find(word)
    while place >= 0:
        found.append(start + place)
        place = text.find(word, place + 1)
    return found


def _quotes(text: str) -> Iterator[int]:
    """Yield where triple quotes stand, from left to right. Searched plainly, which is fastest."""
    nearest = {quotes: text.find(quotes) for quotes in _QUOTES}
    while found := [place for place in nearest.values() if place >= 0]:
        start = min(found)
        yield start
        for quotes, place in nearest.items():
            if 0 <= place < start + 3:
                nearest[quotes] = text.find(quotes, start + 3)
