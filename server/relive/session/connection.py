"""The daemon's end of a channel: never blocks, whatever the worker does."""

from __future__ import annotations

import os
import socket
from typing import Any

from relive.source.margins import between
from relive.wire.frames import Decoder, encode
from relive.wire.texts import TextsSent

_CHUNK_BYTES = 64 * 1024
"""As much as an allocator hands out without asking the system each time."""


class Connection:
    """A non-blocking stream socket carrying messages both ways."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._decoder = Decoder()
        self._texts = TextsSent(between)
        self._unsent = bytearray()
        self._descriptors: list[int] = []
        """Copies of those that go along with the next bytes."""

    def fileno(self) -> int:
        """Return the descriptor to watch; -1 once closed."""
        return self._socket.fileno()

    @property
    def wants_to_write(self) -> bool:
        """Whether something waits until the socket takes more."""
        return bool(self._unsent)

    def send(self, message: Any, descriptors: tuple[int, ...] = ()) -> None:
        """Send `message`, now or as soon as the socket takes it. A dead peer is not an error.

        Descriptors come to the peer no later than the message; the caller may close its own.
        """
        self._descriptors += map(os.dup, descriptors)
        self._unsent += encode(self._texts.shortened(message))
        self.flush()

    def flush(self) -> None:
        """Write what the socket takes."""
        try:
            while self._unsent:
                del self._unsent[: self._send_some()]
        except BlockingIOError:
            pass
        except OSError:  # the worker is gone, which its exit will tell
            self._unsent.clear()
            self._let_go_of_descriptors()

    def _send_some(self) -> int:
        if not self._descriptors:
            return self._socket.send(self._unsent)
        sent = socket.send_fds(self._socket, [self._unsent], self._descriptors)
        self._let_go_of_descriptors()
        return sent

    def _let_go_of_descriptors(self) -> None:
        while self._descriptors:
            os.close(self._descriptors.pop())

    def receive(self) -> tuple[list[dict[str, Any]], bool]:
        """Return the messages that are there, and whether more may come.

        Raises:
            FrameError: what came is not of the protocol.
        """
        try:
            data = self._socket.recv(_CHUNK_BYTES)
        except BlockingIOError:
            return [], True
        except OSError:
            return [], False
        return list(self._decoder.feed(data)), bool(data)

    def close(self) -> None:
        """Close the socket; the worker sees the end of the stream."""
        self._let_go_of_descriptors()
        self._socket.close()
