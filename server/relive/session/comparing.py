"""Process and disk compared: every definition of loaded files in which they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from relive.session.answers import Answer, file_uri
from relive.session.definition_answers import RunningFile
from relive.source.comparing import differences
from relive.source.outline import is_whole
from relive.source.quick_dataclasses import dataclass


@dataclass(frozen=True)
class Difference(Answer):
    """A definition that the process runs otherwise than the file on disk says."""

    file: str
    name: str
    kind: str
    line: int
    """0-based, on disk; of one that is not there, in the text that runs."""
    running: str | None
    """The text that runs; None: the process has no such definition."""
    disk: str | None
    """The text on disk; None: the file has no such definition, or is gone."""

    def to_json(self) -> dict[str, Any]:
        """Return it with its file as a URI."""
        told = super().to_json()
        return {"uri": file_uri(told.pop("file")), **told}


@dataclass(frozen=True)
class Comparison(Answer):
    """All definitions in which process and disk differ."""

    items: tuple[Difference, ...]
    unreadable: tuple[str, ...]
    """The files that could not be compared: they do not parse, or cannot be read."""

    def to_json(self) -> dict[str, Any]:
        """Return it with the files as URIs."""
        told = super().to_json()
        return {**told, "unreadable": [file_uri(file) for file in self.unreadable]}


def compared(running: Iterable[RunningFile], texts: Mapping[str, str | None]) -> Comparison:
    """Compare what runs with the texts of its files; a file that is gone says nothing."""
    items: list[Difference] = []
    unreadable = []
    for each in running:
        text = texts[each.file]
        if text is None and not Path(each.file).exists():
            text = ""
        if text is None or not is_whole(text):
            unreadable.append(each.file)
            continue
        items += [
            Difference(each.file, found.name, found.kind, found.line, found.running, found.said)
            for found in differences(each.texts, text, whole=each.whole)
        ]
    return Comparison(tuple(items), tuple(unreadable))
