"""Comments that say something to Relive about a form: `# relive: nolog`, `# relive: keep`.

A pragma stands behind any of the form's lines, or alone on a line just before it. Code that does
not parse is taken as it looks: there a pragma counts wherever it can be read, since what
it keeps secret must not get out while somebody types.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from relive.source import margins
from relive.source.forms import Form, top_level_forms
from relive.source.outline import kept_by_text
from relive.source.positions import LineTable

if TYPE_CHECKING:
    from collections.abc import Sequence

Pragma = Literal["nolog", "keep"]

_MENTION = "elive:"
_PRAGMA = re.compile(r"#[ \t]*[Rr]elive:[ \t]*(\w+(?:[ \t]*,[ \t]*\w+)*)")


def forms_with(text: str, pragma: Pragma) -> tuple[Form, ...]:
    """Return the top-level forms that have the pragma."""
    return _forms_with(text, pragma) if mentions(text) else ()  # most texts do not


def mentions(text: str) -> bool:
    """Whether there may be a pragma in a text, told without reading it as code."""
    return margins.mentions(text, _MENTION)


@kept_by_text
def _forms_with(text: str, pragma: Pragma) -> tuple[Form, ...]:
    found = _lines_with(text, pragma)
    if not found:
        return ()
    from relive.source.lexical import inside_strings  # late: it loads parso

    lines = LineTable(text).lines
    strings = inside_strings(lines, [*found.items()])
    comments = {line for line, column in found.items() if (line, column) not in strings}
    return tuple(form for form in top_level_forms(text) if _has(form, lines, found, comments))


def blanked(text: str, pragma: Pragma) -> str:
    """Return the text with nothing on the lines of the forms that have the pragma."""
    hidden = lines_of(forms_with(text, pragma))
    if not hidden:
        return text
    ends = re.split(r"(\r\n|\r|\n)", text)
    ends[::2] = ["" if number in hidden else line for number, line in enumerate(ends[::2])]
    return "".join(ends)


def lines_of(forms: Sequence[Form]) -> set[int]:
    """Return the lines that forms stand on."""
    return {line for form in forms for line in range(form.range.start[0], form.range.end[0] + 1)}


def _lines_with(text: str, pragma: Pragma) -> dict[int, int]:
    """Return on which lines the pragma can be read, and in which column."""
    found = {}
    for number, line in enumerate(LineTable(text).lines):
        for match in _PRAGMA.finditer(line):
            if pragma in re.split(r"[ \t,]+", match[1].lower()):
                found[number] = match.start()
    return found


def _has(form: Form, lines: Sequence[str], found: dict[int, int], comments: set[int]) -> bool:
    start, end = form.range.start[0], form.range.end[0]
    counting: set[int] = {*found} if form.kind == "broken" else comments
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    while form.kind == "broken" and end + 1 < len(lines) and lines[end + 1].lstrip()[:1] == "#":
        end += 1
    return not counting.isdisjoint(range(start, end + 1))
