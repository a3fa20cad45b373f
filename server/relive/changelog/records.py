"""Entries as the records of a log, and back.

A change of several files is several records, one in each file's log; the outcome follows in the
log of the first.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from relive.changelog.entries import Change, Defined, Entry, Lack, Outcome
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from relive.changelog.lines import Record
    from relive.changelog.places import Places

_PLAIN = [
    field for field in fields(Change) if field.name not in ("kind", "document", "others", "file")
]


@dataclass(frozen=True)
class Heading:
    """What every part of an entry says."""

    number: int
    life: int
    at: int
    """In milliseconds since the epoch."""
    hidden: bool = False
    lacks: Lack | None = None


def part_of(change: Change, heading: Heading, part: int, places: Places) -> Record:
    """Return the record of a change for the log of one of its files; its document is not in it.

    Args:
        change: what is to run.
        heading: what its entry is called.
        part: 0 for the change's own file, then the others in their order.
        places: what the log calls files.
    """
    record: Record = {"entry": heading.number, "life": heading.life, "at": heading.at}
    record["kind"] = change.kind
    if change.others:
        record["part"] = [part, 1 + len(change.others)]
        record["of_file"] = places.stored(change.file)
    if heading.hidden:
        record["hidden"] = True
    if heading.lacks:
        record["lacks"] = heading.lacks
    for field in _PLAIN:
        value = getattr(change, field.name)
        if value != field.default:
            record[field.name] = value
    return record


def outcome_of(number: int, outcome: Outcome, places: Places) -> Record:
    """Return the record of an outcome."""
    record: Record = {"outcome": number, "status": outcome.status, "ms": outcome.duration_ms}
    if outcome.error is not None:
        record["error"] = outcome.error
    if outcome.module is not None:
        record["module"] = outcome.module
    if outcome.passed:
        record["passed"] = outcome.passed
    if outcome.definitions:
        record["definitions"] = [
            {**asdict(each), "file": places.stored(each.file)} for each in outcome.definitions
        ]
    return record


@dataclass(frozen=True)
class Part:
    """What one log tells of an entry."""

    record: Record
    file: str | None
    document: str | None
    outcome: Record | None

    @property
    def number(self) -> int:
        """The entry's."""
        return int(self.record["entry"])


def entry_of(session: str, parts: list[Part], places: Places) -> Entry:
    """Return the entry that these parts, of one number, are of.

    If not all of its parts are given, it tells of the files of those alone.
    """
    parts = sorted(parts, key=_place_of)
    first = parts[0].record
    ending = next((part.outcome for part in parts if part.outcome is not None), None)
    damaged = any("document" in part.record and part.document is None for part in parts)
    return Entry(
        session=session,
        number=first["entry"],
        life=first["life"],
        at=first["at"] / 1000,
        change=_change(parts, places),
        outcome=None if ending is None else _outcome(ending, places),
        hidden=first.get("hidden", False),
        lacks="damage" if damaged else first.get("lacks"),
    )


def is_whole(parts: list[Part]) -> bool:
    """Whether no part of an entry is missing."""
    _, count = parts[0].record.get("part", (0, 1))
    return len(parts) == int(count)


def _place_of(part: Part) -> int:
    return int(part.record.get("part", [0])[0])


def _change(parts: list[Part], places: Places) -> Change:
    first = parts[0].record
    has_own = _place_of(parts[0]) == 0
    others = parts[1:] if has_own else parts
    return Change(
        kind=first["kind"],
        file=places.resolved(parts[0].file if has_own else first["of_file"]),
        document=parts[0].document if has_own else None,
        others=tuple((places.resolved(each.file) or "", each.document or "") for each in others),
        **{field.name: first[field.name] for field in _PLAIN if field.name in first},
    )


def _outcome(record: Record, places: Places) -> Outcome:
    definitions = record.get("definitions", ())
    return Outcome(
        status=record["status"],
        duration_ms=record["ms"],
        error=record.get("error"),
        module=record.get("module"),
        definitions=tuple(
            Defined(**{**each, "file": places.resolved(each["file"])}) for each in definitions
        ),
        passed=record.get("passed", 0),
    )
