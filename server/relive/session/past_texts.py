"""Texts that files had: each as what is other in it than in the next one of its file.

Most differ from the next by a few characters. A whole one stays now and then, so that none is
far from one.
"""

from __future__ import annotations

from collections.abc import Iterable

from relive.source.margins import between
from relive.wire.edits import Edit

_MOST_EDITS = 64
"""Edits in a row: as many are put together at most to have a text."""


class PastText:
    """One of them. The latest of a file is whole."""

    def __init__(self, text: str, edits: int) -> None:
        self.edits = edits
        """How many texts came since the last one that stays whole."""
        self._whole: str | None = text
        self._next: tuple[PastText, Edit] | None = None
        """The text that followed, and the edit that makes this one of it."""

    @property
    def text(self) -> str:
        """The text."""
        edits: list[Edit] = []
        at = self
        while at._whole is None and at._next is not None:
            at, edit = at._next
            edits.append(edit)
        text = at._whole or ""
        for edit in reversed(edits):
            text = edit.applied_to(text)
        return text

    @property
    def size(self) -> int:
        """The characters that are kept of it."""
        if self._whole is not None:
            return len(self._whole)
        return 0 if self._next is None else len(self._next[1].text)

    def followed_by(self, text: str) -> PastText:
        """Return the next text of the file; this one is kept as what is other in it."""
        if text is self._whole or self._whole is None:
            return self
        if self.edits == _MOST_EDITS:
            return PastText(text, 0)
        following = PastText(text, self.edits + 1)
        self._next = following, between(self._whole, text).back(self._whole)
        self._whole = None
        return following


class PastTexts:
    """The texts of several files."""

    def __init__(self) -> None:
        self._latest: dict[str | None, PastText] = {}
        self.characters = 0
        """That are kept of all."""

    def keep(self, file: str | None, text: str) -> PastText:
        """Keep what a file's text is now."""
        former = self._latest.get(file)
        before = 0 if former is None else former.size
        latest = PastText(text, 0) if former is None else former.followed_by(text)
        if former is not latest:
            self._latest[file] = latest
            self.characters += latest.size + (0 if former is None else former.size - before)
        return latest

    def keep_only(self, texts: Iterable[PastText]) -> None:
        """Take it that of all others nobody knows any more; the latest stay known."""
        self.characters = sum(each.size for each in {*texts, *self._latest.values()})
