"""Redefining: `relive.redefine`."""

from __future__ import annotations

from functools import partial

from relive.lsp import convert, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.failures import BadArgumentError
from relive.lsp.targets import definition_for
from relive.session.requests import RedefineRequest


def register(daemon: Daemon) -> None:
    """Offer redefinition to the client."""
    daemon.server.on_command(protocol.REDEFINE, protocol.RedefineParams, partial(_redefine, daemon))


async def _redefine(daemon: Daemon, params: protocol.RedefineParams) -> protocol.Redefinition:
    document = daemon.documents.get(_uri(params))
    places = daemon.places(document.snapshot())
    request = _request(daemon, params, document)
    session = daemon.sessions.of_document(document.uri)
    receipt = await session.redefine(request)
    daemon.image.refresh_soon(session)
    return convert.redefinition(receipt, places)


def _uri(params: protocol.RedefineParams) -> str:
    if params.uri is not None:
        return params.uri
    if params.uris is None or len(params.uris) != 1:
        raise BadArgumentError("Redefining takes one file at a time: give its `uri`.")
    return params.uris[0]


def _request(
    daemon: Daemon, params: protocol.RedefineParams, document: Document
) -> RedefineRequest:
    if params.name is not None or params.position is None:
        return RedefineRequest(document.file, document.text, params.name)
    position = daemon.codec.position(document.table, params.position)
    found = definition_for(document, position)
    return RedefineRequest(document.file, document.text, found.name, found.range.start[0])
