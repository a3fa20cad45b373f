"""The texts of a file in its log: each is stored as what is other than in the one before it.

A whole text comes now and then, so that damage reaches no further, and no reader has to begin far
back. Every text has its mark, and is not believed without.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from relive.wire.edits import Edit

_MOST_EDITS = 64
"""Edits in a row: this many entries lose their document at most if one line is damaged."""


class DocumentsWritten:
    """What the reader of a log will have at its end."""

    def __init__(self) -> None:
        self.start_over()
        self._next = self._now

    def start_over(self) -> None:
        """Forget: a new segment is read without the one before it."""
        self._now: tuple[str | None, str, int, int] = None, "", 0, 0
        """The last document, its mark, and how many edits ago, of how many characters, a whole one
        was stored."""

    def stored(self, document: str) -> dict[str, Any]:
        """Return how a document is stored; `keep` says that it was."""
        last, mark, edits, size = self._now
        if last is not None and document == last:
            self._next = document, mark, edits, size
            return {"mark": mark}
        fresh = _mark(document)
        edit = None if last is None else Edit.between(last, document)
        if edit is None or edits >= _MOST_EDITS or size + len(edit.text) > len(document):
            self._next = document, fresh, 0, 0
            return {"mark": fresh, "whole": document}
        self._next = document, fresh, edits + 1, size + len(edit.text)
        return {"mark": fresh, "before": mark, "edit": [edit.start, edit.end, edit.text]}

    def keep(self) -> None:
        """Note that what was asked for last is in the log."""
        self._now = self._next


class DocumentsRead:
    """The document of a log, as its records are gone through."""

    def __init__(self) -> None:
        self._last = ""
        self._mark: str | None = None

    def complete(self, stored: dict[str, Any]) -> str | None:
        """Return the document; None if it builds on what is not there or damaged."""
        if "whole" in stored:
            self._last, self._mark = stored["whole"], stored["mark"]
        elif "edit" in stored and stored["before"] == self._mark:
            self._last, self._mark = Edit(*stored["edit"]).applied_to(self._last), stored["mark"]
            if _mark(self._last) != self._mark:
                self._mark = None
        return self._last if stored["mark"] == self._mark else None


def _mark(document: str) -> str:
    return blake2b(document.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
