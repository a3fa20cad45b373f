"""Texts with marks in them, so that a test shows the place it is about."""

from __future__ import annotations

from relive.source.positions import LineTable, Position, Range

CARET = "¦"


def caret(marked: str) -> tuple[str, Position]:
    """Take the caret out of a text: the text, and where the caret was."""
    before, after = marked.split(CARET)
    lines = LineTable(before).lines
    return before + after, (len(lines) - 1, len(lines[-1]))


def selected(marked: str) -> tuple[str, Range]:
    """Take two marks out of a text: the text, and the range between them."""
    before, between, after = marked.split(CARET)
    _, start = caret(before + CARET)
    _, end = caret(before + between + CARET)
    return before + between + after, Range(start, end)
