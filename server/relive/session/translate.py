"""From the worker's messages to the session's answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from relive.session.answers import (
    DefinitionChange,
    Error,
    Frame,
    LeftOut,
    LiveDefinitions,
    Missing,
    Patch,
    Patches,
    Redefinition,
    StatementResult,
    Value,
    file_uri,
)
from relive.session.settings import Settings
from relive.source import definitions, dependencies
from relive.source.positions import Range, line_of

_MAX_TEXT = 25_000
_MAX_ENTRIES = 200
"""Above what a worker keeps its messages, tracebacks and stacks to: for one that does not."""
_MARGIN = 200
"""A longer text may end a little beyond its limit, with the ends of what it had begun."""


def to_range(span: list[int]) -> Range:
    """Return a wire span as a range."""
    return Range((span[0], span[1]), (span[2], span[3]))


def to_result(data: dict[str, Any], settings: Settings) -> StatementResult:
    """Return a wire StatementResult as an answer."""
    value = data["value"]
    return StatementResult(
        range=to_range(data["span"]),
        value=None if value is None else to_value(value, settings),
        duration_ms=_milliseconds(data["seconds"]),
        origin="dependency" if data["dependency"] else "requested",
    )


def to_value(data: dict[str, Any], settings: Settings) -> Value:
    """Return a wire Value as an answer, within the limits of the settings whatever it is."""
    text, detail = data["text"], data["detail"]
    limit, hover_limit = settings.result_max_length, settings.hover_max_length
    return Value(
        text=text[:limit],
        type=_cut(data["type"]),
        truncated=data["truncated"] or len(text) > limit,
        mimes=tuple(_cut(mime) for mime in data["mimes"][:_MAX_ENTRIES]),
        ref=_cut(data["ref"]),
        length=data["length"],
        detail=None if detail is None else detail[: hover_limit + _MARGIN],
        summary=None if data["summary"] is None else data["summary"][:_MARGIN],
        has_table=data["has_table"] or None,
        has_children=data["has_children"] or None,
    )


def to_error(data: dict[str, Any], file: str | None, document: str | None) -> Error:
    """Return a wire Error as an answer, its lines those of `document`, the text of `file` now."""
    told = data["frames"][:_MAX_ENTRIES]
    frames = tuple(_to_frame(each, file, document) for each in told)
    error = Error(
        type=_cut(data["type"]),
        message=_cut(data["message"]),
        frames=frames,
        notes=tuple(_cut(note) for note in data["notes"][:_MAX_ENTRIES]),
        range=_error_range(data, frames, file),
        traceback=_cut(data["traceback"]),
    )
    if data["name"] is not None and document is not None:
        error = _with_missing(error, data["name"], document)
    return error


def to_redefinition(data: dict[str, Any], documents: Mapping[str, str]) -> Redefinition:
    """Return a wire Redefined as an answer; `documents` are the texts that were sent, by file."""
    file, document = next(iter(documents.items()), (None, None))
    if data["error"] is not None:
        return Redefinition(status="error", error=to_error(data["error"], file, document))
    places = {each: CodeLines(text, len(data["changes"])) for each, text in documents.items()}
    changes = tuple(_to_change(each, each["file"] or file, places) for each in data["changes"])
    broken = tuple(_to_left_out(each) for each in data["left_out"])
    if not broken:
        return Redefinition(status=_overall(changes), definitions=changes)
    if not changes:
        return Redefinition("error", error=broken[0].error, left_out=broken)
    return Redefinition("partial", changes, left_out=broken)


def to_live_definitions(data: dict[str, Any] | None) -> LiveDefinitions | None:
    """Return a wire LiveDefinitions as an answer."""
    if data is None:
        return None
    return LiveDefinitions(data["fingerprints"], frozenset(data["patched"]))


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
            return line_of(self._text, line)
        return self._lines[line] if 0 <= line < len(self._lines) else None


def _overall(changes: tuple[DefinitionChange, ...]) -> Any:
    refused = [change for change in changes if change.outcome == "refused"]
    if not refused:
        return "ok"
    return "refused" if len(refused) == len(changes) else "partial"


def _to_frame(data: dict[str, Any], file: str | None, document: str | None) -> Frame:
    named = data["file"]
    # Code can give itself any name: only a path, or the very document, is one that can be opened.
    is_known = named == file or (Path(named).is_absolute() and "\0" not in named)
    frame = Frame(
        file=named if is_known else None,
        name=_cut(data["name"]),
        line=max(data["line"], 0),
        text=_cut(data["text"]),
        place=None if data["place"] is None else (data["place"][0], data["place"][1]),
    )
    if document is not None and frame.file == file:
        frame = place_in(frame, document)
    return frame


def place_in(frame: Frame, document: str) -> Frame:
    """Return the frame with its line where the live definition's text stands in `document` now.

    A function keeps the line numbers it was loaded with; its text may have moved since.
    """
    if frame.place is None:
        return frame
    name, offset = frame.place
    definition = definitions.find(document, name)
    if definition is None:
        return frame
    line = definition.range.start[0] + offset
    lines = document.split("\n")
    text = lines[line].strip() if line < len(lines) else frame.text
    return dataclasses.replace(frame, line=line, text=text)


def _error_range(data: dict[str, Any], frames: tuple[Frame, ...], file: str | None) -> Range | None:
    if data["type"] in ("SyntaxError", "IndentationError", "TabError") and data["span"]:
        return to_range(data["span"])
    for frame in reversed(frames):
        if frame.file is not None and frame.file == file:
            return Range((frame.line, 0), (frame.line, 0))
    return None


def _with_missing(error: Error, name: str, document: str) -> Error:
    form = dependencies.assignment_of(document, name)
    if form is None:
        return error
    line = form.range.start[0]
    note = f"{name!r} is assigned on line {line + 1}, which has not been evaluated"
    return dataclasses.replace(error, missing=Missing(name, line), notes=(*error.notes, note))


def _cut(text: str) -> str:
    return text[:_MAX_TEXT]


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
