"""An error as a diagnostic: what it says, and where else it went through."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from relive.lsp import error_protocol

SOURCE = "Relive"
_MAX_MESSAGE = 2000
"""A list of problems shows one line of it, and a hover a few more."""
_MAX_RELATED = 20
_MAX_LINE = 200


def diagnostic(
    error: error_protocol.ErrorInfo,
    uri: str,
    range_: types.Range,
    evaluation: int | None,
    token: str | None,
) -> types.Diagnostic:
    """Return `error` as a diagnostic at its place; `evaluation` None: a redefinition failed."""
    prefix = "Not redefined: " if evaluation is None else ""
    text = "\n".join([_headline(error), *error.notes])
    return types.Diagnostic(
        range=range_,
        message=prefix + _cut(text, _MAX_MESSAGE),
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
        related_information=list(_related(error, (uri, range_.start.line)))[:_MAX_RELATED] or None,
        data={"id": evaluation, "token": token},
    )


def _headline(error: error_protocol.ErrorInfo | error_protocol.LinkedError) -> str:
    return f"{error.type}: {error.message}" if error.message else error.type


def _related(
    error: error_protocol.ErrorInfo, shown: tuple[str, int]
) -> Iterator[types.DiagnosticRelatedInformation]:
    """Yield the other frames, innermost first, and where what led to it was raised."""
    for frame in reversed(error.frames):
        if frame.uri is not None and (frame.uri, frame.line) != shown:
            yield _information(frame, frame.uri, f"in {frame.name}: {frame.text}")
    for other in (*error.causes, *error.exceptions):
        last = next((frame for frame in reversed(other.frames) if frame.uri is not None), None)
        if last is not None and last.uri is not None:
            yield _information(last, last.uri, f"{_RELATIONS[other.relation]}{_headline(other)}")


_RELATIONS = {"cause": "raised from ", "context": "while handling ", "member": "in the group: "}


def _information(
    frame: error_protocol.FrameInfo, uri: str, message: str
) -> types.DiagnosticRelatedInformation:
    location = types.Location(uri, place_of(frame))
    return types.DiagnosticRelatedInformation(location, _cut(message, _MAX_LINE))


def place_of(frame: error_protocol.FrameInfo) -> types.Range:
    """Return where a frame is, the begin of its line if no more is known."""
    start = types.Position(frame.line, 0)
    return frame.range or types.Range(start, start)


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"
