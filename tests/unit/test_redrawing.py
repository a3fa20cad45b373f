"""What a terminal would show of text that draws over itself."""

from __future__ import annotations

import pytest

from relive.session.redrawing import drawn

RED, UP = "\x1b[31m", "\x1b[1A\x1b[2K"
CASES = {
    "nothing": ("a\nb\n", "a\nb\n"),
    "a bar": ("\r 1%\r 2%\r 3%", "\r 3%"),
    "a bar that is done": ("a\n0%\r1%\r100%\nb\n0%\r100%\nc\n", "a\n0%\r100%\nb\n100%\nc\n"),
    "what follows the beginning of a line": ("1%\r2%\r3%", "1%\r3%"),
    "a longer state shows behind a shorter": ("abcdef\rxy", "abcdef\rxy"),
    "a shorter one between is gone": ("abcdef\rxyz\rxy\rpqrs", "abcdef\rpqrs"),
    "line ends of Windows": ("a\r\nb\r\n", "a\r\nb\r\n"),
    "a return whose line comes later": ("\r1%\r2%\r", "\r2%\r"),
    "colours take no room": (f"\r{RED}12\x1b[0m\r345", "\r345"),
    "two lines drawn anew": (f"a\nb\r\x1b[2K{UP}c\nd\r\x1b[2K{UP}e\nf\n", "e\nf\n"),
    "lines of before": (f"b\r\x1b[2K{UP}{UP}c", f"b\r\x1b[2K{UP}{UP}c"),
}


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES.keys())
def test_what_was_drawn_over_is_gone(text: str, wanted: str) -> None:
    assert drawn(text) == wanted
