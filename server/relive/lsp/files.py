"""Texts of files on disk, as Python decodes them."""

from __future__ import annotations

import tokenize


def load(file: str) -> str:
    """Return the text of `file`, newlines LF.

    Raises:
        OSError: it is not there, or must not be read.
        SyntaxError, UnicodeDecodeError: it is not in the encoding that it says it is in.
    """
    with tokenize.open(file) as stream:
        return stream.read()


def read(file: str) -> str | None:
    """Return the text of `file`, newlines LF; None if there is none that can be read."""
    try:
        return load(file)
    except (OSError, SyntaxError, ValueError):
        return None
