"""What is known of texts without reading them whole: it goes along with their edits."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from itertools import chain

from relive.source.outline import TEXTS_KEPT
from relive.source.positions import LineIndex
from relive.wire.blocks import Margin
from relive.wire.edits import Edit

_EDITS_KEPT = 16
"""Edits in a row of which is known what each made of which text."""


class _Margins:
    """The margins of the texts worked on, the latest first."""

    def __init__(self) -> None:
        self._kept: deque[Margin] = deque(maxlen=TEXTS_KEPT)
        self._edits: deque[tuple[Margin, Edit, str]] = deque(maxlen=_EDITS_KEPT)
        """The latest ones first, each between the texts before and after it."""

    def of(self, text: str) -> Margin:
        known = self.known(text)
        if known is None:
            known = self._made(text)
            self._kept.appendleft(known)
        return known

    def known(self, text: str) -> Margin | None:
        """Return the margin of a text, if it is there; as a rule it is the very same object."""
        kept, edits = tuple(self._kept), tuple(self._edits)  # other threads edit meanwhile
        formers = (former for former, _, _ in edits)  # who asked before an edit asks on
        same = next((each for each in chain(kept, formers) if each.text is text), None)
        return same or next((each for each in kept if each.text == text), None)

    def edited(self, text: str, edit: Edit) -> Margin:
        """Have the margin of an edited text in the place of that of the text before."""
        former, after = self.of(text), edit.applied_to(text)
        made = former.edited(edit, after)
        with suppress(ValueError):  # two documents may have the same text, and each its edit of it
            self._kept.remove(former)
        self._kept.appendleft(made)
        self._edits.appendleft((former, edit, after))
        return made

    def between(self, old: str, new: str) -> Edit:
        """Put the edits together that have made `new` of `old`; else compare the texts."""
        text, start, tail = new, len(old), len(old)
        for former, edit, after in tuple(self._edits):
            if text is old:
                break
            if after is text:
                text = former.text
                start, tail = min(start, edit.start), min(tail, len(text) - edit.end)
        if text is not old or text is new:
            return Edit.between(old, new)
        return Edit(start, len(old) - tail, new[start : len(new) - tail])

    def _made(self, text: str) -> Margin:
        """Make a margin of that of the text which is most likely to be an older one."""
        kept = tuple(self._kept)
        if not kept:
            return Margin(text)
        former = min(kept, key=lambda each: abs(len(each.text) - len(text)))
        return former.edited(Edit.between(former.text, text), text)


_margins = _Margins()


def margin(text: str) -> Margin:
    """Return what is at the margin of a text."""
    return _margins.of(text)


def table(text: str) -> LineIndex:
    """Return where the lines of a text are, which has LF newlines."""
    return LineIndex(margin(text).lines)


def edited(text: str, start: int, end: int, new: str) -> str:
    """Return a text with `new` from `start` to `end`; what is known of it goes along."""
    return _margins.edited(text, Edit(start, end, new)).text


def between(old: str, new: str) -> Edit:
    """Return the edit that makes `new` of `old`, without reading them where it is known."""
    return _margins.between(old, new)


def mentions(text: str, word: str) -> bool:
    """Whether a word stands in a text; where it does goes along with edits, too."""
    known = _margins.known(text)
    return word in text if known is None else len(known.places_of(word)) > 0
