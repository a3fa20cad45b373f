"""Recovering what a process that has ended had run: `relive.recoverable`, `relive.recover`.

A process that ends against the user's wish is told of at once, and one that did before the folder
was opened when it is. Nothing is replayed unless it is asked for.
"""

from __future__ import annotations

import asyncio
from functools import partial

from lsprotocol import types

from relive.changelog.history import History
from relive.changelog.sessions import Life
from relive.lsp import commands, log_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.log_convert import Entries
from relive.lsp.replaying import NOT_LOGGED, recover
from relive.session.events import Event, StateChanged
from relive.session.logged import iso
from relive.session.recovery import (
    Choice,
    evaluations,
    find_life,
    judged,
    life_of_entry,
    news,
    offered,
)

_LIVES = 50
_NOBODY_SAW = "Relive was ended, or the machine was"


def register(daemon: Daemon) -> None:
    """Offer recovery to the client."""
    on_command = daemon.server.on_command
    on_command(commands.RECOVERABLE, commands.RecoverableParams, partial(_recoverable, daemon))
    on_command(commands.LIVES, commands.LivesParams, partial(_lives, daemon))
    on_command(commands.RECOVER, commands.RecoverParams, partial(_recover, daemon))
    on_command(commands.DISMISS_RECOVERY, commands.DismissRecoveryParams, partial(_dismiss, daemon))
    offers = Offers(daemon)
    daemon.sessions.listen(offers.on_event, StateChanged)
    daemon.sessions.on_folder = offers.look_at
    daemon.at_begin.append(offers.look_at_all)


class Offers:
    """Tells the client what can be recovered, each once."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._told: set[tuple[str, int]] = set()
        self._looking: set[asyncio.Task[None]] = set()
        """The event loop itself does not keep tasks alive."""
        self._initialized = False

    def look_at_all(self) -> None:
        """See what the folders have to recover, now that the client can be told."""
        self._initialized = True
        for folder in self._daemon.sessions.folders():
            self.look_at(folder)

    def look_at(self, folder: types.WorkspaceFolder) -> None:
        """See what a folder has to recover."""
        if self._initialized and self._daemon.configuration.logs:
            session = self._daemon.sessions.of_folder(folder)
            self._look(folder.uri, None if session is None else session.log_id)

    def on_event(self, session: FolderSession, event: Event) -> None:
        """See what the end of a process has left to recover."""
        died = isinstance(event, StateChanged) and event.info.state == "dead"
        if died and session.folder is not None and session.log is not None:
            self._look(session.folder, session.log_id)

    def _look(self, folder: str, own: str | None) -> None:
        task = asyncio.ensure_future(self._tell(folder, own))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _tell(self, folder: str, own: str | None) -> None:
        found = await asyncio.to_thread(_offer, History(file_of(folder)), own)
        if found is None:
            return
        life, evaluations = found
        if (life.session, life.number) not in self._told:
            self._told.add((life.session, life.number))
            reason = life.reason or _NOBODY_SAW
            params = log_protocol.RecoveryOfferedParams(
                life.session, life.number, evaluations, reason, folder
            )
            self._daemon.outbox.post(log_protocol.RECOVERY_OFFERED, params)


def _offer(history: History, own: str | None) -> tuple[Life, int] | None:
    """Return what can be recovered, and how many entries it has."""
    life = offered(history, own)
    if life is None:
        return None
    return life, evaluations(history, life)


async def _lives(daemon: Daemon, params: commands.LivesParams) -> list[log_protocol.Life]:
    history = daemon.sessions.chosen(params.uri).history
    recorded = [] if history is None else await asyncio.to_thread(history.sessions)
    lives = [
        _told(life, alive=session.alive and life is session.lives[-1])
        for session in recorded
        for life in reversed(session.lives)
        if life.entries
    ]
    return lives[: _LIVES if params.limit is None else max(params.limit, 0)]


def _told(life: Life, *, alive: bool) -> log_protocol.Life:
    return log_protocol.Life(
        session=life.session,
        life=life.number,
        at=iso(life.at),
        ended=None if life.ended is None else iso(life.ended),
        how=life.how or ("running" if alive else "unseen"),
        reason=life.reason,
        evaluations=life.entries,
        mark=life.mark,
    )


async def _recoverable(
    daemon: Daemon, params: commands.RecoverableParams
) -> log_protocol.Recoverable | None:
    session = daemon.sessions.chosen(params.uri)
    life = await _life(session, params.session, params.life)
    if life is None or session.history is None:
        return None
    reading = await asyncio.to_thread(session.history.entries, life.session, life.number)
    found = list(news(reading))
    told = await asyncio.to_thread(judged, found)
    last = found[-1].at if found else life.at
    return log_protocol.Recoverable(
        session=life.session,
        life=life.number,
        folder=session.folder,
        reason=life.reason or _NOBODY_SAW,
        at=iso(life.ended or last),
        entries=await Entries(daemon, session.log_id).all_judged(told),
        damaged=reading.missing,
    )


async def _recover(daemon: Daemon, params: commands.RecoverParams) -> log_protocol.ReplayedSession:
    session = daemon.sessions.chosen(params.uri)
    if session.history is None:
        raise RefusedError(NOT_LOGGED)
    ids = None if params.entries is None else tuple(params.entries)
    life = await _life(session, params.session, params.life, ids or ())
    if life is None:
        raise RefusedError("There is nothing to recover.")
    return await recover(daemon, session, life, Choice(ids, params.omit_last))


async def _dismiss(daemon: Daemon, params: commands.DismissRecoveryParams) -> None:
    session = daemon.sessions.chosen(params.uri)
    if session.log is None:
        raise RefusedError(NOT_LOGGED)
    if await _life(session, params.session, params.life) is None:
        raise RefusedError(f"The log has no life {params.life} of {params.session}.")
    session.log.mark(params.session, params.life, "dismissed")


async def _life(
    session: FolderSession, id_: str | None, number: int | None, ids: tuple[str, ...] = ()
) -> Life | None:
    """Return the life that is meant: by name, by its entries, or else the one to be offered."""
    history = session.history
    if history is None:
        return None
    if id_ is not None and number is not None:
        return await asyncio.to_thread(find_life, history, id_, number)
    if ids:
        return await asyncio.to_thread(life_of_entry, history, ids[0])
    return await asyncio.to_thread(offered, history, session.log_id)
