"""Where a piece of code that once stood in a file stands in its text now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relive.source.definitions import named
from relive.source.positions import BLANKS, BYTE_ORDER_MARK, LineTable, Position
from relive.wire.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEFORE = BLANKS + BYTE_ORDER_MARK
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b")
_LOOKED_AT = 200
"""Lines below a statement that are looked at for one that is not blank."""


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
    table = LineTable(now)
    whole = then is None or _is_whole(text, LineTable(then).offset(place), then, place[1])
    places = list(_occurrences(text, now))
    if whole:
        places = [at for at in places if _is_whole(text, at, now, place[1])]
    expected = _expected(place, then, now, table)
    nearest = min(places, key=lambda at: abs(at - expected), default=None)
    return None if nearest is None else table.position(nearest)


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


def _expected(place: Position, then: str | None, now: str, table: LineTable) -> int:
    """Return the offset in `now` at which it would be, by what is other around it."""
    if then is None:
        return table.offset(place)
    at = LineTable(then).offset(place)
    edit = Edit.between(then, now)
    moved = len(edit.text) - (edit.end - edit.start)
    return at if at < edit.end else at + moved


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
    rest, *below = document[at + len(text) :].split("\n", _LOOKED_AT)
    if indent.strip(_BEFORE) or rest.strip(BLANKS)[:1] not in ("", "#", ";"):
        return False
    following = next((line for line in below if line.strip(BLANKS)), "")
    goes_on = following.lstrip(BLANKS)
    margin = len(following) - len(goes_on)
    if goes_on.startswith("#"):
        return True
    return margin <= len(indent) and not (margin == len(indent) and _GOES_ON.match(goes_on))
