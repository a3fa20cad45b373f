"""Recovering what a process that has ended had run: `relive.recoverable`, `relive.recover`."""

from __future__ import annotations

from typing import Any

from relive.lsp import commands
from relive.lsp.daemon import Daemon
from relive.lsp.failures import RefusedError


def register(daemon: Daemon) -> None:
    """Offer recovery to the client."""
    on_command = daemon.server.on_command
    on_command(commands.RECOVERABLE, commands.RecoverableParams, _refuse)
    on_command(commands.RECOVER, commands.RecoverParams, _refuse)
    on_command(commands.DISMISS_RECOVERY, commands.DismissRecoveryParams, _refuse)


async def _refuse(_params: object) -> Any:
    raise RefusedError("No change log is kept here.")
