"""The worker's end of a channel: messages in, one at a time, and messages out, whole."""

from __future__ import annotations

import _socket
import os
from _thread import allocate_lock

from relive.wire.frames import Decoder, encode
from relive.wire.texts import TextsReceived

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.interrupt import Interrupts

_CHUNK_BYTES = 64 * 1024


class Channel:
    """A stream socket inherited from the daemon. Any thread may send; one thread receives."""

    def __init__(self, fd: int, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self.begin(fd)

    def begin(self, fd: int) -> None:
        """Be the end of this stream, about which nothing is known yet."""
        self._socket = _socket.socket(fileno=fd)
        self._socket.setblocking(True)
        os.set_inheritable(fd, False)
        self._recv = self._socket.recv
        self._sendall = self._socket.sendall
        self._decoder = Decoder()
        self._texts = TextsReceived()
        self._ready: list[dict[str, Any]] = []
        self._posted: list[bytes] = []
        """What goes out with the next message."""
        self._sending = allocate_lock()
        self.is_dropped = False
        """Whether this is a forked child's copy: the worker it belongs to is another process."""

    @property
    def fd(self) -> int:
        """The descriptor, for waiting until there is something to receive."""
        return self._socket.fileno()

    @property
    def has_request(self) -> bool:
        """Whether there is something to receive, be it the end."""
        if self._ready or self.is_dropped:
            return True
        try:
            self._recv(1, _socket.MSG_PEEK | _socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        return True

    @property
    def is_sending(self) -> bool:
        """Whether a message is under way: it may be this very thread that is in the midst of it."""
        return self._sending.locked()

    def send(self, message: Any) -> None:
        """Send `message`; a signal or another thread never leaves half of one."""
        if self.is_dropped:
            return
        data = encode(message)
        with self._interrupts.held_back(), self._sending:
            if self._posted:
                data = b"".join((*self._posted, data))
                self._posted.clear()
            self._sendall(data)

    def post(self, message: Any) -> None:
        """Send `message` with the next one, which no code of the user's is to come before."""
        if not self.is_dropped:
            self._posted.append(encode(message))

    def receive(self) -> dict[str, Any]:
        """Wait for the next message.

        Raises:
            EOFError: the daemon has closed its end, or it is not ours.
        """
        if self.is_dropped:
            raise EOFError
        while not self._ready:
            data = self._recv(_CHUNK_BYTES)
            if not data:
                raise EOFError
            self._ready = list(self._decoder.feed(data))
        return self._texts.complete(self._ready.pop(0))

    def drop(self) -> None:
        """Let go of the channel in a forked child: what it runs goes on, and nobody hears of it."""
        if not self.is_dropped:  # by the child whose child this is
            self.is_dropped = True
            self._ready.clear()
            self._posted.clear()
            os.close(self._socket.detach())
