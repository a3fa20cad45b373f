"""Going back: `relive.undo`, `relive.versions`, `relive.redefineTo`, and `relive.compare`."""

from __future__ import annotations

from functools import partial

import attrs

from relive.lsp import commands, protocol, version_protocol
from relive.lsp.comparing import compare
from relive.lsp.daemon import Daemon
from relive.lsp.failures import RefusedError
from relive.lsp.placing import placed
from relive.session.requests import UndoRequest


def register(daemon: Daemon) -> None:
    """Offer what ran before to the client."""
    on_command = daemon.server.on_command
    on_command(commands.UNDO, commands.UndoParams, partial(_undo, daemon))
    on_command(commands.VERSIONS, commands.VersionsParams, _versions)
    on_command(commands.REDEFINE_TO, commands.RedefineToParams, _redefine_to)
    on_command(commands.COMPARE, commands.CompareParams, partial(_compare, daemon))


async def _undo(daemon: Daemon, params: commands.UndoParams) -> version_protocol.Undo:
    session = daemon.sessions.chosen(params.uri)
    receipt = await session.undo(UndoRequest())
    daemon.image.refresh_soon(session)
    told = attrs.asdict(placed(daemon, receipt), recurse=False)
    return version_protocol.Undo(**told, undone=receipt.undone, left=receipt.left)


async def _versions(_params: commands.VersionsParams) -> version_protocol.Versions:
    raise RefusedError("Nothing is logged, so no versions are known.")


async def _redefine_to(_params: commands.RedefineToParams) -> protocol.Redefinition:
    raise RefusedError("Nothing is logged, so no versions are known.")


async def _compare(daemon: Daemon, params: commands.CompareParams) -> version_protocol.Comparison:
    return await compare(daemon, daemon.sessions.chosen(params.uri), params.uri)
