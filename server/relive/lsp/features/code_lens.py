"""Lenses that say whether the process has a definition as it stands here, and what is kept.

They are off unless the setting asks for them. A lens stands over every definition at all times and
only its text changes, so that the lines of the editor do not jump while one types.
"""

from __future__ import annotations

from lsprotocol import types

from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.features.code_actions import redefine_command
from relive.lsp.keep_lenses import keep_lenses
from relive.lsp.states import reachable
from relive.source.definitions import Definition


def register(daemon: Daemon) -> None:
    """Offer the lenses."""
    lenses = CodeLenses(daemon)
    daemon.server.on(types.TEXT_DOCUMENT_CODE_LENS, lenses.of_document)
    daemon.image.listen(lambda _: lenses.refresh())
    daemon.slow.on_change = lenses.refresh
    daemon.configuration.listen(lenses.refresh)


class CodeLenses:
    """Makes lenses, and has the editor ask again when they would be others."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._shown = False
        """Whether the editor has lenses of ours."""

    def of_document(self, params: types.CodeLensParams) -> list[types.CodeLens]:
        """Return the lenses of a document."""
        self._shown = self._daemon.configuration.code_lens != "off"
        if not self._shown:
            return []
        document = self._daemon.documents.get(params.text_document.uri)
        lenses = [self._lens(document, definition) for definition in reachable(document.text)]
        return [*lenses, *keep_lenses(self._daemon, document)]

    def refresh(self) -> None:
        """Have the editor ask again."""
        server = self._daemon.server
        supported = server.client_capabilities.workspace
        if not (supported and supported.code_lens and supported.code_lens.refresh_support):
            return
        if self._shown or self._daemon.configuration.code_lens != "off":
            server.protocol.send_request(types.WORKSPACE_CODE_LENS_REFRESH)

    def _lens(self, document: Document, definition: Definition) -> types.CodeLens:
        start = self._daemon.codec.to_client(document.table, definition.range.start)
        image = self._daemon.image
        title = f"redefine · {self._daemon.states.of(document, definition).name}"
        if image.is_patched(document, definition):
            title += " · patched"
        return types.CodeLens(
            range=types.Range(start, start),
            command=redefine_command(title, document.uri, definition.name),
        )
