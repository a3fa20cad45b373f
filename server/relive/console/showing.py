"""Values, errors and changes in words, as they are printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from relive.console.client import Json

_LONGEST_COLOURED = 50_000
"""Characters of a traceback beyond which colours are not worth the wait."""
_CUT = re.compile(r"…( [\d,]+ (more|in all))?$")
"""How a text ends that is not the whole one."""


def value(told: Json) -> str:
    """Return a value's text, and what it lacks."""
    if not told["truncated"]:
        return str(told["text"])
    text = str(told["detail"] or told["text"])
    return f"{text}\n… not all of it: %whole shows the rest" if _CUT.search(text) else text


def is_none(told: Json | None) -> bool:
    """Return whether there is nothing to print."""
    return told is None or (told["type"] == "NoneType" and told["text"] == "None")


def error(told: Json, *, colours: bool) -> str:
    """Return an error as the interpreter prints it."""
    text = str(told["traceback"] or f"{told['type']}: {told['message']}").rstrip("\n")
    return coloured_traceback(text) if colours else text


def coloured_traceback(text: str) -> str:
    """Return a traceback with colours for a terminal."""
    if len(text) > _LONGEST_COLOURED:
        return text
    # Late: only errors need it, and a start counts.
    from pygments import highlight
    from pygments.formatters.terminal import TerminalFormatter
    from pygments.lexers.python import PythonTracebackLexer

    return str(highlight(text, PythonTracebackLexer(), TerminalFormatter())).rstrip("\n")


def redefinition(told: Json) -> list[str]:
    """Return what became of definitions, a line each."""
    changed = [each for each in told["definitions"] if each["outcome"] != "unchanged"]
    lines = [_definition(each) for each in changed]
    if told["error"] is not None:
        return [*lines, f"nothing has changed: {_brief(told['error'])}"]
    return lines or ["nothing to redefine: what runs is what the text says"]


def _definition(told: Json) -> str:
    counts = (
        _count(told["functionsUpdated"], "function"),
        _count(told["instancesUpdated"], "instance"),
        _count(told["referencesUpdated"], "reference"),
    )
    reached = ", ".join(each for each in counts if each)
    reason = told.get("reason")
    more = "; ".join(each for each in (reached, reason) if each)
    return f"{told['outcome']} {told['name']}" + (f" ({more})" if more else "")


def _count(number: int, what: str) -> str:
    return "" if not number else f"{number:,} {what}{'' if number == 1 else 's'}"


def _brief(told: Json) -> str:
    return f"{told['type']}: {told['message']}"


def table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Return rows as lines, their columns below each other, the last as long as it is."""
    found = list(rows)
    if not found:
        return []
    widths = [max(len(row[n]) for row in found) for n in range(len(found[0]) - 1)]
    pad: Callable[[Any], str] = lambda row: "  ".join(  # noqa: E731
        [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]
    )
    return [pad(row).rstrip() for row in found]
