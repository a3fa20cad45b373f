"""Texts of files, and definitions cut out of them, as a redefinition gets them."""

from __future__ import annotations

from typing import TypedDict


class File(TypedDict):
    """A file and its whole text."""

    file: str
    document: str


class Segment(TypedDict):
    """A definition cut out of its file."""

    text: str
    line: int
    scopes: list[list[str]]
    """Enclosing scopes, outermost first: `[kind, name]`, kind `class` or `function`."""
    is_asked: bool
    """Whether it is to be redefined; the others share its name."""
