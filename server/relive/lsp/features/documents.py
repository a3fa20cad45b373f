"""Follows the texts open in the editor."""

from __future__ import annotations

from lsprotocol import types

from relive.lsp import files, shown_again
from relive.lsp.daemon import Daemon


def register(daemon: Daemon) -> None:
    """Keep the documents as they are in the editor."""

    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = daemon.documents.open(params.text_document)
        document.on_disk = files.read(document.file)  # an editor brings unsaved text back, too
        session = daemon.sessions.existing(params.text_document.uri)
        if session is not None:
            session.results.opened(document)
            session.evaluated.opened(document)
            shown_again.place(session, document)
            daemon.sessions.elsewhere.opened(session, document)
            daemon.image.refresh_soon(session)
            daemon.news.look_again({document.file})

    def changed(params: types.DidChangeTextDocumentParams) -> None:
        document = daemon.documents.change(params, daemon.codec)
        daemon.problems.edited(document)
        daemon.news.edited(document)

    def closed(params: types.DidCloseTextDocumentParams) -> None:
        document = daemon.documents.close(params.text_document.uri)
        if document is not None:
            daemon.problems.closed(document)
            daemon.news.look_again({document.file})

    daemon.server.on(types.TEXT_DOCUMENT_DID_OPEN, opened)
    daemon.server.on(types.TEXT_DOCUMENT_DID_CHANGE, changed)
    daemon.server.on(types.TEXT_DOCUMENT_DID_CLOSE, closed)
