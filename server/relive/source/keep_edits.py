"""How a text is edited so that a form is kept, or no longer is: the comment `# relive: keep`."""

from __future__ import annotations

import re

from relive.source.forms import Form
from relive.source.positions import LineTable, Range

COMMENT = "# relive: keep"
_WORDS = re.compile(r"([ \t]*)#[ \t]*[Rr]elive:[ \t]*(\w+(?:[ \t]*,[ \t]*\w+)*).*$")

Edit = tuple[Range, str]
"""A range and the text to put in its place."""


def marked(text: str, form: Form) -> Edit:
    """Return the edit that marks a form: behind its code, or above if it has several lines."""
    first, last = form.range.start[0], form.range.end[0]
    line = LineTable(text).lines[first]
    if first == last:
        end = (first, len(line.rstrip()))
        return Range(end, (first, len(line))), f"  {COMMENT}"
    indentation = line[: len(line) - len(line.lstrip())]
    return Range((first, 0), (first, 0)), f"{indentation}{COMMENT}\n"


def unmarked(text: str, form: Form) -> list[Edit]:
    """Return the edits that take a form's mark away; what else the comment asks for stays."""
    lines = LineTable(text).lines
    first = form.range.start[0]
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    found = (_unmarked_line(lines, number) for number in range(first, form.range.end[0] + 1))
    return [edit for edit in found if edit is not None]


def _unmarked_line(lines: tuple[str, ...] | list[str], number: int) -> Edit | None:
    line = lines[number]
    match = _WORDS.search(line)
    words = [] if match is None else re.split(r"[ \t]*,[ \t]*", match[2])
    others = [word for word in words if word.lower() != "keep"]
    if match is None or len(others) == len(words):
        return None
    if others:
        return Range((number, match.start(2)), (number, match.end(2))), ", ".join(others)
    if not line[: match.start()].strip() and number + 1 < len(lines):
        return Range((number, 0), (number + 1, 0)), ""
    return Range((number, match.start()), (number, len(line))), ""
