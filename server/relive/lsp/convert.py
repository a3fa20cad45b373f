"""What sessions say, as messages for the client."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast

import attrs
from lsprotocol import types

from relive.lsp import error_protocol, log_protocol, protocol, rewind_protocol, value_protocol
from relive.lsp.documents import Documents, Mark, Snapshot
from relive.lsp.encoding import Codec
from relive.session import answers, definition_answers, values
from relive.session.errors import place_in
from relive.session.rewinds import RewindOffer, RewoundSession
from relive.source.definitions import find
from relive.source.positions import Range

M = TypeVar("M")


class Places:
    """Where the places of one request are now, as the client counts."""

    def __init__(
        self,
        snapshot: Snapshot,
        documents: Documents,
        codec: Codec,
        module: Places | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._documents = documents
        self._codec = codec
        self.module = module or self
        """The places of the module's own document, where that is not what was sent."""

    @property
    def version(self) -> int | None:
        """The version of the document that the places given now are in."""
        return self._snapshot.document.version

    @property
    def uri(self) -> str:
        """The document, as the client writes it."""
        return self._snapshot.document.uri

    def range(self, range_: Range) -> types.Range:
        """Return where `range_` of the text that was sent is now."""
        now = self._snapshot.range_now(range_)
        return self._codec.range_to_client(self._snapshot.document.table, now)

    def mark(self, range_: Range) -> Mark:
        """Return `range_` of the text that was sent as a place that goes along with edits."""
        return Mark(self._snapshot, range_)

    def line(self, line: int) -> int:
        """Return where `line` of the text that was sent is now."""
        return self._snapshot.position_now((line, 0))[0]

    def frame(self, frame: answers.Frame) -> error_protocol.FrameInfo:
        """Return `frame` with its line in the document as it stands."""
        document = self._documents.of_file(frame.file)
        if document is None:
            return _frame(frame, answers.file_uri(frame.file), _outside(frame))
        if document is self._snapshot.document:
            range_ = None if frame.range is None else self._snapshot.range_now(frame.range)
            frame = dataclasses.replace(frame, line=self.line(frame.line), range=range_)
        else:  # its code may be older than its text: the definition it belongs to tells where it is
            frame = place_in(frame, document.text)
        table = document.table
        text = frame.text or table.line(min(frame.line, table.count - 1)).strip()
        range_ = frame.range
        shown = None if range_ is None else self._codec.range_to_client(document.table, range_)
        return _frame(dataclasses.replace(frame, text=text), document.uri, shown)


def _frame(
    frame: answers.Frame, uri: str | None, range_: types.Range | None
) -> error_protocol.FrameInfo:
    return error_protocol.FrameInfo(
        uri=uri,
        name=frame.name,
        line=frame.line,
        text=frame.text,
        own=frame.own,
        range=range_,
        locals=[same(error_protocol.Local, each) for each in frame.locals] or None,
        locals_omitted=frame.locals_omitted or None,
        omitted=frame.omitted or None,
    )


def _outside(frame: answers.Frame) -> types.Range | None:
    """Return the part that failed of a line that is in no open document.

    Only where the columns are the same however they are counted: the whole line is not known.
    """
    if frame.range is None or not frame.text.isascii():
        return None
    return types.Range(types.Position(*frame.range.start), types.Position(*frame.range.end))


def evaluation(answer: answers.Evaluation, places: Places) -> protocol.Evaluation:
    """Return the answer to a request to run code."""
    return protocol.Evaluation(
        id=answer.id,
        status=answer.status,
        module=answer.module,
        results=[result(item, places) for item in answer.results],
        output=[output(chunk) for chunk in answer.output],
        output_truncated=answer.output_truncated,
        output_dropped=answer.output_dropped,
        error=None if answer.error is None else error(answer.error, places),
        duration_ms=answer.duration_ms,
        version=places.version,
        inside=answer.inside,
        not_logged=answer.not_logged,
        hold=answer.hold,
    )


def result(item: answers.StatementResult, places: Places) -> protocol.StatementResult:
    """Return what one statement gave."""
    return protocol.StatementResult(
        id=item.id,
        range=(places.module if item.origin == "dependency" else places).range(item.range),
        value=None if item.value is None else same(value_protocol.Value, item.value),
        duration_ms=item.duration_ms,
        origin=item.origin,
        kept=None if item.kept is None else same(protocol.Kept, item.kept),
    )


def output(chunk: answers.OutputChunk) -> protocol.OutputChunk:
    """Return a piece of output."""
    return same(protocol.OutputChunk, chunk)


def error(problem: answers.Error, places: Places) -> error_protocol.ErrorInfo:
    """Return why user code failed."""
    return error_protocol.ErrorInfo(
        type=problem.type,
        message=problem.message,
        frames=[places.frame(frame) for frame in problem.frames],
        notes=list(problem.notes),
        range=None if problem.range is None else places.range(problem.range),
        missing=None if problem.missing is None else _missing(problem.missing, places),
        traceback=problem.traceback,
        causes=_linked(problem.causes, places),
        exceptions=_linked(problem.exceptions, places),
        omitted=problem.omitted or None,
    )


def _linked(
    errors: tuple[answers.LinkedError, ...], places: Places
) -> list[error_protocol.LinkedError]:
    return [
        same(
            error_protocol.LinkedError,
            each,
            frames=[places.frame(frame) for frame in each.frames],
            notes=list(each.notes),
            causes=_linked(each.causes, places),
            exceptions=_linked(each.exceptions, places),
            omitted=each.omitted or None,
        )
        for each in errors
    ]


