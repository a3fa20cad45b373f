"""Redefining: `relive.redefine`."""

from __future__ import annotations

import tokenize
from functools import partial
from pathlib import Path

from relive.lsp import convert, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, file_of
from relive.lsp.failures import BadArgumentError, RefusedError
from relive.lsp.targets import definition_for
from relive.session.requests import RedefineRequest


def register(daemon: Daemon) -> None:
    """Offer redefinition to the client."""
    daemon.server.on_command(protocol.REDEFINE, protocol.RedefineParams, partial(_redefine, daemon))


async def _redefine(daemon: Daemon, params: protocol.RedefineParams) -> protocol.Redefinition:
    if params.uris is not None:
        return await _redefine_files(daemon, params.uris)
    if params.uri is None:
        raise BadArgumentError("Redefining needs a `uri`, or several `uris`.")
    document = daemon.documents.get(params.uri)
    places = daemon.places(document.snapshot())
    session = daemon.sessions.of_document(document.uri)
    receipt = await session.redefine(_request(daemon, params, document))
    daemon.image.refresh_soon(session)
    return convert.redefinition(receipt, places)


async def _redefine_files(daemon: Daemon, uris: list[str]) -> protocol.Redefinition:
    """Redefine what changed in several files as one step; a file that is gone has no text."""
    if not uris:
        raise BadArgumentError("Redefining several files needs their `uris`.")
    files = [_file(daemon, uri) for uri in uris]
    (file, text), *others = files
    session = daemon.sessions.of_document(uris[0])
    receipt = await session.redefine(RedefineRequest(file, text, others=tuple(others)))
    daemon.image.refresh_soon(session)
    return convert.redefinition(receipt, daemon.places(Document(uris[0], text).snapshot()))


def _file(daemon: Daemon, uri: str) -> tuple[str, str]:
    """Return a file and its text, the editor's if it is open there."""
    file = file_of(uri)
    opened = daemon.documents.of_file(file)
    if opened is not None:
        return file, opened.text
    if not Path(file).exists():
        return file, ""
    try:
        with tokenize.open(file) as stream:
            return file, stream.read()
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise RefusedError(f"{file} cannot be read: {error}") from error


def _request(
    daemon: Daemon, params: protocol.RedefineParams, document: Document
) -> RedefineRequest:
    if params.name is not None or params.position is None:
        return RedefineRequest(document.file, document.text, params.name)
    position = daemon.codec.position(document.table, params.position)
    found = definition_for(document, position)
    return RedefineRequest(document.file, document.text, found.name, found.range.start[0])
