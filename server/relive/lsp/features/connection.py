"""Coming to a daemon that runs, and ending it for all: `relive.shown`, `relive.shutDown`."""

from __future__ import annotations

import asyncio

from relive.lsp import connection_protocol as shapes
from relive.lsp import protocol
from relive.lsp.daemon import Daemon
from relive.lsp.shown_again import shown_again


def register(daemon: Daemon) -> None:
    """Offer both to the client."""

    async def shown(params: shapes.ShownParams) -> shapes.Shown:
        return _shown(daemon, params.uri)

    async def shut_down(_params: shapes.ShutDownParams) -> None:
        asyncio.get_running_loop().call_soon(daemon.end_all)  # this is answered first

    daemon.server.on_command(shapes.SHOWN, shapes.ShownParams, shown)
    daemon.server.on_command(shapes.SHUT_DOWN, shapes.ShutDownParams, shut_down)


def _shown(daemon: Daemon, uri: str | None) -> shapes.Shown:
    opened = daemon.documents.all() if uri is None else [daemon.documents.get(uri)]
    results, output, dropped = [], [], 0
    for document in opened:
        session = daemon.sessions.existing(document.uri)
        if session is not None:
            results += shown_again(daemon, session, document)
    for session in daemon.sessions.all() if uri is None else []:
        missed, left_out = session.standing.take_missed()
        dropped += left_out
        output += [protocol.OutputParams(of, each.stream, each.text) for of, each in missed]
    return shapes.Shown(results, output, dropped)