def _missing(missing: answers.Missing, places: Places) -> error_protocol.Missing:
    return error_protocol.Missing(missing.name, places.module.line(missing.line))


def redefinition(
    receipt: definition_answers.Redefinition, places: Mapping[str, Places]
) -> protocol.Redefinition:
    """Return the receipt of a redefinition; `places` are those of its files, by their URIs."""
    first = next(iter(places.values()))
    return protocol.Redefinition(
        status=receipt.status,
        definitions=[_change(item, places.get(item.uri or "")) for item in receipt.definitions],
        error=None if receipt.error is None else error(receipt.error, first),
        left_out=[_left_out(item, places[item.uri]) for item in receipt.left_out] or None,
        not_logged=receipt.not_logged,
    )


def _change(
    item: definition_answers.DefinitionChange, places: Places | None
) -> protocol.DefinitionChange:
    if places is None:
        return same(protocol.DefinitionChange, item, range=None)
    range_ = None if item.range is None else places.range(item.range)
    return same(protocol.DefinitionChange, item, uri=places.uri, range=range_)


def _left_out(item: definition_answers.LeftOut, places: Places) -> protocol.LeftOut:
    return protocol.LeftOut(places.uri, error(item.error, places))


def patch(item: definition_answers.Patch, documents: Documents) -> protocol.Patch:
    """Return a patch with its place in the document, if that is open."""
    document = documents.of_file(item.file)
    found = None if document is None else find(document.text, item.name)
    return same(
        protocol.Patch,
        item,
        uri=answers.file_uri(item.file) if document is None else document.uri,
        line=item.line if found is None else found.range.start[0],
    )


def session(info: answers.SessionInfo) -> protocol.SessionInfo:
    """Return a session's state."""
    return same(protocol.SessionInfo, info, **_parts(info))


def rewound(info: RewoundSession) -> rewind_protocol.RewoundSession:
    """Return a session's state, and how a rewind of it went."""
    kind, report = rewind_protocol.RewoundSession, info.rewind
    told = None
    if report is not None:
        failed = report.failed
        why = None if failed is None else f"{failed.type}: {failed.message}"
        warnings = list(report.warnings)
        told = same(rewind_protocol.Rewind, report, warnings=warnings, failed=why)
    return same(kind, info, **_parts(info), rewind=told)


def rewind_offer(offer: RewindOffer) -> rewind_protocol.RewindOffer:
    """Return what a rewind would do."""
    return same(rewind_protocol.RewindOffer, offer, known_as=list(offer.known_as))


def replayed(
    info: answers.SessionInfo, replay: log_protocol.Replay | None
) -> log_protocol.ReplayedSession:
    """Return a session's state, and how a replay into it went."""
    return same(log_protocol.ReplayedSession, info, **_parts(info), replay=replay)


def session_params(info: answers.SessionInfo, folder: str | None) -> protocol.SessionParams:
    """Return the notification of a session's state."""
    return same(protocol.SessionParams, info, **_parts(info), folder=folder)


def _parts(info: answers.SessionInfo) -> dict[str, Any]:
    """Return the parts of a session's state that are messages themselves."""
    return {
        "log": None if info.log is None else same(protocol.LogInfo, info.log),
        "checkpoints": [protocol.Checkpoint(**each) for each in info.checkpoints],
        "came_back": None if info.came_back is None else _came_back(info.came_back),
    }


def _came_back(told: answers.CameBack) -> protocol.CameBack:
    lost = [same(protocol.LostStep, each) for each in told.lost]
    return same(protocol.CameBack, told, lost=lost)


def inspected(answer: values.InspectedValue) -> value_protocol.InspectedValue:
    """Return a value with its children."""
    return same(value_protocol.InspectedValue, answer, children=_variables(answer.children))


def children(answer: values.ValueChildren) -> value_protocol.ValueChildren:
    """Return some of the parts of a value."""
    return same(value_protocol.ValueChildren, answer, items=_variables(answer.items))


def value_text(answer: values.ValueText) -> value_protocol.ValueText:
    """Return the whole text of a value."""
    return same(value_protocol.ValueText, answer)


def mimes(answer: values.ValueMimes) -> value_protocol.ValueMimes:
    """Return the forms a value offers."""
    return same(value_protocol.ValueMimes, answer)


def mime(answer: values.ValueMime) -> value_protocol.ValueMime:
    """Return a value in one of its forms."""
    return same(value_protocol.ValueMime, answer)


def display(answer: values.ValueMime) -> value_protocol.Display:
    """Return a picture."""
    return same(value_protocol.Display, answer)


def table(answer: values.ValueTable) -> value_protocol.ValueTable:
    """Return a part of a table."""
    columns = [same(value_protocol.TableColumn, column) for column in answer.columns]
    return same(value_protocol.ValueTable, answer, columns=columns)


def _variables(items: tuple[values.Variable, ...]) -> list[value_protocol.Variable]:
    return [
        same(value_protocol.Variable, item, value=same(value_protocol.Value, item.value))
        for item in items
    ]


def same(kind: type[M], answer: Any, **more: Any) -> M:
    """Return a message with the fields of `answer`; both name them alike."""
    names, values_of = _alike(cast(Any, kind), tuple(more))
    return kind(**dict(zip(names, values_of(answer), strict=True)), **more)


@cache
def _alike(kind: Any, others: tuple[str, ...]) -> tuple[tuple[str, ...], Callable[[Any], Any]]:
    """Return the names of a message's fields besides some others, and what gets their values."""
    names = tuple(field.name for field in attrs.fields(kind) if field.name not in others)
    get = attrgetter(*names)
    return names, get if len(names) > 1 else lambda answer: (get(answer),)
