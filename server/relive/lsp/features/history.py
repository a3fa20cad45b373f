"""The change log's entries: `relive.history`, `relive.entry`."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import islice

from relive.changelog.entries import Entry
from relive.changelog.history import History
from relive.lsp import commands, log_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.log_convert import Entries
from relive.session.logged import newest_news

_LIMIT = 100
_MOST = 10**9
"""More than a log can have."""


def register(daemon: Daemon) -> None:
    """Offer the change log to the client."""
    on_command = daemon.server.on_command
    on_command(commands.HISTORY, commands.HistoryParams, partial(_history, daemon))
    on_command(commands.ENTRY, commands.EntryParams, partial(_entry, daemon))


async def _history(
    daemon: Daemon, params: commands.HistoryParams
) -> list[log_protocol.HistoryEntry]:
    session = daemon.sessions.chosen(params.uri)
    if session.history is None:
        return []
    file = None if params.uri is None else file_of(params.uri)
    if session.folder is not None and file == file_of(session.folder):
        file = None
    limit = _LIMIT if params.limit is None else min(max(params.limit, 0), _MOST)
    found = await asyncio.to_thread(_newest, session.history, file, limit, params.before)
    return await Entries(daemon, session.log_id).all(found)


def _newest(history: History, file: str | None, limit: int, before: str | None) -> list[Entry]:
    return list(islice(newest_news(history, file, limit, before), limit))


async def _entry(daemon: Daemon, params: commands.EntryParams) -> log_protocol.EntryText:
    session = daemon.sessions.chosen(params.uri)
    found = None
    if session.history is not None:
        found = await asyncio.to_thread(session.history.entry, params.id)
    if found is None:
        raise RefusedError(f"The log has no entry {params.id}: it is too old, or damaged.")
    entry = Entries(daemon, session.log_id).entry(found, whole=True)
    return log_protocol.EntryText(entry, found.change.document)
