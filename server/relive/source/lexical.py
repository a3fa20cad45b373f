"""What parso's tokenizer, which never fails, knows about text that may not be valid Python.

Its parser is used for one thing only. parso 0.8.7 has no match statement, no type alias,
no `except*` and no nested quotes in f-strings, and it takes the line after an unclosed
bracket for a part of the broken one; so which code is healthy is asked of `ast` instead,
statement by statement (`mending`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parso.grammar import load_grammar
from parso.python.token import PythonTokenTypes
from parso.python.tokenize import PythonToken, tokenize_lines
from parso.utils import parse_version_string

from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from parso.tree import NodeOrLeaf

    from relive.source.positions import Position

# The newest grammar parso has, whatever Python the daemon runs on.
_NEWEST = "3.14"
_VERSION = parse_version_string(_NEWEST)
_LAYOUT = {PythonTokenTypes.INDENT, PythonTokenTypes.DEDENT, PythonTokenTypes.ERROR_DEDENT}
_STRINGS = {PythonTokenTypes.STRING, PythonTokenTypes.FSTRING_STRING}
_TEXTUAL = _STRINGS | {PythonTokenTypes.ERRORTOKEN}
_GENERIC = re.compile(r"\b(?:def|class)\s+\w+\s*\[")


@dataclass(frozen=True)
class Token:
    """A word of a text, which need not be whole."""

    kind: PythonTokenTypes
    text: str
    start: Position
    end: Position

    @property
    def is_name(self) -> bool:
        """Whether it is a name, or a keyword."""
        return self.kind is PythonTokenTypes.NAME

    @property
    def is_constant(self) -> bool:
        """Whether it is a whole text or an integer."""
        is_text = self.kind is PythonTokenTypes.STRING and self.text[0] in "'\""
        return is_text or (self.kind is PythonTokenTypes.NUMBER and self.text.isdecimal())

    @property
    def is_between(self) -> bool:
        """Whether what comes right behind it is another word, as behind a bracket."""
        return self.kind is PythonTokenTypes.OP or self.is_end

    @property
    def is_open_quote(self) -> bool:
        """Whether a text begins with it that does not end."""
        is_error = self.kind is PythonTokenTypes.ERRORTOKEN
        return is_error and self.text.lstrip("rRbBuU")[:1] in ("'", '"')

    @property
    def is_end(self) -> bool:
        """Whether a statement ends with it."""
        return self.kind is PythonTokenTypes.NEWLINE


def tokens_to(lines: Sequence[str], first: int) -> list[Token] | None:
    """Return the words of lines, of which the first has a number; None: a comment ends them."""
    whole = [*(line + "\n" for line in lines[:-1]), lines[-1]]
    found = list(tokenize_lines(whole, version_info=_VERSION))
    if "#" in found[-1].prefix.rpartition("\n")[2]:
        return None
    return [
        Token(each.type, each.string, _place(each.start_pos, first), _place(each.end_pos, first))
        for each in found
        if each.type not in _LAYOUT and each.type is not PythonTokenTypes.ENDMARKER
    ]


def _place(place: tuple[int, int], first: int) -> Position:
    return place[0] - 1 + first, place[1]


def statement_starts(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines on which a logical line begins, not those inside brackets and strings.

    Blank lines and comments begin nothing. `len(lines)` comes last if the last logical
    line is complete.
    """
    fresh = True
    for token in _tokens(lines):
        if token.type in _LAYOUT:
            continue
        if fresh:
            # Where parso puts the end depends on what is before it.
            ended = token.type is PythonTokenTypes.ENDMARKER
            yield len(lines) if ended else token.start_pos[0] - 1
        fresh = token.type is PythonTokenTypes.NEWLINE


def string_lines(lines: Sequence[str]) -> set[int]:
    """Return the lines whose first character is inside a string."""
    inside: set[int] = set()
    for token in _tokens(lines):
        if token.type in _TEXTUAL:
            first = token.start_pos[0]
            inside.update(range(first, first + token.string.count("\n")))
    return inside


def inside_strings(
    lines: Sequence[str], places: Collection[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return those of the places that are inside a string which is whole."""
    inside: set[tuple[int, int]] = set()
    for token in _tokens(lines):
        if token.type in _STRINGS:
            (first, column), (last, end) = token.start_pos, token.end_pos
            span = (first - 1, column), (last - 1, end)
            inside.update(place for place in places if span[0] <= place < span[1])
    return inside


def without_type_parameters(text: str) -> str:
    """Blank the `[T]` of generic functions and classes, for daemons older than Python 3.12."""
    if not _GENERIC.search(text):
        return text
    lines = text.split("\n")
    for node in _type_parameters(load_grammar(version=_NEWEST).parse(text)):
        _blank(lines, node.start_pos, node.end_pos)
    return "\n".join(lines)


def _tokens(lines: Sequence[str]) -> Iterator[PythonToken]:
    return tokenize_lines([line + "\n" for line in lines], version_info=_VERSION)


def _type_parameters(tree: NodeOrLeaf) -> Iterator[NodeOrLeaf]:
    pending = [tree]
    while pending:
        node = pending.pop()
        if node.type == "type_params":
            yield node
        else:
            pending.extend(getattr(node, "children", ()))


def _blank(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> None:
    """Put blanks from `start` to `end`: as many bytes as were there, since `ast` counts bytes."""
    first, last = start[0] - 1, end[0] - 1
    for number in range(first, last + 1):
        line = lines[number]
        left = start[1] if number == first else 0
        right = end[1] if number == last else len(line)
        blanks = " " * len(line[left:right].encode("utf-8", "surrogatepass"))
        # Without its brackets the line would end here.
        joint = "" if number == last else "\\"
        lines[number] = line[:left] + blanks + joint + line[right:]
