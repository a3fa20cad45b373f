"""Lines of input for user code: `relive/input`, a request to the client."""

from __future__ import annotations

import asyncio
import logging
import uuid

from lsprotocol import types

from relive.lsp import protocol
from relive.lsp.daemon import Daemon
from relive.lsp.folder_session import FolderSession
from relive.lsp.rpc import Server
from relive.session.events import Event, Started, StateChanged
from relive.session.requests import InputRequest, Reply

_log = logging.getLogger(__name__)


def register(daemon: Daemon) -> None:
    """Ask the client for what user code reads."""
    questions = Questions(daemon.server)
    daemon.sessions.ask = questions.ask
    daemon.sessions.listen(questions.on_event, Started, StateChanged)
    daemon.at_end.append(questions.withdraw_all)


class Questions:
    """The questions the user has not answered yet."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open: dict[asyncio.Task[None], tuple[FolderSession, int | None]] = {}
        """Whose question it is: the session, and the evaluation that reads."""

    def ask(self, session: FolderSession, request: InputRequest, reply: Reply) -> None:
        """Ask the user; `reply` is called with the line, or None for end of file."""
        task = asyncio.ensure_future(self._ask(request, reply))
        self._open[task] = (session, request.evaluation)
        task.add_done_callback(lambda _: self._open.pop(task))

    def on_event(self, session: FolderSession, event: Event) -> None:
        """Withdraw the questions of an evaluation that has ended, as by an interrupt."""
        match event:
            case Started(evaluation):
                self._withdraw(session, but=evaluation)
            case StateChanged(info) if info.state != "busy":
                self._withdraw(session, but=None)

    def withdraw_all(self) -> None:
        """Ask nothing any more: the client is gone."""
        for task in list(self._open):
            task.cancel()

    def _withdraw(self, session: FolderSession, but: int | None) -> None:
        for task, (asking, evaluation) in list(self._open.items()):
            if asking is session and evaluation is not None and evaluation != but:
                task.cancel()

    async def _ask(self, request: InputRequest, reply: Reply) -> None:
        params = protocol.InputParams(request.evaluation, request.prompt, request.password)
        question, client = str(uuid.uuid4()), self._server.protocol
        try:
            answer = await client.send_request_async(protocol.INPUT, params, question)
        except asyncio.CancelledError:
            client.notify(types.CANCEL_REQUEST, types.CancelParams(question))
            raise
        except Exception as error:  # the client cannot ask, or its user dismissed the question
            _log.info("no input: %s", error)
            answer = protocol.InputAnswer(None)
        reply(answer.text, cancelled=bool(answer.cancelled))
