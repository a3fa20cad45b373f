"""Text without what was drawn over: progress bars make thousands of lines of which one is seen."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_REDRAW = re.compile(r"\r?\x1b\[2K((?:\x1b\[1?A\x1b\[2K)+)")
"""Lines erased from the last one up, to be drawn anew: as libraries do that draw several bars."""


def drawn(text: str) -> str:
    """Return `text` without what it draws over itself; a terminal shows the same of both."""
    if "\x1b[2K" in text:
        text = _without_erased(text)
    if "\r" not in text:
        return text
    before, some, rest = text.partition("\r")  # what is before it may end a line begun earlier
    first, *lines = rest.split("\n")
    return before + some + "\n".join(map(_without_overwritten, [first, *lines]))


def _without_erased(text: str) -> str:
    lines, at = [""], 0
    for match in _REDRAW.finditer(text):
        _write(lines, text[at : match.start()])
        at = match.end()
        erased = match[1].count("A")
        if erased < len(lines):
            lines[-erased - 1 :] = [""]
        else:  # lines of before this text: they are not ours to drop
            _write(lines, match[0])
    _write(lines, text[at:])
    return "\n".join(lines)


def _write(lines: list[str], text: str) -> None:
    first, *others = text.split("\n")
    lines[-1] += first
    lines += others


def _without_overwritten(line: str) -> str:
    """Drop the states of a line that later ones cover whole."""
    states = line.split("\r")
    kept = [states.pop()]
    if states and not kept[0]:  # CRLF, or a return whose text comes later
        kept.append(states.pop())
    widest = max(map(_width, kept))
    while states:
        state = states.pop()
        if _width(state) > widest:
            kept.append(state)
            widest = _width(state)
    return "\r".join(reversed(kept))


def _width(state: str) -> int:
    return len(_CONTROL.sub("", state) if "\x1b" in state else state)
