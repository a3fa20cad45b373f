"""What is done with kept values: `relive.forgetKept`."""

from __future__ import annotations

from functools import partial

from relive.lsp import commands
from relive.lsp.daemon import Daemon
from relive.lsp.failures import RefusedError


def register(daemon: Daemon) -> None:
    """Offer to forget them."""
    forget = partial(_forget, daemon)
    daemon.server.on_command(commands.FORGET_KEPT, commands.ForgetKeptParams, forget)


async def _forget(daemon: Daemon, params: commands.ForgetKeptParams) -> commands.ForgottenValues:
    try:
        return commands.ForgottenValues(daemon.sessions.chosen(params.uri).forget_kept())
    except OSError as problem:
        words = f"The kept values could not be removed: {problem.strerror} ({problem.filename})"
        raise RefusedError(words) from problem
