"""From the worker's messages to the session's answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime, timezone
from functools import lru_cache, partial
from typing import Any

from relive.session.answers import Kept, StatementResult, Value, file_uri
from relive.session.definition_answers import (
    DefinitionChange,
    LeftOut,
    LiveDefinitions,
    Patch,
    Patches,
    Redefinition,
    RunningFile,
    RunningText,
    Undo,
)
from relive.session.errors import MAX_ENTRIES, cut, to_error, to_range
from relive.session.late import Late
from relive.session.marks import Marks
from relive.session.settings import Settings
from relive.source.margins import margin
from relive.source.positions import Range

_MAX_TEXT = 20_000
"""Characters of the text of a definition that a receipt repeats: the worker sends no more."""
_MARGIN = 200
"""A longer text may end a little beyond its limit, with the ends of what it had begun."""


def to_result(data: dict[str, Any], settings: Settings, number: str) -> StatementResult:
    """Return a wire StatementResult as an answer."""
    value = data["value"]
    return StatementResult(
        id=number,
        range=to_range(data["span"]),
        value=None if value is None else to_value(value, settings),
        duration_ms=_milliseconds(data["seconds"]),
        origin="dependency" if data["dependency"] else "requested",
        kept=None if data["kept"] is None else _to_kept(data["kept"]),
    )


def _to_kept(data: dict[str, Any]) -> Kept:
    at, seconds, reason = data["at"], data["seconds"], data["reason"]
    return Kept(
        state=data["state"],
        reason=None if reason is None else cut(reason),
        at=None if at is None else _iso(at),
        took_ms=None if seconds is None else _milliseconds(seconds),
    )


def _iso(seconds: float) -> str | None:
    """Return a time as ISO 8601; None for what is none, whatever a worker says."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return None


def to_value(data: dict[str, Any], settings: Settings) -> Value:
    """Return a wire Value as an answer, within the limits of the settings whatever it is."""
    text, detail = data["text"], data["detail"]
    limit, hover_limit = settings.result_max_length, settings.hover_max_length
    return Value(
        text=text[:limit],
        type=cut(data["type"]),
        truncated=data["truncated"] or len(text) > limit,
        mimes=tuple(cut(mime) for mime in data["mimes"][:MAX_ENTRIES]),
        ref=cut(data["ref"]),
        length=data["length"],
        detail=None if detail is None else detail[: hover_limit + _MARGIN],
        summary=None if data["summary"] is None else data["summary"][:_MARGIN],
        has_table=data["has_table"] or None,
        has_children=data["has_children"] or None,
    )


def to_redefinition(data: dict[str, Any], documents: Mapping[str, str]) -> Redefinition:
    """Return a wire Redefined as an answer; `documents` are the texts that were sent, by file."""
    file, document = next(iter(documents.items()), (None, None))
    if data["error"] is not None:
        return Redefinition(status="error", error=to_error(data["error"], file, document))
    places = {each: CodeLines(text, len(data["changes"])) for each, text in documents.items()}
    changes = tuple(_to_change(each, each["file"] or file, places) for each in data["changes"])
    others = sum(len(each["names"]) for each in data["unchanged"])
    definitions = Late(changes, partial(_all_unchanged, data["unchanged"], documents))
    all_ = len(changes) + others + data["untold"]
    broken = tuple(_to_left_out(each) for each in data["left_out"])
    if not broken:
        return Redefinition(_overall(changes, all_), definitions)
    if not all_:
        return Redefinition("error", error=broken[0].error, left_out=broken)
    return Redefinition("partial", definitions, left_out=broken)


def as_undo(receipt: Redefinition) -> Undo:
    """Return the receipt of an undo that is one already, or of one that was not carried out."""
    told = {each.name: getattr(receipt, each.name) for each in fields(receipt)}
    return Undo(**told)


def to_undo(data: dict[str, Any]) -> Undo:
    """Return a wire Undone as an answer."""
    undone = None if data["undone"] is None else cut(data["undone"])
    return replace(as_undo(to_redefinition(data, {})), undone=undone, left=data["left"])


