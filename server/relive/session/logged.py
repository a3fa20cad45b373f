"""The change log's entries as others see them: with where their text stands now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import datetime, timezone
from typing import Any, Literal

from relive.changelog.entries import Change, Entry, Kind, Origin, Status
from relive.changelog.history import History
from relive.session.answers import OMIT_NONE, Answer, file_uri
from relive.source.definitions import named
from relive.source.effects import Effects, effects
from relive.source.positions import Position, Range, range_of
from relive.source.quick_dataclasses import dataclass
from relive.source.standing import definition_stands, line_of_definition, place_now

Texts = Callable[[str], "str | None"]
"""Returns the present text of a file; None: there is none."""

_TEXT_LENGTH = 2000
"""Characters of an entry's text that are told with it."""


@dataclass(frozen=True)
class EntryDefinition(Answer):
    """What became of one definition by what an entry is about."""

    file: str
    name: str
    kind: str
    outcome: str

    def to_json(self) -> dict[str, Any]:
        """Return it with its file as a URI."""
        told = super().to_json()
        return {"uri": file_uri(told.pop("file")), **told}


@dataclass(frozen=True)
class HistoryEntry(Answer):
    """An entry of the change log: something that ran, or changed what runs."""

    id: str
    session: str
    current: bool
    """Whether it is of the session that runs now."""
    life: int
    kind: Kind
    file: str | None
    range: Range | None
    """Where its text stands now, if it `stands`, else where it stood; None: in no document."""
    text: str
    """The code that ran; of a redefinition the definition's, or nothing for whole files."""
    text_truncated: bool
    name: str | None
    definitions: tuple[EntryDefinition, ...]
    at: str
    """ISO 8601."""
    origin: Origin
    status: Status | Literal["unknown"]
    """`unknown`: the log does not say how it ended: it was running when all ended, or runs now."""
    duration_ms: float | None
    effects: Effects
    stands: bool
    """Whether its text still stands in the file as it is now."""
    hidden: bool
    """Whether the log keeps its text out."""
    of: str | None = field(default=None, metadata=OMIT_NONE)
    """The entry that it replays or undoes."""
    error: str | None = field(default=None, metadata=OMIT_NONE)
    files: tuple[str, ...] | None = field(default=None, metadata=OMIT_NONE)
    """Of a redefinition of several files: all of them."""

    def to_json(self) -> dict[str, Any]:
        """Return the entry with its files as URIs."""
        told = super().to_json()
        told["uri"] = file_uri(told.pop("file"))
        if self.files is not None:
            told["uris"] = [file_uri(file) for file in told.pop("files")]
        return told


@dataclass(frozen=True)
class Standing:
    """Where the text of an entry is."""

    place: Position
    text: str
    stands: bool
    """Whether it is there still."""

    @property
    def range(self) -> Range:
        """From its beginning to its end."""
        return range_of(self.text, self.place)


def told(entry: Entry, texts: Texts, *, current: str | None, whole: bool = False) -> HistoryEntry:
    """Return an entry as others see it.

    Args:
        entry: the entry.
        texts: the present texts of files.
        current: the id of the session that runs now.
        whole: whether its text is told however long it is.
    """
    change, outcome = entry.change, entry.outcome
    standing = standing_of(change, texts)
    text = standing.text if standing is not None else change.text or ""
    return HistoryEntry(
        id=entry.id,
        session=entry.session,
        current=entry.session == current,
        life=entry.life,
        kind=change.kind,
        file=change.file,
        range=None if standing is None else standing.range,
        text=text if whole else text[:_TEXT_LENGTH],
        text_truncated=not whole and len(text) > _TEXT_LENGTH,
        name=change.action or change.name,
        definitions=_definitions(entry),
        at=iso(entry.at),
        origin=change.origin,
        status="unknown" if outcome is None else outcome.status,
        duration_ms=None if outcome is None else outcome.duration_ms,
        effects=effects_of(change),
        stands=_stands(change, standing, texts),
        hidden=entry.hidden,
        of=change.of,
        error=None if outcome is None else outcome.error,
        files=(change.file or "", *(file for file, _ in change.others)) if change.others else None,
    )


def effects_of(change: Change) -> Effects:
    """Return what running it again can do. What changes the image makes definitions."""
    if change.kind == "resume":
        return "unknown"  # the rest of what was held runs
    if change.kind != "evaluate":
        return "definition"
    return "unknown" if change.text is None else effects(change.text)


def is_news(entry: Entry) -> bool:
    """Whether it did something: a file that is saved is looked at though nothing has changed."""
    done = entry.outcome is not None and entry.outcome.status == "ok"
    return not (entry.change.unasked and done and not _definitions(entry))


def newest_news(
    history: History, file: str | None, at_once: int, before: str | None
) -> Iterator[Entry]:
    """Yield the entries that did something, newest first, reading so many at once."""
    while at_once and (found := history.newest(file, at_once, before=before)):
        yield from filter(is_news, found)
        before = found[-1].id


def standing_of(change: Change, texts: Texts) -> Standing | None:
    """Return where the text of a change is; None: it is in no document, or is whole files."""
    if change.kind == "evaluate":
        return _standing_code(change, texts)
    if change.kind == "redefine" and change.name is not None and change.document is not None:
        return _standing_definition(change, change.name, change.document, texts)
    return None


def iso(seconds: float) -> str:
    """Return a time since the epoch as ISO 8601."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds")


def _standing_code(change: Change, texts: Texts) -> Standing | None:
    if change.text is None or change.file is None or change.detached:
        return None
    place, now = (change.line, change.column), texts(change.file)
    found = None if now is None else place_now(change.text, place, change.document, now)
    return Standing(place if found is None else found, change.text, found is not None)


def _standing_definition(change: Change, name: str, then: str, texts: Texts) -> Standing | None:
    meant = [each for each in named(then, name) if change.at_line in (None, each.range.start[0])]
    if not meant:
        return None
    last, now = meant[-1], texts(change.file or "")
    stands = now is not None and definition_stands(name, change.at_line, then, now)
    line = last.range.start[0]
    if stands and now is not None:
        line = line_of_definition(name, line, then, now) or line
    return Standing((line, 0), last.source, stands)


def _stands(change: Change, standing: Standing | None, texts: Texts) -> bool:
    if standing is not None:
        return standing.stands
    whole_file = change.kind == "redefine" and change.name is None and change.file is not None
    return whole_file and all(
        texts(file) == document
        for file, document in ((change.file or "", change.document), *change.others)
    )


def _definitions(entry: Entry) -> tuple[EntryDefinition, ...]:
    done = () if entry.outcome is None else entry.outcome.definitions
    return tuple(EntryDefinition(each.file, each.name, each.kind, each.outcome) for each in done)
