"""Captured calls: `relive.captureCalls`, `relive.captured` and what is told when there are others.

Code of a function's body that runs in one is evaluated as any other: see `lsp/in_frame.py`.
"""

from __future__ import annotations

from lsprotocol.types import Position, Range

from relive.lsp import capture_protocol as protocol
from relive.lsp.convert import same
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, file_of
from relive.lsp.failures import BadArgumentError, RefusedError
from relive.lsp.folder_session import FolderSession
from relive.session.answers import file_uri
from relive.session.capturing import CALLS_KEPT, CapturedCall, CapturedFunction, NamedText
from relive.session.events import CallsCaptured, StateChanged
from relive.source.definitions import definition_at, find, named

_MOST_KEPT = 100


def register(daemon: Daemon) -> None:
    """Offer to capture calls."""
    captures = CapturesFeature(daemon)
    daemon.sessions.listen(daemon.captures.on_event, CallsCaptured, StateChanged)
    on_command = daemon.server.on_command
    on_command(protocol.CAPTURE_CALLS, protocol.CaptureCallsParams, captures.capture)
    on_command(protocol.STOP_CAPTURING, protocol.StopCapturingParams, captures.stop)
    on_command(protocol.CAPTURED, protocol.CapturedCallsParams, captures.captured)


class CapturesFeature:
    """Carries out the commands."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        daemon.captures.tell = self._tell

    async def capture(self, params: protocol.CaptureCallsParams) -> protocol.CapturedFunction:
        """Have a function's calls kept."""
        file, name = file_of(params.uri), self._name(params.uri, params.name, params.position)
        if name is None:
            raise BadArgumentError("`relive.captureCalls` needs `position` or `name`.")
        session = self._daemon.sessions.of_document(params.uri)
        keep = max(1, min(params.count or CALLS_KEPT, _MOST_KEPT))
        answer = await session.capture(file, name, keep)
        self._daemon.captures.heard(session, answer)
        return self._function(answer.of(file, name).functions[0])

    async def stop(self, params: protocol.StopCapturingParams) -> protocol.CapturedCalls:
        """Keep the calls of functions no more."""
        file = None if params.uri is None else file_of(params.uri)
        name = None
        if params.uri is not None:
            name = self._name(params.uri, params.name, params.position)
        for session in self._daemon.sessions.all():
            self._daemon.captures.heard(session, await session.stop_capturing(file, name))
        return await self.captured(protocol.CapturedCallsParams())

    async def captured(self, params: protocol.CapturedCallsParams) -> protocol.CapturedCalls:
        """Return the calls that are kept."""
        file = None if params.uri is None else file_of(params.uri)
        told = protocol.CapturedCalls([], [])
        for session in self._daemon.sessions.all():
            found = (await self._daemon.captures.now(session)).of(file, params.name)
            told.items.extend(map(self._call, found.calls))
            told.functions.extend(map(self._function, found.functions))
        return told

    def _name(self, uri: str, name: str | None, position: Position | None) -> str | None:
        """Return the qualified name of the function that is meant."""
        if name is not None or position is None:
            return name
        document = self._daemon.documents.get(uri)
        found = definition_at(document.text, self._daemon.codec.position(document.table, position))
        if found is None or found.kind == "class":
            raise RefusedError("No function at the cursor. Put the cursor in a function or method.")
        return found.name

    def _tell(self, _session: FolderSession, functions: set[tuple[str, str]]) -> None:
        for file, name in sorted(functions):
            params = protocol.CallsCapturedParams(self._uri(file), name)
            self._daemon.outbox.post(protocol.CALLS_CAPTURED, params)

    def _uri(self, file: str) -> str:
        document = self._daemon.documents.of_file(file)
        return (file_uri(file) or file) if document is None else document.uri

    def _function(self, function: CapturedFunction) -> protocol.CapturedFunction:
        return protocol.CapturedFunction(
            uri=self._uri(function.file),
            name=function.name,
            capturing=function.why is None,
            calls=function.calls,
            why=function.why,
        )

    def _call(self, call: CapturedCall) -> protocol.CapturedCall:
        document = self._daemon.documents.of_file(call.file)
        moved, outdated = _moved(call, document)
        lines = [
            protocol.CapturedLine(
                line=each.line + moved,
                values=[same(protocol.CapturedValue, value) for value in each.values],
                count=each.count,
                at_least=each.at_least,
            )
            for each in call.lines
        ]
        start, end = call.range.start[0] + moved, call.range.end[0] + moved
        error_line = None if call.error_line is None else call.error_line + moved
        return protocol.CapturedCall(
            call=call.call,
            name=call.name,
            uri=self._uri(call.file),
            range=Range(Position(start, 0), Position(end, 0)),
            arguments=_values(call.arguments),
            lines=lines,
            locals=_values(call.locals),
            at=call.at,
            number=call.number,
            has_values=call.has_values,
            outdated=outdated,
            again=call.again,
            result=call.result,
            error=call.error,
            error_line=error_line,
            duration_ms=call.duration_ms,
            evaluation=call.evaluation,
            thread=call.thread,
            yields=call.yields,
        )


def _values(values: tuple[NamedText, ...]) -> list[protocol.CapturedValue]:
    return [protocol.CapturedValue(each.name, each.text) for each in values]


def _moved(call: CapturedCall, document: Document | None) -> tuple[int, bool]:
    """Return how far a call's text has moved in its document, and whether it is another by now."""
    if call.text is None:
        return 0, True
    if document is None:
        return 0, False
    places = named(document.text, call.text.name)
    same_text = [each for each in places if each.fingerprint == call.text.fingerprint]
    found = next(iter(same_text), None) or find(document.text, call.text.name)
    if found is None:
        return 0, True
    return found.range.start[0] - call.text.line, not same_text
