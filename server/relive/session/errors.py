"""From the worker's exceptions to the session's errors, lines those of the texts as they are."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from relive.session.answers import Error, Frame, LinkedError, Local, Missing
from relive.source import definitions, dependencies
from relive.source.positions import Range, line_of

MAX_ENTRIES = 200
_MAX_LINKED = 50
_MAX_TEXT = 25_000
"""Above what a worker keeps its messages, tracebacks and stacks to: for one that does not."""
SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")


def to_error(data: dict[str, Any], file: str | None, document: str | None) -> Error:
    """Return a wire Error as an answer, its lines those of `document`, the text of `file` now."""
    same: Any = _told_of_all(data, file, document)
    tree = _tree(data["linked"][:_MAX_LINKED], file, document)
    error = Error(
        **same,
        causes=tree[0]["causes"],
        exceptions=tree[0]["exceptions"],
        range=_error_range(data, same["frames"], file),
        traceback=cut(data["traceback"]),
    )
    if data["name"] is not None and document is not None:
        error = _with_missing(error, data["name"], document)
    return error


def to_range(span: Sequence[int]) -> Range:
    """Return a wire span as a range."""
    return Range((span[0], span[1]), (span[2], span[3]))


def cut(text: str) -> str:
    """Return as much of a text of the worker's as is passed on."""
    return text[:_MAX_TEXT]


def _told_of_all(data: dict[str, Any], file: str | None, document: str | None) -> dict[str, Any]:
    """Return what is told of every exception alike."""
    return {
        "type": cut(data["type"]),
        "message": cut(data["message"]),
        "frames": tuple(to_frame(each, file, document) for each in data["frames"][:MAX_ENTRIES]),
        "notes": tuple(cut(note) for note in data["notes"][:MAX_ENTRIES]),
        "omitted": max(data["omitted"], 0),
    }


_Branches = dict[str, tuple[LinkedError, ...]]


def _tree(
    linked: list[dict[str, Any]], file: str | None, document: str | None
) -> dict[int, _Branches]:
    """Return the causes and members of each exception, by its number; 0 is the error itself."""
    found: dict[int, _Branches] = {
        number: {"causes": (), "exceptions": ()} for number in range(len(linked) + 1)
    }
    for number, data in reversed(list(enumerate(linked, 1))):  # what belongs to it came after it
        if not 0 <= data["of"] < number:
            continue
        same: Any = _told_of_all(data, file, document)
        own, owner = found[number], found[data["of"]]
        if data["how"] == "member":
            error = LinkedError(
                "member", **same, causes=own["causes"], exceptions=own["exceptions"]
            )
            owner["exceptions"] = (error, *owner["exceptions"])
        else:  # the causes of a cause follow it in one row
            error = LinkedError(data["how"], **same, exceptions=own["exceptions"])
            owner["causes"] = (error, *own["causes"])
    return found


def to_frame(data: dict[str, Any], file: str | None, document: str | None) -> Frame:
    """Return a wire Frame as an answer, its line that of `document`, the text of `file` now."""
    named = data["file"]
    # Code can give itself any name: only a path, or the very document, is one that can be opened.
    is_known = named == file or (Path(named).is_absolute() and "\0" not in named)
    span = data["span"]
    frame = Frame(
        file=named if is_known else None,
        name=cut(data["name"]),
        line=max(data["line"], 0),
        text=cut(data["text"]),
        place=None if data["place"] is None else (data["place"][0], data["place"][1]),
        range=None if span is None or min(span) < 0 else to_range(span),
        own=data["own"],
        locals=tuple(to_local(each) for each in data["locals"][:MAX_ENTRIES]),
        locals_omitted=max(data["locals_omitted"], 0),
        omitted=max(data["omitted"], 0),
    )
    if document is not None and frame.file == file:
        frame = place_in(frame, document)
    return frame


def to_local(data: dict[str, Any]) -> Local:
    """Return a wire Local as an answer."""
    return Local(cut(data["name"]), cut(data["text"]), data["truncated"])


def place_in(frame: Frame, document: str) -> Frame:
    """Return the frame with its line where the live definition's text stands in `document` now.

    A function keeps the line numbers it was loaded with; its text may have moved since, or have
    been edited: then nobody knows which part of the line failed.
    """
    definition = None if frame.place is None else definitions.find(document, frame.place[0])
    line = frame.line
    if definition is not None and frame.place is not None:
        line = definition.range.start[0] + frame.place[1]
    text = (line_of(document, line) or "").strip()
    range_ = frame.range if frame.text == text else None
    if range_ is not None:
        range_ = Range((line, range_.start[1]), (line, range_.end[1]))
    return dataclasses.replace(frame, line=line, text=frame.text or text, range=range_)


def _error_range(data: dict[str, Any], frames: tuple[Frame, ...], file: str | None) -> Range | None:
    if data["type"] in SYNTAX_ERRORS and data["span"]:
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
