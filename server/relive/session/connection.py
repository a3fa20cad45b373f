"""The daemon's end of a channel: never blocks, whatever the worker does."""

from __future__ import annotations

import socket
from typing import Any

from relive.wire.frames import Decoder, encode
from relive.wire.texts import TextsSent

_CHUNK_BYTES = 256 * 1024


class Connection:
    """A non-blocking stream socket carrying messages both ways."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._decoder = Decoder()
        self._texts = TextsSent()
        self._unsent = bytearray()

    def fileno(self) -> int:
        """Return the descriptor to watch; -1 once closed."""
        return self._socket.fileno()

    @property
    def wants_to_write(self) -> bool:
        """Whether something waits until the socket takes more."""
        return bool(self._unsent)

    def send(self, message: Any) -> None:
        """Send `message`, now or as soon as the socket takes it. A dead peer is not an error."""
        self._unsent += encode(self._texts.shortened(message))
        self.flush()

    def flush(self) -> None:
        """Write what the socket takes."""
        try:
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError:  # the worker is gone, which its exit will tell
            self._unsent.clear()

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
        self._socket.close()
