"""Start-up code: its user says whether it runs, by `relive/startup`, a request to the client."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable

from lsprotocol import types

from relive.lsp.daemon import Daemon
from relive.lsp.rpc import Server
from relive.lsp.startup_protocol import STARTUP, StartupAnswer, StartupParams

_log = logging.getLogger(__name__)


def register(daemon: Daemon) -> None:
    """Have the client's user asked."""
    questions = Questions(daemon.server)
    daemon.sessions.allow = questions.ask
    daemon.at_end.append(questions.withdraw)


class Questions:
    """What the user has not answered yet."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open: set[asyncio.Task[None]] = set()

    def ask(self, params: StartupParams, allowed: Callable[[bool], None]) -> None:
        """Ask; without an answer it does not run."""
        task = asyncio.ensure_future(self._ask(params, allowed))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    def withdraw(self) -> None:
        """Ask nothing any more: the client is gone."""
        for task in list(self._open):
            task.cancel()

    async def _ask(self, params: StartupParams, allowed: Callable[[bool], None]) -> None:
        question, client = str(uuid.uuid4()), self._server.protocol
        answer = StartupAnswer(False)
        try:
            answer = await client.send_request_async(STARTUP, params, question)
        except asyncio.CancelledError:
            client.notify(types.CANCEL_REQUEST, types.CancelParams(question))
        except Exception as error:  # the client cannot ask
            _log.warning("start-up code was not run: %s", error)
        allowed(answer.run)
