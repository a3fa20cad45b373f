"""A client's messages over descriptors, a thread for each direction.

The threads are ours and not a pool's, so that no handler can keep the reader waiting, and the
event loop never blocks on an editor that does not read. Both are daemon threads on plain
descriptors: blocked in a system call, they do not delay the end of the process. What is short
and finds room is written at once, without a switch between threads.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import select
import socket
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue

from relive.lsp.frames import FrameError, FrameReader, frame

_CHUNK_BYTES = 64 * 1024
_MOST_WAITING = 64 * 1024 * 1024
"""Bytes that may wait for who has joined and does not read: it is let go, and may join again."""
_SHORT_BYTES = getattr(select, "PIPE_BUF", 0)
"""What a descriptor that is writable takes whole; Windows does not say whether one is."""
_log = logging.getLogger(__name__)


def claim_stdio() -> tuple[int, int]:
    """Return private descriptors for standard input and output, and make the usual ones harmless.

    Afterwards a stray `print` goes to stderr, not into the protocol, and a child process that
    reads its standard input finds it empty.
    """
    incoming, outgoing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt  # descriptors start in text mode there, which rewrites newlines

        msvcrt.setmode(incoming, os.O_BINARY)
        msvcrt.setmode(outgoing, os.O_BINARY)
    return incoming, outgoing


class Connection:
    """Messages to and from one client. It is also the writer that pygls sends through."""

    _loss = logging.ERROR
    """How the log is told that the client is gone while there is something to send."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._queued = self._sent = 0
        """Bytes. Each is counted by one thread alone."""
        self._is_closed = False
        self._writer = threading.Thread(target=self._write_all, name="lsp-writer", daemon=True)
        self._reader: threading.Thread | None = None

    def start(
        self,
        loop: asyncio.AbstractEventLoop,
        on_message: Callable[[bytes], None],
        on_lost: Callable[[], None],
    ) -> None:
        """Begin to read. Both callbacks run on `loop`; `on_lost` comes when reading has ended."""

        def read() -> None:
            try:
                self._read_all(lambda body: loop.call_soon_threadsafe(on_message, body))
                loop.call_soon_threadsafe(on_lost)
            except RuntimeError:  # the loop was closed first: nobody is left to tell
                pass

        self._writer.start()
        self._reader = threading.Thread(target=read, name="lsp-reader", daemon=True)
        self._reader.start()

    @property
    def backlog(self) -> int:
        """How many bytes wait for the client to read them."""
        return self._queued - self._sent

    def write(self, body: bytes) -> None:
        """Send one message; never blocks."""
        data = frame(body)
        if self._is_closed:  # by now the descriptor may be another's
            return
        if not self.backlog and len(data) <= _SHORT_BYTES and _has_room(self._outgoing):
            with contextlib.suppress(OSError):  # the writer meets it, too, and says so
                data = data[os.write(self._outgoing, data) :]
        if data:
            self._queued += len(data)
            self._queue.put(data)

    def close(self, timeout_s: float = 1.0) -> None:
        """Send what is queued, as far as the client still reads it."""
        self._is_closed = True
        self._queue.put(None)
        self._writer.join(timeout_s)

    def _read_all(self, deliver: Callable[[bytes], object]) -> None:
        frames = FrameReader()
        try:
            while data := os.read(self._incoming, _CHUNK_BYTES):
                for body in frames.feed(data):
                    deliver(body)
        except (OSError, FrameError) as error:
            _log.log(self._loss, "the client's messages cannot be read any more: %s", error)

    def _write_all(self) -> None:
        while (queued := self._queue.get()) is not None:
            data = memoryview(queued)
            try:
                while data:
                    data = data[os.write(self._outgoing, data) :]
            except OSError as error:
                # The reader sees the end of the client too, and that is what ends the daemon.
                _log.log(self._loss, "the client does not take messages any more: %s", error)
                return
            self._sent += len(queued)


class SocketConnection(Connection):
    """A client that has joined by the daemon's socket; such come and go."""

    _loss = logging.INFO

    def __init__(self, peer: socket.socket) -> None:
        super().__init__(peer.fileno(), peer.fileno())
        self._peer = peer

    def write(self, body: bytes) -> None:
        """Send one message; never blocks."""
        super().write(body)
        if self.backlog > _MOST_WAITING:
            _log.error("a client does not read, and is let go")
            self._hang_up()

    def close(self, timeout_s: float = 1.0) -> None:
        """Send what is queued, as far as the client still reads it, and hang up."""
        super().close(timeout_s)
        self._hang_up()
        for thread in (self._writer, self._reader):
            if thread is not None:
                thread.join()
        self._peer.close()

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):  # it has done so itself
            self._peer.shutdown(socket.SHUT_RDWR)


def _has_room(descriptor: int) -> bool:
    """Return whether a short write does not wait for whoever reads."""
    watched = select.poll()
    watched.register(descriptor, select.POLLOUT)
    return any(event == select.POLLOUT for _, event in watched.poll(0))
