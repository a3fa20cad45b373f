"""Cells: the parts of a text that comments such as `# %%` divide it into."""

from __future__ import annotations

import re

from relive.source.forms import top_level_forms
from relive.source.positions import Position, Range

_MARKER = re.compile(r"#\s*(%%|<codecell>|In\[(\d*|\s)\])")
"""As VS Code's own Python extension has it."""


def cell_at(text: str, position: Position) -> Range | None:
    """Return the code of the cell around the caret, from its first statement to its last.

    None: the text has no markers, or the cell no code. What is before the first marker is a cell.
    """
    lines = text.split("\n")
    markers = _markers(lines)
    if not markers:
        return None
    first = max((line for line in markers if line <= position[0]), default=0)
    end = min((line for line in markers if line > position[0]), default=len(lines))
    forms = [form for form in top_level_forms(text) if first <= form.range.start[0] < end]
    return Range(forms[0].range.start, forms[-1].range.end) if forms else None


def is_marker(text: str, line: int) -> bool:
    """Whether a cell begins with this line of `text`."""
    lines = text.split("\n")
    return _MARKER.match(lines[line]) is not None and line in _markers(lines)


def _markers(lines: list[str]) -> list[int]:
    """Return the lines that begin a cell; one inside a string is text like any other."""
    found = [number for number, line in enumerate(lines) if _MARKER.match(line)]
    if not found:
        return []
    from relive.source.lexical import string_lines  # late: it loads parso

    inside = string_lines(lines)
    return [line for line in found if line not in inside]
