"""What is done with kept values: `relive.forgetKept`, and the mark that asks for them."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from relive.lsp import commands
from relive.lsp.daemon import Daemon
from relive.lsp.failures import RefusedError
from relive.lsp.keep_actions import keep_edit


def register(daemon: Daemon) -> None:
    """Offer to forget them."""
    forget = partial(_forget, daemon)
    daemon.server.on_command(commands.FORGET_KEPT, commands.ForgetKeptParams, forget)
    keep = partial(_keep, daemon)
    daemon.server.on_command(commands.KEEP_VALUE, commands.KeepValueParams, keep)


async def _keep(daemon: Daemon, params: commands.KeepValueParams) -> None:
    document = daemon.documents.get(params.uri)
    position = daemon.codec.position(document.table, params.position)
    edit = keep_edit(daemon, document, position)
    if edit is None:
        raise RefusedError("Only a statement that gives names their values can be kept.")
    await daemon.server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit))


async def _forget(daemon: Daemon, params: commands.ForgetKeptParams) -> commands.ForgottenValues:
    try:
        return commands.ForgottenValues(daemon.sessions.chosen(params.uri).forget_kept())
    except OSError as problem:
        words = f"The kept values could not be removed: {problem.strerror} ({problem.filename})"
        raise RefusedError(words) from problem
