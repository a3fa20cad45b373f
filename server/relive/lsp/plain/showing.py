"""The ways to show values at their lines to a client: code lenses, inlay hints, or diagnostics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal, Protocol

import attrs
from lsprotocol import types

from relive.lsp import commands
from relive.lsp.daemon import Daemon
from relive.lsp.diagnostics import SOURCE
from relive.lsp.documents import Document
from relive.lsp.plain.doing import done_apart
from relive.lsp.plain.values import Noted, notes_of
from relive.lsp.rpc import Handler

Way = Literal["lenses", "hints", "diagnostics"]


class Showing(Protocol):
    """Shows what stands at the lines."""

    def refresh(self) -> None:
        """See that the client shows what stands there now."""


class Lenses:
    """Values as code lenses, over or behind the first line of their statement."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        daemon.server.around(types.TEXT_DOCUMENT_CODE_LENS, self._of_document)

    async def _of_document(
        self, others: Handler, params: types.CodeLensParams
    ) -> list[types.CodeLens]:
        document = self._daemon.documents.get(params.text_document.uri)
        notes = await notes_of(self._daemon, document)
        theirs: list[types.CodeLens] = await others(params)
        theirs = [attrs.evolve(each, command=_apart(each.command)) for each in theirs]
        return [*(_lens(document, each) for each in notes), *theirs]

    def refresh(self) -> None:
        """See Showing."""
        supported = self._daemon.server.client_capabilities.workspace
        if supported and supported.code_lens and supported.code_lens.refresh_support:
            self._daemon.server.protocol.send_request(types.WORKSPACE_CODE_LENS_REFRESH)


class Hints:
    """Values as inlay hints, behind their statement."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        daemon.server.on(types.TEXT_DOCUMENT_INLAY_HINT, self._of_document)

    async def _of_document(self, params: types.InlayHintParams) -> list[types.InlayHint]:
        document = self._daemon.documents.get(params.text_document.uri)
        notes = await notes_of(self._daemon, document)
        asked = params.range.start.line, params.range.end.line
        return [_hint(each) for each in notes if asked[0] <= each.range.end.line <= asked[1]]

    def refresh(self) -> None:
        """See Showing."""
        supported = self._daemon.server.client_capabilities.workspace
        if supported and supported.inlay_hint and supported.inlay_hint.refresh_support:
            self._daemon.server.protocol.send_request(types.WORKSPACE_INLAY_HINT_REFRESH)


class Diagnostics:
    """Values as diagnostics beside those of errors, for a client that shows nothing else."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._errors: dict[str, list[types.Diagnostic]] = {}
        """What else is to be told of documents."""
        self._told: dict[str, list[types.Diagnostic]] = {}
        self._refreshing: asyncio.Task[None] | None = None
        self._again = False

    def take(self, params: types.PublishDiagnosticsParams) -> None:
        """Have the failing lines of a document shown, beside its values."""
        self._errors[params.uri] = list(params.diagnostics)
        self.refresh()

    def refresh(self) -> None:
        """See Showing."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.ensure_future(self._refresh())
        else:
            self._again = True

    async def _refresh(self) -> None:
        while True:
            self._again = False
            for document in self._daemon.documents.all():
                values = [_diagnostic(each) for each in await notes_of(self._daemon, document)]
                self._tell(document, [*self._errors.get(document.uri, ()), *values])
            if not self._again:
                return

    def _tell(self, document: Document, found: list[types.Diagnostic]) -> None:
        if found != self._told.get(document.uri, []):
            self._told[document.uri] = found
            params = types.PublishDiagnosticsParams(document.uri, found, document.version)
            method = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
            self._daemon.server.protocol.notify(method, params)


def showing(daemon: Daemon, way: Way | None) -> Showing:
    """Return what shows values, in the way that is chosen, or that the client can."""
    ways: dict[Way, Callable[[Daemon], Showing]] = {
        "lenses": Lenses,
        "hints": Hints,
        "diagnostics": Diagnostics,
    }
    # A client that has never heard of hints may have lenses without saying so.
    return ways[way or ("hints" if _refreshes_hints(daemon) else "lenses")](daemon)


def _refreshes_hints(daemon: Daemon) -> bool:
    """Whether the client has hints, and shows others when it is told, not only after an edit."""
    can = daemon.server.client_capabilities
    shown = can.text_document and can.text_document.inlay_hint
    told = can.workspace and can.workspace.inlay_hint
    return bool(shown and told and told.refresh_support)


def _lens(document: Document, noted: Noted) -> types.CodeLens:
    start = noted.range.start
    if noted.is_under_way:
        command = types.Command(noted.text, commands.INTERRUPT, arguments=[{"uri": document.uri}])
    else:
        argument = {"uri": document.uri, "scope": "selection", "range": _json(noted.range)}
        command = types.Command(noted.text, commands.EVALUATE, arguments=[argument])
    return types.CodeLens(types.Range(start, start), command=_apart(command))


def _apart(command: types.Command | None) -> types.Command | None:
    return None if command is None else done_apart(command)


def _hint(noted: Noted) -> types.InlayHint:
    return types.InlayHint(
        position=noted.range.end,
        label=noted.text,
        tooltip=noted.whole or None,
        padding_left=True,
    )


def _diagnostic(noted: Noted) -> types.Diagnostic:
    end = noted.range.end
    return types.Diagnostic(
        range=types.Range(end, end),
        message=noted.text,
        severity=types.DiagnosticSeverity.Hint,
        source=SOURCE,
    )


def _json(range_: types.Range) -> dict[str, Any]:
    ends = {"start": range_.start, "end": range_.end}
    return {name: {"line": end.line, "character": end.character} for name, end in ends.items()}
