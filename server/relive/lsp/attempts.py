"""The last try to redefine each definition, as far as it failed: which text, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from relive.lsp import protocol
from relive.lsp.documents import Document, Snapshot, file_of
from relive.lsp.error_protocol import ErrorInfo
from relive.source.definitions import Definition, definition_at, definitions, named


class Attempts:
    """Why texts of definitions are not what runs, though somebody wanted it."""

    def __init__(self) -> None:
        self._failed: dict[tuple[str, str], tuple[str, str]] = {}
        """The mark of the text and the reason, by file and name."""

    def reason(self, document: Document, definition: Definition) -> str | None:
        """Return why this very text of a definition was refused, or what it raised."""
        mark, reason = self._failed.get((document.file, definition.name), (None, None))
        return reason if mark == definition.fingerprint else None

    def note(
        self, texts: Sequence[Snapshot], name: str | None, told: protocol.Redefinition
    ) -> None:
        """Take in the receipt of a redefinition of `texts`; `name`: of one definition of them."""
        for text in texts:
            self._forget(text, name)
        for change in told.definitions:
            if change.outcome == "refused" and change.reason is not None:
                self._note(_meant(texts, change), change.name, change.reason)
        if told.error is not None:
            self._note_error(texts[0], name, told.error)
        for each in told.left_out or ():
            broken = _of_file(texts, each.uri)
            if broken is not None and each.error is not None:
                self._note_error(broken, None, each.error)

    def _forget(self, text: Snapshot, name: str | None) -> None:
        file = text.document.file
        for key in [key for key in self._failed if key[0] == file and name in (None, key[1])]:
            del self._failed[key]

    def _note(self, text: Snapshot | None, name: str, reason: str) -> None:
        if text is not None:
            for each in named(text.table.text, name):
                self._failed[text.document.file, name] = (each.fingerprint, reason)

    def _note_error(self, text: Snapshot, name: str | None, error: ErrorInfo) -> None:
        """Note the definition that the error is in: the one that was asked for, or by its lines."""
        said = f"{error.type}: {error.message}" if error.message else error.type
        for each in _blamed(text, name, error):
            self._note(text, each, said)


def _meant(texts: Iterable[Snapshot], change: protocol.DefinitionChange) -> Snapshot | None:
    if change.uri is not None:
        return _of_file(texts, change.uri)
    return next((each for each in texts if named(each.table.text, change.name)), None)


def _of_file(texts: Iterable[Snapshot], uri: str) -> Snapshot | None:
    file = file_of(uri)
    return next((each for each in texts if each.document.file == file), None)


def _blamed(text: Snapshot, name: str | None, error: ErrorInfo) -> list[str]:
    if name is not None:
        return [name]
    lines = [
        frame.line
        for frame in error.frames
        if frame.uri is not None and file_of(frame.uri) == text.document.file
    ]
    if error.range is not None:
        lines.append(error.range.start.line)
    for line in reversed(lines):
        found = definition_at(text.table.text, (line, 0))
        if found is not None:
            return [_reachable(text, found)]
    return []


def _reachable(text: Snapshot, definition: Definition) -> str:
    """Return the name of what can be redefined around what is inside a function."""
    outer = definition.name.partition(".<locals>")[0]
    known = {each.name for each in definitions(text.table.text)}
    return outer if outer in known else definition.name
