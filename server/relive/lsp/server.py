"""The daemon as a language server on standard input and output: everything is put together here."""

from __future__ import annotations

import asyncio
import logging
import sys

from relive.lsp.daemon import Daemon
from relive.lsp.features import (
    code_actions,
    code_lens,
    configuration,
    definitions,
    documents,
    evaluate,
    history,
    input,  # noqa: A004 - the feature of that name
    keeping,
    patches,
    pins,
    problems,
    recovery,
    redefine,
    saving,
    session,
    staleness,
    target,
    tests,
    values,
    versions,
    watching,
)
from relive.lsp.lifetime import exit_at_the_latest, stop_on_signals
from relive.lsp.rpc import Server
from relive.lsp.transport import Connection, claim_stdio

_FEATURES = (
    configuration,
    documents,
    evaluate,
    redefine,
    saving,
    patches,
    keeping,
    versions,
    definitions,
    pins,
    tests,
    problems,
    session,
    history,
    recovery,
    staleness,
    values,
    target,
    watching,
    code_actions,
    code_lens,
    input,
)


def make_daemon() -> Daemon:
    """Return a daemon with all features."""
    daemon = Daemon(Server())
    for feature in _FEATURES:
        feature.register(daemon)
    return daemon


def run(daemon: Daemon | None = None) -> int:
    """Serve standard input and output until the client is gone; return the exit code."""
    _log_to_stderr()
    connection = Connection(*claim_stdio())
    return asyncio.run(_serve(daemon or make_daemon(), connection))


async def _serve(daemon: Daemon, connection: Connection) -> int:
    server = daemon.server
    stop_on_signals(server.stop)
    code = await server.serve(connection)
    exit_at_the_latest(code)
    daemon.close()
    connection.close()
    return code


def _log_to_stderr() -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s"
    )
    # It logs whole messages, which are the user's code and values.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
