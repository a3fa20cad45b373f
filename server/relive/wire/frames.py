"""Length-prefixed JSON messages over a byte stream: encoding, and an incremental decoder."""

from __future__ import annotations

from _json import encode_basestring_ascii, make_encoder, make_scanner
from _struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing is not imported at run time: the worker's start-up counts
    from collections.abc import Iterator
    from typing import Any

_HEADER = Struct(">4sI")
_MARK = b"rlv\x02"
"""Begins every frame: bytes that strayed into the stream, or half a message, are noticed at once
and not taken for the length of a message that never ends."""

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""Largest message either side accepts. Values and output are cut far below it; a document's
whole text is the largest thing that is ever sent."""


def _refuse(value: object) -> Any:
    raise TypeError(f"{type(value).__name__} is no JSON data")


class _Plain:
    """What `json` tells its scanner when nothing special is asked for."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


# The parts that are written in C, and bound now: user code in the worker may replace the attributes
# of `json`, and redefine its functions in place.
_chunks = make_encoder(None, _refuse, encode_basestring_ascii, None, ":", ",", False, False, True)
_scan = make_scanner(_Plain())  # type: ignore[arg-type]


class FrameError(Exception):
    """The peer sent something that is not a message of this protocol."""


def encode(message: Any) -> bytes:
    """Return `message`, a dict of JSON data, as one frame."""
    # The encoder escapes all that is not ASCII, surrogates too.
    body = "".join(_chunks(message, 0)).encode("ascii")
    return _HEADER.pack(_MARK, len(body)) + body


class Decoder:
    """Turns chunks of bytes, cut anywhere, into messages."""

    def __init__(self, limit: int = MAX_MESSAGE_BYTES) -> None:
        self._buffer = bytearray()
        self._limit = limit

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Yield the messages that `data` completes.

        Raises:
            FrameError: the stream cannot be read any further.
        """
        self._buffer += data
        while len(self._buffer) >= _HEADER.size:
            mark, size = _HEADER.unpack_from(self._buffer)
            if mark != _MARK:
                raise FrameError("what came is not the beginning of a message")
            if size > self._limit:
                raise FrameError(f"a message of {size} bytes; {self._limit} is the limit")
            end = _HEADER.size + size
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[_HEADER.size : end])
            del self._buffer[:end]
            yield _message(body)


def _message(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode("utf-8")
        message, end = _scan(text, 0)
    except (ValueError, RecursionError, StopIteration, SystemError) as error:
        # The last: the scanner finds no `json`, whose error it would raise.
        raise FrameError(f"not JSON: {error}") from error
    if end != len(text):
        raise FrameError("a message is one object and nothing after it")
    if not isinstance(message, dict) or not isinstance(message.get("op"), str):
        raise FrameError("a message is an object with an 'op'")
    return message
