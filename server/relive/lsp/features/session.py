"""The session as a whole: its state, `relive.interrupt` and `relive.restart`."""

from __future__ import annotations

from relive.lsp import commands, convert, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.failures import RefusedError
from relive.lsp.sessions import FolderSession
from relive.session.events import Event, StateChanged


def register(daemon: Daemon) -> None:
    """Offer control of the session to the client."""

    async def interrupt(params: commands.InterruptParams) -> protocol.InterruptAnswer:
        chosen = daemon.sessions.all()
        if params.uri is not None:
            chosen = [daemon.sessions.chosen(params.uri)]
        stopped = [session.interrupt(params.id, bool(params.terminate)) for session in chosen]
        return protocol.InterruptAnswer(any(stopped))

    async def restart(params: commands.RestartParams) -> protocol.SessionInfo:
        if params.replay:
            raise RefusedError("There is no log to replay. Restart without `replay`.")
        return convert.session(await daemon.sessions.chosen(params.uri).restart())

    async def session(params: commands.SessionRequestParams) -> protocol.SessionInfo:
        return convert.session(daemon.sessions.chosen(params.uri).info)

    def tell(session: FolderSession, event: Event) -> None:
        if isinstance(event, StateChanged):
            params = convert.session_params(event.info, session.folder)
            daemon.outbox.post(protocol.SESSION_CHANGED, params)
            if event.info.state in ("starting", "dead"):  # what was loaded is gone
                daemon.image.refresh_soon(session)

    on_command = daemon.server.on_command
    on_command(commands.INTERRUPT, commands.InterruptParams, interrupt)
    on_command(commands.RESTART, commands.RestartParams, restart)
    on_command(commands.SESSION, commands.SessionRequestParams, session)
    daemon.sessions.listen(tell)
