"""How the texts of a file are stored in its log, and that a damaged one is not taken for whole."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import pytest

from relive.changelog.documents import DocumentsRead, DocumentsWritten

REST = "x = 1\n" * 100
"""A text that is short is stored whole more often."""
ONE, TWO, THREE, OTHER = (f"{line}\n{REST}" for line in ("a = 1", "a = 2", "a = 3", "b = 1"))
TEXTS = [ONE, TWO, TWO, "", f"a = 'é\ud800'\n{REST}", f"{REST}{TWO}", f"{REST}b\n"]


def stored(texts: list[str]) -> list[dict[str, Any]]:
    """Return how texts are stored one after another."""
    written = DocumentsWritten()
    found = []
    for text in texts:
        found.append(written.stored(text))
        written.keep()
    return found


def read(records: list[dict[str, Any]]) -> list[str | None]:
    """Return what a reader makes of what is stored."""
    documents = DocumentsRead()
    return [documents.complete(each) for each in records]


def test_what_is_stored_is_read() -> None:
    records = stored(TEXTS)
    assert read(records) == TEXTS
    assert sum("whole" in each for each in records) < len(TEXTS) // 2


def test_a_text_is_marked_by_what_was_edited() -> None:
    """The mark of an edited text does not depend on how long the text is."""
    short, long = (stored([f"{ONE}{more}", f"{TWO}{more}"])[1] for more in ("", REST))
    assert short["edit"] == long["edit"]
    assert short["mark"] != long["mark"], "it is an edit of another text"


@pytest.mark.parametrize(
    "damage",
    [
        {"edit": [4, 5, "3"]},
        {"edit": [3, 5, "2"]},
        {"mark": "+00000000"},
        {"before": "00000000", "mark": "+00000000"},
    ],
)
def test_an_edit_that_is_another_is_not_believed(damage: dict[str, Any]) -> None:
    whole, edited, after = stored([ONE, TWO, THREE])
    assert read([whole, {**edited, **damage}, after]) == [ONE, None, None]


def test_an_edit_is_not_applied_to_another_text() -> None:
    first, edited = stored([ONE, TWO])
    other, *_ = stored([OTHER])
    assert read([other, edited]) == [OTHER, None]
    assert read([first, edited]) == [ONE, TWO]


def test_texts_of_the_first_format_are_read() -> None:
    def mark(text: str) -> str:
        return f"{crc32(text.encode()):08x}{len(text):x}"

    whole = {"mark": mark(ONE), "whole": ONE}
    edited = {"mark": mark(TWO), "before": whole["mark"], "edit": [4, 5, "2"]}
    assert read([whole, edited, {"mark": edited["mark"]}]) == [ONE, TWO, TWO]
    assert read([whole, {**edited, "edit": [4, 5, "3"]}]) == [ONE, None]
