"""A client's messages over descriptors, without a switch between threads where that can be.

The event loop reads as soon as there is something to read; where it cannot wait for a descriptor,
as on Windows or for a file, a thread of ours does. What one moment has to say goes out in one
piece, at once if there is room for it. The rest is left to a thread, so that the loop never blocks
on an editor that does not read. The threads are daemon threads on plain descriptors: blocked in a
system call, they do not delay the end of the process.
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
_PIECES = 4
"""So many of them are written at once; what is longer is left to the thread."""
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
        self._told = self._written = self._sent = 0
        """Bytes that were to be sent, that went at once, and that the writer has sent. Each is
        counted by one thread alone."""
        self._gathered: list[bytes] = []
        """What this moment has said so far."""
        self._is_due = False
        """Whether that is about to be sent."""
        self._thread = 0
        """The loop's."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop_reading: Callable[[], object] = lambda: None
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
        self._loop, self._thread = loop, threading.get_ident()
        self._writer.start()
        frames = FrameReader()

        def readable() -> None:
            if not self._read_some(frames, on_message):
                self._stop_reading()
                on_lost()

        try:
            loop.add_reader(self._incoming, readable)
        except (NotImplementedError, OSError):
            self._read_on_thread(loop, frames, on_message, on_lost)
        else:
            self._stop_reading = lambda: loop.remove_reader(self._incoming)

    def _read_on_thread(
        self,
        loop: asyncio.AbstractEventLoop,
        frames: FrameReader,
        on_message: Callable[[bytes], None],
        on_lost: Callable[[], None],
    ) -> None:
        def deliver(body: bytes) -> None:
            loop.call_soon_threadsafe(on_message, body)

        def read() -> None:
            try:
                while self._read_some(frames, deliver):
                    pass
                loop.call_soon_threadsafe(on_lost)
            except RuntimeError:  # the loop was closed first: nobody is left to tell
                pass

        self._reader = threading.Thread(target=read, name="lsp-reader", daemon=True)
        self._reader.start()

    @property
    def backlog(self) -> int:
        """How many bytes wait for the client to read them."""
        return self._told - self._written - self._sent

    def write(self, body: bytes) -> None:
        """Send one message, with the others of this moment; never blocks."""
        if self._is_closed:  # by now the descriptor may be another's
            return
        data = frame(body)
        self._told += len(data)
        self._gathered.append(data)
        if not self._is_due and self._loop is not None:
            self._is_due = True
            is_here = threading.get_ident() == self._thread
            begin = self._loop.call_soon if is_here else self._loop.call_soon_threadsafe
            begin(self._send_gathered)

    def finish(self) -> None:
        """Take and say no more; called on the loop."""
        if not self._is_closed:
            self._send_gathered()
            self._is_closed = True
            self._stop_reading()
            self._queue.put(None)

    def close(self, timeout_s: float = 1.0) -> None:
        """Send what is queued, as far as the client still reads it."""
        self.finish()
        self._writer.join(timeout_s)

    def _send_gathered(self) -> None:
        self._is_due = False
        gathered, self._gathered = self._gathered, []
        if self._is_closed or not gathered:
            return
        data = gathered[0] if len(gathered) == 1 else b"".join(gathered)
        if self.backlog == len(data) and len(data) <= _PIECES * _SHORT_BYTES:
            data = self._write_at_once(data)
        if data:
            self._queue.put(data)

    def _write_at_once(self, data: bytes) -> bytes:
        """Write as much as there is room for; return the rest."""
        while data and _has_room(self._outgoing):
            try:
                written = os.write(self._outgoing, data[:_SHORT_BYTES])
            except OSError:  # the writer meets it, too, and says so
                break
            self._written += written
            data = data[written:]
        return data

    def _read_some(self, frames: FrameReader, deliver: Callable[[bytes], object]) -> bool:
        """Pass on what can be read, waiting for it if need be; return False at the end."""
        try:
            data = os.read(self._incoming, _CHUNK_BYTES)
            for body in frames.feed(data):
                deliver(body)
        except (OSError, FrameError) as error:
            _log.log(self._loss, "the client's messages cannot be read any more: %s", error)
            return False
        return bool(data)

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
        """Send one message, with the others of this moment; never blocks."""
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
