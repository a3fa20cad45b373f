"""The texts of a file in its log: each is stored as what is other than in the one before it.

A whole text comes now and then, so that damage reaches no further, and a reader that comes from the
end has a few to put together at a time. Every text has its mark, and is not believed without: that
of a whole text is made from it, that of an edited one from the mark before and the edit, which
costs the same in a long text as in a short one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zlib import crc32

from relive.source.margins import between
from relive.wire.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_EDITS = 64
"""Edits in a row: a reader has this many texts to put together, to have the last of them."""
_SHARE = 4
"""A whole text comes when so many times its length was written since the last one: what it adds to
a log is a fourth at most, and damage to one reaches no further than that."""
_OF_EDIT = "+"
"""What the mark of an edited text begins with; in the first format it was made from the text."""
_RECORD = 100
"""Characters a record has besides."""


class DocumentsWritten:
    """What the reader of a log will have at its end."""

    def __init__(self) -> None:
        self.start_over()
        self._next = self._now

    def start_over(self) -> None:
        """Forget: the next text comes whole."""
        self._now: tuple[str | None, str, int, int] = None, "", 0, 0
        """The last document, its mark, and how many edits and characters came since a whole one."""

    def stored(self, document: str) -> dict[str, Any]:
        """Return how a document is stored; `keep` says that it was."""
        last, mark, edits, size = self._now
        if last is None or edits >= _MOST_EDITS or size > _SHARE * len(document):
            fresh = _mark(document)
            self._next = document, fresh, 0, 0
            return {"mark": fresh, "whole": document}
        edit = between(last, document)
        if edit.is_none:
            self._next = document, mark, edits, size + _RECORD
            return {"mark": mark}
        parts = [edit.start, edit.end, edit.text]
        fresh = _edited_mark(mark, parts)
        self._next = document, fresh, edits + 1, size + _RECORD + len(edit.text)
        return {"mark": fresh, "before": mark, "edit": parts}

    def keep(self) -> None:
        """Note that what was asked for last is in the log."""
        self._now = self._next


class DocumentsRead:
    """The document of a log, as its records are gone through from one with a whole text."""

    def __init__(self) -> None:
        self._last = ""
        self._mark: str | None = None

    def complete(self, stored: dict[str, Any]) -> str | None:
        """Return the document; None if it builds on what is not there or damaged."""
        mark = stored["mark"]
        if "whole" in stored:
            self._last, self._mark = stored["whole"], mark
        elif "edit" in stored and stored["before"] == self._mark:
            self._last = Edit(*stored["edit"]).applied_to(self._last)
            self._mark = mark if self._is_mark(mark, stored) else None
        return self._last if mark == self._mark else None

    def _is_mark(self, mark: str, stored: dict[str, Any]) -> bool:
        """Whether it is that of the edited text."""
        if mark.startswith(_OF_EDIT):
            return mark == _edited_mark(stored["before"], stored["edit"])
        return mark == _mark(self._last)  # of a log of the first format


def _mark(document: str) -> str:
    """Return what tells a text from others; against forgery there is the seal of the line."""
    return f"{crc32(document.encode('utf-8', 'surrogatepass')):08x}{len(document):x}"


def _edited_mark(before: str, edit: Sequence[object]) -> str:
    """Return the mark of what an edit makes of the text marked `before`."""
    return f"{_OF_EDIT}{crc32(json.dumps([before, *edit]).encode()):08x}"
