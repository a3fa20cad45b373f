"""Failing lines as diagnostics: what the session and the client say of them."""

from __future__ import annotations

from lsprotocol import types

from relive.lsp import commands
from relive.lsp.daemon import Daemon
from relive.lsp.folder_session import FolderSession
from relive.session.events import Event, StateChanged


def register(daemon: Daemon) -> None:
    """Let problems end with their process, or when the user says so."""
    problems = daemon.problems

    def on_event(session: FolderSession, event: Event) -> None:
        if isinstance(event, StateChanged):
            gone = session not in daemon.sessions.all()
            problems.session_changed(session, event.info, gone=gone)

    async def dismiss(params: commands.DismissParams) -> None:
        problems.dismiss(params.tokens)

    async def show_frame(params: commands.ShowFrameParams) -> None:
        shown = types.ShowDocumentParams(params.uri, take_focus=True, selection=params.range)
        await daemon.server.window_show_document_async(shown)

    daemon.sessions.listen(on_event, StateChanged)
    daemon.server.on_command(commands.DISMISS, commands.DismissParams, dismiss)
    daemon.server.on_command(commands.SHOW_FRAME, commands.ShowFrameParams, show_frame)
