"""Exports, and imports of notebooks: `relive.exportSession` and its like.

What carries them out is loaded when the first is asked for.
"""

from __future__ import annotations

from functools import partial

from relive.lsp import export_protocol as messages
from relive.lsp.daemon import Daemon


def register(daemon: Daemon) -> None:
    """Offer them to the client."""
    on_command = daemon.server.on_command
    on_command(
        messages.EXPORT_SESSION, messages.ExportSessionParams, partial(_export_session, daemon)
    )
    on_command(
        messages.EXPORT_RESULTS, messages.ExportResultsParams, partial(_export_results, daemon)
    )
    on_command(messages.IMPORT_NOTEBOOK, messages.ImportNotebookParams, _import)


async def _export_session(
    daemon: Daemon, params: messages.ExportSessionParams
) -> messages.Exported:
    from relive.lsp.exporting import export_session

    return await export_session(daemon, params)


async def _export_results(
    daemon: Daemon, params: messages.ExportResultsParams
) -> messages.Exported:
    from relive.lsp.exporting import export_results

    return await export_results(daemon, params)


async def _import(params: messages.ImportNotebookParams) -> messages.ImportedNotebook:
    from relive.lsp.exporting import import_notebook

    return await import_notebook(params)
