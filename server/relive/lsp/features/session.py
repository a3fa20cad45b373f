"""The session as a whole: its state, `relive.interrupt`, `relive.restart`, `relive.stop`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter

from relive.lsp import commands, convert, log_protocol, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.folder_session import FolderSession
from relive.lsp.replaying import restart_and_replay
from relive.session.answers import SessionInfo
from relive.session.events import Event, StateChanged
from relive.session.recovery import Choice

_COUNTS_DELAY_S = 0.1
"""A thousand evaluations that are asked for at once are not a thousand news."""
_COUNTS = frozenset(("queued", "evaluations", "checkpoints"))
_NO_COUNTS: Callable[[SessionInfo], tuple[object, ...]] = attrgetter(
    *(each.name for each in fields(SessionInfo) if each.name not in _COUNTS)
)
"""Returns a state without its counts."""


def register(daemon: Daemon) -> None:
    """Offer control of the session to the client."""

    async def interrupt(params: commands.InterruptParams) -> protocol.InterruptAnswer:
        chosen = daemon.sessions.all()
        if params.uri is not None:
            chosen = [daemon.sessions.chosen(params.uri)]
        stopped = [session.interrupt(params.id, bool(params.terminate)) for session in chosen]
        return protocol.InterruptAnswer(any(stopped))

    async def restart(params: commands.RestartParams) -> log_protocol.ReplayedSession:
        chosen = daemon.sessions.chosen(params.uri)
        if params.replay:
            return await restart_and_replay(daemon, chosen, _choice(params))
        return convert.replayed(await chosen.restart(), None)

    async def stop(params: commands.StopParams) -> protocol.SessionInfo:
        return convert.session(daemon.sessions.chosen(params.uri).stop())

    async def session(params: commands.SessionRequestParams) -> protocol.SessionInfo:
        return convert.session(daemon.sessions.chosen(params.uri).info)

    teller = Teller(daemon)
    copies = Copies(daemon)

    def tell(session: FolderSession, event: Event) -> None:
        if isinstance(event, StateChanged):
            teller.changed(session, event.info)
            if event.info.pid is None or event.info.state == "starting":
                daemon.image.forget(session)
            else:
                copies.changed(session, event.info)

    on_command = daemon.server.on_command
    on_command(commands.INTERRUPT, commands.InterruptParams, interrupt)
    on_command(commands.RESTART, commands.RestartParams, restart)
    on_command(commands.STOP, commands.StopParams, stop)
    on_command(commands.SESSION, commands.SessionRequestParams, session)
    daemon.sessions.listen(tell, StateChanged)


def _choice(params: commands.RestartParams) -> Choice:
    """Return what is replayed: who asks for a replay knows what has run just before."""
    ids = None if params.entries is None else tuple(params.entries)
    return Choice(ids, params.omit_last or 0 if ids is None else None)


class Teller:
    """Tells the client of sessions' states: at once, or soon if only their counts have changed."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._told: dict[FolderSession, tuple[object, ...]] = {}
        """What each has told, without its counts."""
        self._soon: dict[FolderSession, asyncio.TimerHandle] = {}

    def changed(self, session: FolderSession, info: SessionInfo) -> None:
        """Take note that the session is in another state, or has more or less to do."""
        if self._told.get(session) != _NO_COUNTS(info):
            self._tell(session, info)
        elif session not in self._soon:
            loop = asyncio.get_running_loop()
            self._soon[session] = loop.call_later(_COUNTS_DELAY_S, self._tell_later, session)

    def _tell_later(self, session: FolderSession) -> None:
        self._tell(session, session.info)

    def _tell(self, session: FolderSession, info: SessionInfo) -> None:
        waiting = self._soon.pop(session, None)
        if waiting is not None:
            waiting.cancel()
        self._told[session] = _NO_COUNTS(info)
        params = convert.session_params(info, session.folder)
        self._daemon.outbox.post(protocol.SESSION_CHANGED, params)


class Copies:
    """Asks each copy that has come back by itself what it holds: no evaluation may follow."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._asked: dict[FolderSession, int] = {}
        """The generation of the last one."""

    def changed(self, session: FolderSession, info: SessionInfo) -> None:
        """Take note of a session's state: one that waits answers at once."""
        waits = info.state in ("idle", "held")
        if info.came_back is None or not waits or self._asked.get(session) == info.generation:
            return
        self._asked[session] = info.generation
        self._daemon.look_again(session)
