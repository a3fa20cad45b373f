"""Redefining on save: what changed in a file follows when the user saves it.

Why the editor saves comes with `willSave`; the text that counts is the one at `didSave`, since a
formatter may edit it between the two. An editor that sends no `willSave` saves when its user does.
"""

from __future__ import annotations

from lsprotocol import types

from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.redefining import redefine_unasked

_MANUAL = types.TextDocumentSaveReason.Manual


def register(daemon: Daemon) -> None:
    """Follow what the editor saves."""

    def will_save(params: types.WillSaveTextDocumentParams) -> None:
        daemon.documents.get(params.text_document.uri).saving = params.reason

    async def did_save(params: types.DidSaveTextDocumentParams) -> None:
        document = daemon.documents.get(params.text_document.uri)
        reason, document.saving = document.saving or _MANUAL, None
        document.on_disk = document.written = document.text
        if _redefines(daemon, reason):
            await _redefine(daemon, document)

    daemon.server.on(types.TEXT_DOCUMENT_WILL_SAVE, will_save)
    daemon.server.on(types.TEXT_DOCUMENT_DID_SAVE, did_save)


def _redefines(daemon: Daemon, reason: types.TextDocumentSaveReason) -> bool:
    chosen = daemon.configuration.redefine_on_save
    return chosen == "all" or (chosen == "manual" and reason == _MANUAL)


async def _redefine(daemon: Daemon, document: Document) -> None:
    """Redefine at once, so that what is asked for next finds it done."""
    session = daemon.sessions.existing(document.uri)
    if session is not None:
        await redefine_unasked(daemon, session, "save", [document.snapshot()])
