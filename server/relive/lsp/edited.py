"""What redefinitions have changed in the process of a session, by what they told of it.

It is for code that ran while nothing watched it, of which no unit tells what it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relive.lsp import protocol
from relive.lsp.documents import Snapshot
from relive.source import definitions
from relive.source.forms import form_at

_DONE = ("redefined", "added", "removed")


class Edited:
    """The definitions and names that one process has otherwise than it was loaded with."""

    def __init__(self) -> None:
        self._pid: int | None = None
        self._before: dict[str, dict[str, str | None]] = {}
        """By file and name: the text that was loaded, of a definition."""

    def note(self, pid: int | None, texts: Iterable[Snapshot], told: protocol.Redefinition) -> None:
        """Take in what a redefinition of some texts told."""
        if pid != self._pid:
            self._pid, self._before = pid, {}
        by_uri = {each.document.uri: each for each in texts}
        for change in told.definitions:
            text = by_uri.get(change.uri or "")
            if text is not None and change.outcome in _DONE:
                known = self._before.setdefault(text.document.file, {})
                for name in _names(change, text):
                    known.setdefault(name, change.before)

    def of(self, pid: int | None, file: str, text: str) -> dict[str, str | None]:
        """Return what a file that says `text` has otherwise, with the texts that were loaded."""
        known = self._before.get(file, {}) if pid == self._pid else {}
        return {name: was for name, was in known.items() if was is None or not _is(text, name, was)}


def _names(change: protocol.DefinitionChange, text: Snapshot) -> Iterator[str]:
    if change.kind != "statement" or change.range is None:
        yield change.name
    else:
        form = form_at(text.table.text, (change.range.start.line, 0))
        yield from () if form is None else form.binds


def _is(text: str, name: str, source: str) -> bool:
    return any(each.source == source for each in definitions.named(text, name))