def to_running(data: list[dict[str, Any]] | None) -> tuple[RunningFile, ...]:
    """Return what the wire says of running files as an answer."""
    return tuple(
        RunningFile(
            each["file"], each["whole"], tuple(RunningText(**text) for text in each["texts"])
        )
        for each in data or ()
    )


def to_live_definitions(
    data: dict[str, dict[str, Any]] | None, known: Mapping[str, LiveDefinitions]
) -> dict[str, LiveDefinitions]:
    """Return the wire's LiveDefinitions by file as answers; `known` is what they are news to."""
    return {file: _to_live(each, known.get(file)) for file, each in (data or {}).items()}


def _to_live(data: dict[str, Any], known: LiveDefinitions | None) -> LiveDefinitions:
    told = {**data, "patched": frozenset(data["patched"])}
    since, marks = told.pop("since"), told.pop("fingerprints")
    if since is None or known is None:
        return LiveDefinitions(Marks(marks), **told)
    return LiveDefinitions(known.fingerprints.with_news(marks), **told)


def to_patches(data: list[dict[str, Any]] | None) -> Patches:
    """Return the wire's list of patches as an answer."""
    return Patches(tuple(Patch(**each) for each in data or ()))


def _to_left_out(data: dict[str, Any]) -> LeftOut:
    file = data["file"]
    return LeftOut(file_uri(file) or file, to_error(data["error"], file, None))


def _to_change(
    data: dict[str, Any], file: str | None, places: Mapping[str, CodeLines]
) -> DefinitionChange:
    lines = places.get(file or "")
    return DefinitionChange(
        name=data["name"],
        kind=data["kind"],
        outcome=data["outcome"],
        reason=data["reason"],
        functions_updated=data["functions"],
        instances_updated=data["instances"],
        references_updated=data["references"],
        at_least=data["at_least"],
        uri=_uri(file),
        range=None if lines is None else lines.code_on(data["line"]),
        patch=data["patch"],
        before=None if data["before"] is None else data["before"][:_MAX_TEXT],
    )


def _all_unchanged(
    data: list[dict[str, Any]], documents: Mapping[str, str]
) -> Iterator[DefinitionChange]:
    first, asked = next(iter(documents), None), sum(len(each["names"]) for each in data)
    places = {each: CodeLines(text, asked) for each, text in documents.items()}
    for each in data:
        yield from _to_unchanged(each, each["file"] or first, places)


def _to_unchanged(
    data: dict[str, Any], file: str | None, places: Mapping[str, CodeLines]
) -> Iterator[DefinitionChange]:
    lines, uri, patched = places.get(file or ""), _uri(file), set(data["patched"])
    for name, kind, line in zip(data["names"], data["kinds"], data["lines"], strict=False):
        yield DefinitionChange(
            name,
            kind,
            "unchanged",
            uri=uri,
            range=None if lines is None else lines.code_on(line),
            patch="patched" if name in patched else None,
        )


_uri = lru_cache(maxsize=2)(file_uri)
"""The changes of one file come one after the other."""


class CodeLines:
    """Where code is on the lines of a text: a long one is cut only for many of them."""

    _MANY = 20

    def __init__(self, text: str, asked: int) -> None:
        """Be ready to be asked that often."""
        self._text = text
        self._lines = text.split("\n") if asked > self._MANY else None

    def code_on(self, line: int | None) -> Range | None:
        """Return the code on a line, without what it is indented by; None if it does not exist."""
        text = None if line is None else self._line(line)
        if text is None or line is None:
            return None
        code = text.rstrip()
        return Range((line, len(code) - len(code.lstrip())), (line, len(code)))

    def _line(self, line: int) -> str | None:
        if self._lines is None:
            return margin(self._text).lines.line(line)
        return self._lines[line] if 0 <= line < len(self._lines) else None


def _overall(changes: tuple[DefinitionChange, ...], all_: int) -> Any:
    """Return what a redefinition of `all_` definitions came to; what is not told is unchanged."""
    refused = sum(change.outcome == "refused" for change in changes)
    if not refused:
        return "ok"
    return "refused" if refused == all_ else "partial"


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
