"""Going back: `relive.undo`, `relive.versions`, `relive.redefineTo`, and `relive.compare`."""

from __future__ import annotations

from relive.lsp import commands, protocol, version_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.failures import RefusedError


def register(daemon: Daemon) -> None:
    """Offer what ran before to the client."""
    on_command = daemon.server.on_command
    on_command(commands.UNDO, commands.UndoParams, _undo)
    on_command(commands.VERSIONS, commands.VersionsParams, _versions)
    on_command(commands.REDEFINE_TO, commands.RedefineToParams, _redefine_to)
    on_command(commands.COMPARE, commands.CompareParams, _compare)


async def _undo(_params: commands.UndoParams) -> version_protocol.Undo:
    raise RefusedError("Nothing that could be undone is known.")


async def _versions(_params: commands.VersionsParams) -> version_protocol.Versions:
    raise RefusedError("Nothing is logged, so no versions are known.")


async def _redefine_to(_params: commands.RedefineToParams) -> protocol.Redefinition:
    raise RefusedError("Nothing is logged, so no versions are known.")


async def _compare(_params: commands.CompareParams) -> version_protocol.Comparison:
    raise RefusedError("The process does not tell yet what it runs.")
