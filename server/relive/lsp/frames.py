"""The LSP base protocol's framing: header lines, an empty line, a body. No I/O, no JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_BODY_BYTES = 256 * 1024 * 1024
"""Far above any document an editor synchronises; a length beyond it is a broken header, and
waiting for that many bytes would wait for ever."""

_MAX_HEADER_BYTES = 16 * 1024
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HEADER_END = re.compile(rb"\r?\n\r?\n")


class FrameError(Exception):
    """The stream cannot be divided into messages any further."""


class FrameReader:
    """Turns chunks of bytes, cut anywhere, into message bodies."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._body_bytes: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the bodies that `data` completes.

        Raises:
            FrameError: a header gives no usable length, so that the next message's begin is lost.
        """
        self._buffer += data
        while self._body_bytes is not None or self._take_header():
            size = self._body_bytes or 0
            if len(self._buffer) < size:
                return
            body = bytes(self._buffer[:size])
            del self._buffer[:size]
            self._body_bytes = None
            yield body

    def _take_header(self) -> bool:
        end = _HEADER_END.search(self._buffer)
        if end is None:
            if len(self._buffer) > _MAX_HEADER_BYTES:
                raise FrameError("a header without an end")
            return False
        length = _LENGTH.search(self._buffer, 0, end.start() + 1)
        if length is None:
            raise FrameError("a header without a Content-Length")
        self._body_bytes = int(length[1])
        if self._body_bytes > MAX_BODY_BYTES:
            raise FrameError(
                f"a message of {self._body_bytes} bytes; {MAX_BODY_BYTES} is the limit"
            )
        del self._buffer[: end.end()]
        return True


def frame(body: bytes) -> bytes:
    """Return `body` with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
