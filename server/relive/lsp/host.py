"""The process: the connections it serves side by side, and when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from relive.lsp.daemon import Daemon
from relive.lsp.lifetime import exit_at_the_latest
from relive.lsp.registry import Registry
from relive.lsp.transport import Connection, SocketConnection

if TYPE_CHECKING:
    from relive.lsp.rendezvous import Place

_log = logging.getLogger(__name__)

MakeDaemon = Callable[[Registry], Daemon]


class Host:
    """Serves those who connect, each as if it were alone, until nobody is there any more."""

    def __init__(self, registry: Registry, make_daemon: MakeDaemon, keep_s: float = 0.0) -> None:
        self._registry = registry
        self._make_daemon = make_daemon
        self._keep_s = keep_s
        self._serving: set[Daemon] = set()
        self._tasks: set[asyncio.Task[int]] = set()
        """The event loop itself does not keep tasks alive."""
        self._place: Place | None = None
        self._ending = False
        self._somebody, self._nobody = asyncio.Event(), asyncio.Event()
        """Whether anybody is connected; both, once all is to end."""
        self._note()

    def listen(self) -> str:
        """Have clients connect from now on; return the socket's path.

        Raises:
            NoRendezvousError: nobody could find it, or too many.
        """
        from relive.lsp.rendezvous import Place  # late: most daemons answer their editor first

        place = self._place = Place()
        asyncio.get_running_loop().add_reader(place.listener.fileno(), self._accept)
        self._registry.changed = self._tell_folders
        self._tell_folders()
        return place.socket

    def listen_if_possible(self) -> None:
        """Do so, unless it cannot be, of which only the log is told."""
        from relive.lsp.rendezvous import IS_POSSIBLE, NoRendezvousError

        if IS_POSSIBLE and self._place is None and not self._ending:
            try:
                self.listen()
            except (NoRendezvousError, OSError) as error:
                _log.warning("no console can join: %s", error)

    async def serve(self, daemon: Daemon, connection: Connection) -> int:
        """Serve one connection from its begin to its end; return the exit code it asks for."""
        daemon.end_all = self.stop
        self._serving.add(daemon)
        self._note()
        try:
            code = await daemon.server.serve(connection)
        finally:
            self._serving.discard(daemon)
            self._note()
        if not self._serving and (self._ending or not self._keep_s):
            self._begin_end(code)
        try:
            daemon.close()
        except Exception:  # a defect of ours; the others' sessions are worth more than that
            _log.exception("the end of a connection failed")
        return code

    async def until_somebody_is_there(self, patience_s: float) -> bool:
        """Wait until somebody connects, but not for ever; return whether one did."""
        try:
            return await asyncio.wait_for(self._somebody.wait(), patience_s)
        except asyncio.TimeoutError:
            return False

    async def until_nobody_is_there(self) -> None:
        """Wait until nobody has been connected for as long as sessions are kept."""
        while not self._ending:
            await self._nobody.wait()
            # Who came may have gone by now: from then on it is kept as long again.
            came = await self.until_somebody_is_there(self._keep_s)
            if not came and not self._serving:
                return

    def stop(self) -> None:
        """End all connections."""
        self._begin_end(0)
        for daemon in self._serving:
            daemon.server.stop()

    async def close(self) -> None:
        """Be found no more, end the sessions, and send what is still to be said."""
        self._begin_end(0)
        if self._place is not None:
            asyncio.get_running_loop().remove_reader(self._place.listener.fileno())
            self._place.close()
        self._registry.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin_end(self, code: int) -> None:
        """Let nobody in any more, and have the process end even if something hangs."""
        if not self._ending:
            self._ending = True
            exit_at_the_latest(code)
            self._note()

    def _note(self) -> None:
        for event, holds in ((self._somebody, self._serving), (self._nobody, not self._serving)):
            if holds or self._ending:
                event.set()
            else:
                event.clear()

    def _accept(self) -> None:
        peer = None if self._place is None else self._place.accept()
        if peer is not None:  # one that only looks whether anybody listens says nothing
            asyncio.get_running_loop().add_reader(peer.fileno(), self._begin, peer)

    def _begin(self, peer: socket.socket) -> None:
        """Serve who has said a first word."""
        asyncio.get_running_loop().remove_reader(peer.fileno())
        if self._ending or not _has_words(peer):
            peer.close()
            return
        task = asyncio.ensure_future(self._serve_peer(peer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve_peer(self, peer: socket.socket) -> int:
        connection = SocketConnection(peer)
        daemon = self._make_daemon(self._registry)
        try:
            return await self.serve(daemon, connection)
        finally:
            await asyncio.sleep(0)  # the answer to what has ended it is about to be given
            connection.finish()
            await asyncio.to_thread(connection.close)

    def _tell_folders(self) -> None:
        if self._place is not None:
            with contextlib.suppress(OSError):  # the folder may be gone by now
                self._place.tell(self._registry.folders())


def _has_words(peer: socket.socket) -> bool:
    try:
        return bool(peer.recv(1, socket.MSG_PEEK))
    except OSError:
        return False
