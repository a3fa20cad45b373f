"""The daemon's stdin and stdout as a stream of messages, a thread for each direction.

The threads are ours and not a pool's, so that no handler can keep the reader waiting, and the
event loop never blocks on an editor that does not read. Both are daemon threads on plain
descriptors: blocked in a system call, they do not delay the end of the process.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue

from relive.lsp.frames import FrameError, FrameReader, frame

_CHUNK_BYTES = 64 * 1024
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

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._writer = threading.Thread(target=self._write_all, name="lsp-writer", daemon=True)

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
        threading.Thread(target=read, name="lsp-reader", daemon=True).start()

    def write(self, body: bytes) -> None:
        """Send one message; never blocks."""
        self._queue.put(body)

    def close(self, timeout_s: float = 1.0) -> None:
        """Send what is queued, as far as the client still reads it."""
        self._queue.put(None)
        self._writer.join(timeout_s)

    def _read_all(self, deliver: Callable[[bytes], object]) -> None:
        frames = FrameReader()
        try:
            while data := os.read(self._incoming, _CHUNK_BYTES):
                for body in frames.feed(data):
                    deliver(body)
        except (OSError, FrameError) as error:
            _log.error("the client's messages cannot be read any more: %s", error)

    def _write_all(self) -> None:
        while (body := self._queue.get()) is not None:
            data = memoryview(frame(body))
            try:
                while data:
                    data = data[os.write(self._outgoing, data) :]
            except OSError as error:
                # The reader sees the end of the client too, and that is what ends the daemon.
                _log.error("the client does not take messages any more: %s", error)
                return
