"""Where a piece of code that once stood in a file stands in its text now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relive.source.definitions import named
from relive.source.positions import BLANKS, BYTE_ORDER_MARK, Position, position_of, start_of_line
from relive.wire.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEFORE = BLANKS + BYTE_ORDER_MARK
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b")
_LOOKED_AT = 5000
"""Characters behind a statement that are looked at for a line that is not blank."""


def place_now(text: str, place: Position, then: str | None, now: str) -> Position | None:
    """Return where `text` stands in the document `now`; None: it does not any more.

    Whole statements have to be whole statements still; a part of a line may be anywhere in one.

    Args:
        text: the code, which may be some lines, or a part of one.
        place: where it stood.
        then: the document in which it stood there; None: not known.
        now: the document as it is.
    """
    if not text:
        return None
    at = _offset(now if then is None else then, place)
    places = list(_occurrences(text, now))
    if then is None or _is_whole(text, at, then, place[1]):
        places = [each for each in places if _is_whole(text, each, now, place[1])]
    expected = at if then is None else _moved(at, Edit.between(then, now))
    nearest = min(places, key=lambda each: abs(each - expected), default=None)
    return None if nearest is None else position_of(now, nearest)


def definition_stands(name: str, line: int | None, then: str, now: str) -> bool:
    """Whether the definition `name` says in `now` what it said in `then`.

    `line` is that of the one meant, where several share the name, counted in `then`.
    """
    meant = [each for each in named(then, name) if line in (None, each.range.start[0])]
    there = {each.source for each in named(now, name)}
    return bool(meant) and all(each.source in there for each in meant)


def line_of_definition(name: str, line: int, then: str, now: str) -> int | None:
    """Return the line in `now` of the one of several definitions that was on `line` in `then`."""
    meant = next((each for each in named(then, name) if each.range.start[0] == line), None)
    same = (each for each in named(now, name) if meant and each.source == meant.source)
    return next((each.range.start[0] for each in same), None)


def _offset(text: str, position: Position) -> int:
    start = start_of_line(text, position[0])
    return len(text) if start is None else start + position[1]


def _moved(offset: int, edit: Edit) -> int:
    """Return where an offset is after an edit."""
    return offset if offset < edit.end else offset + len(edit.text) - (edit.end - edit.start)


def _occurrences(text: str, document: str) -> Iterator[int]:
    """Yield where `text` is found that is not a part of a longer word."""
    at = document.find(text)
    while at >= 0:
        if not (_in_word(document, at) or _in_word(document, at + len(text))):
            yield at
        at = document.find(text, at + 1)


def _in_word(document: str, at: int) -> bool:
    around = document[max(at - 1, 0) : at + 1]
    return 0 < at < len(document) and all(each.isalnum() or each == "_" for each in around)


def _is_whole(text: str, at: int, document: str, column: int) -> bool:
    """Whether `text`, found at `at`, has its lines for itself, and nothing else belongs to it."""
    indent = document[document.rfind("\n", 0, at) + 1 : at]
    if len(indent) != column:
        return False
    end = at + len(text)
    rest, *below = document[end : end + _LOOKED_AT].split("\n")
    if indent.strip(_BEFORE) or rest.strip(BLANKS)[:1] not in ("", "#", ";"):
        return False
    following = next((line for line in below if line.strip(BLANKS)), "")
    goes_on = following.lstrip(BLANKS)
    margin = len(following) - len(goes_on)
    if goes_on.startswith("#"):
        return True
    return margin <= len(indent) and not (margin == len(indent) and _GOES_ON.match(goes_on))
