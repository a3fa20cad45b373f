"""Going back: `relive.undo`, `relive.versions`, `relive.redefineTo`, and `relive.compare`."""

from __future__ import annotations

from functools import partial

import attrs

from relive.lsp import commands, protocol, version_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import BadArgumentError, refused_if
from relive.lsp.placing import placed
from relive.lsp.targets import definition_for
from relive.lsp.versions import compare, past_of, told
from relive.session.requests import RedefineRequest, UndoRequest
from relive.session.versions import NoVersionError


def register(daemon: Daemon) -> None:
    """Offer what ran before to the client."""
    on_command = daemon.server.on_command
    on_command(commands.UNDO, commands.UndoParams, partial(_undo, daemon))
    on_command(commands.VERSIONS, commands.VersionsParams, partial(_versions, daemon))
    on_command(commands.REDEFINE_TO, commands.RedefineToParams, partial(_redefine_to, daemon))
    on_command(commands.COMPARE, commands.CompareParams, partial(_compare, daemon))


async def _undo(daemon: Daemon, params: commands.UndoParams) -> version_protocol.Undo:
    session = daemon.sessions.chosen(params.uri)
    receipt = await session.undo(UndoRequest())
    daemon.image.refresh_soon(session)
    answer = attrs.asdict(placed(daemon, receipt), recurse=False)
    return version_protocol.Undo(**answer, undone=receipt.undone, left=receipt.left)


async def _versions(daemon: Daemon, params: commands.VersionsParams) -> version_protocol.Versions:
    session = daemon.sessions.of_document(params.uri)
    past = await past_of(daemon, session, params.uri, _name(daemon, params))
    return told(params.uri, past.versions())


def _name(daemon: Daemon, params: commands.VersionsParams) -> str:
    if params.name is not None:
        return params.name
    if params.position is None:
        raise BadArgumentError("The versions of a definition need its `name` or a `position`.")
    document = daemon.documents.get(params.uri)
    return definition_for(document, daemon.codec.position(document.table, params.position)).name


async def _redefine_to(daemon: Daemon, params: commands.RedefineToParams) -> protocol.Redefinition:
    session = daemon.sessions.of_document(params.uri)
    past = await past_of(daemon, session, params.uri, params.name)
    with refused_if(NoVersionError):
        document, line = past.document(params.entry)
    file = file_of(params.uri)
    receipt = await session.redefine(RedefineRequest(file, document, params.name, line))
    daemon.image.refresh_soon(session)
    return placed(daemon, receipt)


async def _compare(daemon: Daemon, params: commands.CompareParams) -> version_protocol.Comparison:
    is_folder = params.uri is not None and file_of(params.uri) in daemon.sessions.paths()
    document = None if is_folder else params.uri
    return await compare(daemon, daemon.sessions.chosen(params.uri), document)
