"""A connection whose client knows LSP alone: our own messages are put in those that it knows.

It says so by `"plain"` in its `initializationOptions`. The features are as for everybody else; what
they tell by messages of ours goes through `tell`, and what they answer is completed here.
"""

from __future__ import annotations

import asyncio
from typing import Any

from lsprotocol import types

from relive.lsp import log_protocol, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.folder_session import FolderSession
from relive.lsp.plain.actions import Actions
from relive.lsp.plain.doing import Doing
from relive.lsp.plain.hover import Hover
from relive.lsp.plain.showing import Diagnostics, Way, showing
from relive.lsp.plain.words import Said, info, redefinition, warning
from relive.lsp.rpc import Handler
from relive.session.requests import InputRequest, Reply

_REFRESH_DELAY_S = 0.05
"""A statement that is done is told of by several messages."""
_EDIT_DELAY_S = 0.3
_CANNOT_ASK = "The code asks for input, which this editor cannot ask you for, and has found its end"


def serve(daemon: Daemon, way: Way | None) -> None:
    """Serve a client that knows LSP alone; `way`: how it shows values."""
    PlainClient(daemon, way)


class PlainClient:
    """Tells such a client what happens."""

    def __init__(self, daemon: Daemon, way: Way | None) -> None:
        self._daemon = daemon
        self._showing = showing(daemon, way)
        self._refreshing: asyncio.TimerHandle | None = None
        doing = Doing(daemon.server, self._say)
        daemon.at_end += [doing.stop, self._stop]
        daemon.server.around(types.TEXT_DOCUMENT_CODE_ACTION, Actions(daemon).at)
        daemon.server.around(types.TEXT_DOCUMENT_HOVER, Hover(daemon).at)
        daemon.server.around(types.TEXT_DOCUMENT_DID_CHANGE, self._changed)
        daemon.outbox.tell_by(self.tell)
        daemon.image.listen(lambda _: self._refresh_soon(_REFRESH_DELAY_S))
        daemon.sessions.ask = self._ask

    def tell(self, method: str, params: Any) -> None:
        """Tell the client what it is told by a message that may be ours."""
        self._refresh_soon(_REFRESH_DELAY_S)
        if isinstance(params, types.PublishDiagnosticsParams) and self._takes_diagnostics(params):
            return
        if not method.startswith("relive/"):
            self._daemon.server.protocol.notify(method, params)
        elif isinstance(params, protocol.OutputParams):
            self._log(params.text)
        else:
            said = _said(params)
            if said is not None:
                self._say(said)

    def _takes_diagnostics(self, params: types.PublishDiagnosticsParams) -> bool:
        if not isinstance(self._showing, Diagnostics):
            return False
        self._showing.take(params)
        return True

    async def _changed(self, others: Handler, params: types.DidChangeTextDocumentParams) -> None:
        await others(params)
        self._refresh_soon(_EDIT_DELAY_S)

    def _refresh_soon(self, delay: float) -> None:
        if self._refreshing is None:
            loop = asyncio.get_running_loop()
            self._refreshing = loop.call_later(delay, self._refresh)

    def _refresh(self) -> None:
        self._refreshing = None
        self._showing.refresh()

    def _stop(self) -> None:
        if self._refreshing is not None:
            self._refreshing.cancel()

    def _say(self, said: Said) -> None:
        params = types.ShowMessageParams(said.kind, said.text)
        self._daemon.server.window_show_message(params)

    def _log(self, text: str) -> None:
        params = types.LogMessageParams(types.MessageType.Log, text)
        self._daemon.server.window_log_message(params)

    def _ask(self, _session: FolderSession, request: InputRequest, reply: Reply) -> None:
        """Say that nobody can be asked; a console that joins the session can be."""
        asked = f" ({request.prompt.strip()})" if request.prompt.strip() else ""
        self._say(warning(f"{_CANNOT_ASK}{asked}. Evaluate it in `relive console` to answer."))
        reply(None)


def _said(params: Any) -> Said | None:
    """Return what is to be said of something that nobody has asked for."""
    match params:
        case protocol.RedefinedParams():
            return redefinition(params.redefinition)
        case protocol.SessionParams(state="dead", reason=reason):
            return warning(f"The process has ended: {reason}")
        case protocol.UnresponsiveParams():
            return warning(params.message)
        case log_protocol.RecoveryOfferedParams():
            return info(
                "What a process had run can be brought back: `relive.recover` brings definitions, "
                "imports and plain data."
            )
    return None
