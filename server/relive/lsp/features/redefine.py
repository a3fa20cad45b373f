"""Redefining: `relive.redefine`."""

from __future__ import annotations

from functools import partial

from relive.lsp import commands, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.failures import BadArgumentError
from relive.lsp.redefining import redefine, text_now
from relive.lsp.targets import definition_for


def register(daemon: Daemon) -> None:
    """Offer redefinition to the client."""
    daemon.server.on_command(commands.REDEFINE, commands.RedefineParams, partial(_redefine, daemon))


async def _redefine(daemon: Daemon, params: commands.RedefineParams) -> protocol.Redefinition:
    if params.uris is not None:
        return await _redefine_files(daemon, params.uris)
    if params.uri is None:
        raise BadArgumentError("Redefining needs a `uri`, or several `uris`.")
    document = daemon.documents.get(params.uri)
    name, line = _meant(daemon, params, document)
    session = daemon.sessions.of_document(document.uri)
    return await redefine(daemon, session, [document.snapshot()], name=name, line=line)


async def _redefine_files(daemon: Daemon, uris: list[str]) -> protocol.Redefinition:
    """Redefine what changed in several files as one step; a file that is gone has no text."""
    if not uris:
        raise BadArgumentError("Redefining several files needs their `uris`.")
    texts = [text_now(daemon, uri) for uri in uris]
    return await redefine(daemon, daemon.sessions.of_document(uris[0]), texts)


def _meant(
    daemon: Daemon, params: commands.RedefineParams, document: Document
) -> tuple[str | None, int | None]:
    """Return the name that is meant, and the first line where several share it."""
    if params.name is not None or params.position is None:
        return params.name, None
    found = definition_for(document, daemon.codec.position(document.table, params.position))
    return found.name, found.range.start[0]
