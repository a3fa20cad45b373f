"""What was read from a worker's pipes, divided by the marks in it (`wire/marks.py`)."""

from __future__ import annotations

import re

from relive.wire.marks import LONGEST, STATEMENT

_START = b"\x1b_relive;"
_MARK = re.compile(rb"\x1b_relive;([0-9]{1,15});([0-9]{1,5})\x1b\\")


def divide(data: bytes) -> tuple[list[tuple[int | None, bytes]], bytes]:
    """Divide what was read into pieces with their owners, None where no mark is.

    The second of the pair is what is not whole yet, to be put before what is read next.
    """
    pieces: list[tuple[int | None, list[bytes]]] = []
    at = 0
    while True:
        found = _MARK.search(data, at)
        if found is None:
            break
        end = found.end() + int(found[2])
        _append(pieces, None, data[at : found.start()])
        if end > len(data):
            return _joined(pieces), data[found.start() :]
        if int(found[1]) == STATEMENT:
            pieces.append((STATEMENT, []))
        _append(pieces, int(found[1]), data[found.end() : end])
        at = end
    begun = _begun_mark(data, at)
    _append(pieces, None, data[at:begun])
    return _joined(pieces), data[begun:]


def _append(pieces: list[tuple[int | None, list[bytes]]], owner: int | None, data: bytes) -> None:
    """Add a piece; neighbours of one owner are one, since a thread writes line by line."""
    if data and pieces and pieces[-1][0] == owner:
        pieces[-1][1].append(data)
    elif data:
        pieces.append((owner, [data]))


def _joined(pieces: list[tuple[int | None, list[bytes]]]) -> list[tuple[int | None, bytes]]:
    return [(owner, b"".join(parts)) for owner, parts in pieces]


def _begun_mark(data: bytes, start: int) -> int:
    """Return where a mark may have begun whose end was not read; the end of `data` if none has."""
    at = data.find(b"\x1b", max(start, len(data) - LONGEST))
    while at >= 0:
        if data.startswith(_START, at) or _START.startswith(data[at:]):
            return at
        at = data.find(b"\x1b", at + 1)
    return len(data)
