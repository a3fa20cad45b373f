"""The change log's entries: `relive.history`, `relive.entry`."""

from __future__ import annotations

from typing import Any

from relive.lsp import commands
from relive.lsp.daemon import Daemon
from relive.lsp.failures import RefusedError


def register(daemon: Daemon) -> None:
    """Offer the change log to the client."""
    on_command = daemon.server.on_command
    on_command(commands.HISTORY, commands.HistoryParams, _refuse)
    on_command(commands.ENTRY, commands.EntryParams, _refuse)


async def _refuse(_params: object) -> Any:
    raise RefusedError("No change log is kept here.")
