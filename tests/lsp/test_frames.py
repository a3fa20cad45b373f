"""The framing of messages, and what is done with a stream that has none."""

from __future__ import annotations

import pytest

from lsp.frames_corpus import BODIES, STREAM
from relive.lsp.frames import MAX_BODY_BYTES, FrameError, FrameReader


@pytest.mark.parametrize("size", range(1, 24))
def test_chunks_of_any_size_give_the_same_messages(size: int) -> None:
    reader = FrameReader()
    chunks = [STREAM[start : start + size] for start in range(0, len(STREAM), size)]
    assert [body for chunk in chunks for body in reader.feed(chunk)] == BODIES


@pytest.mark.parametrize(
    "header",
    [
        b"content-length: 2\r\n\r\n",
        b"Content-Length:2\r\n\r\n",
        b"Content-Type: application/vscode-jsonrpc\r\nCONTENT-LENGTH: 2\r\n\r\n",
        b"Content-Length: 2\n\n",
    ],
)
def test_headers_are_read_leniently(header: bytes) -> None:
    assert list(FrameReader().feed(header + b"{}")) == [b"{}"]


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: x\r\n\r\n",
        b"Content-Length: many\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1),
        b"Content-Length: 99999999999999999999999999\r\n\r\n",
        b"x" * 100_000,
    ],
)
def test_a_header_without_a_usable_length_ends_the_stream(header: bytes) -> None:
    with pytest.raises(FrameError):
        list(FrameReader().feed(header))
