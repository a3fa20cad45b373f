"""Where a definition at the margin of a text begins and ends, by lines: exactly, or not at all.

Parsing a file costs what the file is long. A block at the margin is found by searching for its
first word, which is fast; what could be mistaken (the margin inside a string, a quote in a comment)
is noticed, and then the caller parses the whole text after all.
"""

from __future__ import annotations

import re
from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTES = re.compile(r"\"\"\"|'''")
_CONTINUED_AT_MARGIN = re.compile(r"\\\n(?=\S)")
_CODE_AT_MARGIN = re.compile(r"^[^\s#)\]}]", re.M)
_IMPORT = re.compile(r"^(?:import|from)\b", re.M)
_DEFINES = ("def ", "class ", "async ", "@")


class Margin:
    """The margin of a text: what begins there, and is code."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._strings = _strings(text)
        """Begins and ends of the strings over several lines, in turn; None: that is not certain."""

    def blocks_of(self, name: str) -> list[tuple[int, str]] | None:
        """Return the definitions of `name` at the margin, each with its 0-based first line.

        None: there may be others, or none there.
        """
        if self._strings is None:
            return None
        word = rf"(?:async[ \t]+def|def|class)[ \t]+{re.escape(name)}\b"
        heads = [each.start() for each in self._code(re.compile(f"^{word}", re.M))]
        inner = re.finditer(rf"^[ \t]+{word}", self._text, re.M)
        if not heads or not all(self._is_in_definition(each.start()) for each in inner):
            return None
        return [self._block(head) for head in heads]

    def block_at(self, line: int) -> tuple[int, str] | None:
        """Return the definition at the margin that `line` is in, as `blocks_of`."""
        start = 0
        for _ in range(line):
            start = self._text.find("\n", start) + 1
        end = self._text.find("\n", start)
        end = len(self._text) if end < 0 else end
        head = None if self._strings is None else self._governing(end)
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
        for each in self._code(_IMPORT):
            following = next(self._code(_CODE_AT_MARGIN, each.end()), None)
            found.append(self._text[each.start() : following.start() if following else None])
        return found

    def _code(self, pattern: re.Pattern[str], start: int = 0) -> Iterator[re.Match[str]]:
        """Yield matches that are not inside strings."""
        strings = self._strings or []
        for each in pattern.finditer(self._text, start):
            if bisect_right(strings, each.start()) % 2 == 0:
                yield each

    def _is_in_definition(self, place: int) -> bool:
        """Whether an indented place is in a definition that begins at the margin, or a string."""
        if bisect_right(self._strings or [], place) % 2:
            return True
        head = self._governing(place)
        return head is not None and self._text.startswith(_DEFINES, head)

    def _governing(self, place: int) -> int | None:
        """Return where the last line at the margin before `place` begins."""
        end = place
        while end > 0:
            start = self._text.rfind("\n", 0, end) + 1
            code = _CODE_AT_MARGIN.match(self._text, start)
            if code and start < place and bisect_right(self._strings or [], start) % 2 == 0:
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
        return self._text.count("\n", 0, start), self._text[start:end]


def _strings(text: str) -> list[int] | None:
    if _CONTINUED_AT_MARGIN.search(text) or "\f" in text or "\r" in text:
        return None
    ends: list[int] = []
    opened = ""
    for each in _QUOTES.finditer(text):
        before = text[text.rfind("\n", 0, each.start()) + 1 : each.start()]
        if opened:
            if before.endswith("\\"):
                return None
            if each.group() == opened:
                ends.append(each.end())
                opened = ""
        elif "#" in before or "'" in before or '"' in before:
            return None
        else:
            ends.append(each.start())
            opened = each.group()
    return None if opened else ends
