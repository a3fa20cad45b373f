"""The daemon as a language server: everything is put together here."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys

from relive.lsp.daemon import Daemon
from relive.lsp.features import (
    captures,
    code_actions,
    code_lens,
    configuration,
    connection,
    definitions,
    documents,
    editor_names,
    evaluate,
    exporting,
    from_here,
    history,
    holding,
    input,  # noqa: A004 - the feature of that name
    keeping,
    names,
    patches,
    pins,
    problems,
    recovery,
    redefine,
    rewinding,
    saving,
    session,
    staleness,
    startup,
    target,
    tests,
    values,
    variables,
    versions,
    watching,
)
from relive.lsp.host import Host
from relive.lsp.lifetime import stop_on_signals
from relive.lsp.registry import Registry
from relive.lsp.rpc import Server
from relive.lsp.transport import Connection, claim_stdio

_FIRST_S = 30.0
"""How long who started the daemon has to connect."""

_log = logging.getLogger(__name__)

_FEATURES = (
    configuration,
    documents,
    evaluate,
    from_here,
    holding,
    rewinding,
    captures,
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
    connection,
    startup,
    history,
    recovery,
    staleness,
    values,
    variables,
    exporting,
    names,
    editor_names,
    target,
    watching,
    code_actions,
    code_lens,
    input,
)


def make_daemon(registry: Registry | None = None) -> Daemon:
    """Return what serves one connection, with all features; `registry` has the sessions."""
    daemon = Daemon(Server(), registry)
    for feature in _FEATURES:
        feature.register(daemon)
    return daemon


def run(daemon: Daemon | None = None) -> int:
    """Serve standard input and output until the client is gone; return the exit code."""
    _log_to_stderr()
    connection = Connection(*claim_stdio())
    return asyncio.run(_serve(daemon or make_daemon(), connection))


async def _serve(daemon: Daemon, connection: Connection) -> int:
    host = Host(daemon.registry, make_daemon)
    stop_on_signals(host.stop)
    daemon.at_begin.append(host.listen_if_possible)
    code = await host.serve(daemon, connection)
    await host.until_nobody_is_there()
    await host.close()
    connection.close()
    return code


def run_without_client(keep_s: float) -> int:
    """Serve those who connect, until nobody has been there for so long; return the exit code."""
    _log_to_stderr()
    return asyncio.run(_serve_others(claim_stdio()[1], keep_s))


async def _serve_others(told: int, keep_s: float) -> int:
    from relive.lsp.rendezvous import NoRendezvousError  # late: who has an editor listens later

    host = Host(Registry(), make_daemon, keep_s)
    stop_on_signals(host.stop)
    try:
        line = {"socket": host.listen(), "pid": os.getpid()}
    except NoRendezvousError as error:
        _log.error("%s", error)
        return 2
    _say(told, line)
    await host.until_somebody_is_there(max(keep_s, _FIRST_S))
    await host.until_nobody_is_there()
    await host.close()
    return 0


def _say(told: int, line: dict[str, object]) -> None:
    """Say where we are, to whoever started us: nothing else is ever written there."""
    with contextlib.suppress(OSError):
        os.write(told, json.dumps(line).encode() + b"\n")
    os.close(told)


def _log_to_stderr() -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s"
    )
    # It logs whole messages, which are the user's code and values.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
