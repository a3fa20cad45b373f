"""Reading what a worker writes to its standard output and error, and elsewhere."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import select
import time
from collections.abc import Iterator

from relive.session.answers import Stream
from relive.session.driver import REST_S
from relive.session.marked import divide
from relive.wire.marks import STATEMENT

_CHUNK_BYTES = 64 * 1024
_PIPE_BYTES = 1024 * 1024
"""Asked of the kernel for each pipe: fewer switches between writer and reader in a flood."""

_QUICK_S = 2 * REST_S
"""Within which one read follows another in a flood, also after a rest."""
_QUICK_READS = 16
"""So many in a row are a flood: what a program prints now and then is read at once."""

_DECODER = codecs.getincrementaldecoder("utf-8")

Piece = tuple[int | None, str]
"""Text, and the number of the evaluation it is of: None where the writer does not say.

`STATEMENT` instead says that the next statement begins, and comes without text.
"""

OUTPUT_LIMIT = 1_000_000
"""Characters of output kept and passed on for one evaluation; the rest is read and dropped."""


class Pipe:
    """The read end of what the worker writes to one descriptor."""

    def __init__(self) -> None:
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._is_roomy = False
        """Whether it takes what is written in a flood while nobody reads for a moment."""
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with contextlib.suppress(OSError):  # over this user's quota: the default size does
                fcntl.fcntl(self._read_end, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
                self._is_roomy = True
        self.is_closed = False
        """Whether the end was read: all who could write have closed it."""
        self._begun = b""
        """A marked piece of which only the beginning was read."""
        self._is_empty = False
        """Whether the latest read has left nothing."""
        self._latest_s = 0.0
        """When it was last woken for, and how often in quick succession."""
        self._quick_reads = 0
        self._decoders: dict[int | None, codecs.IncrementalDecoder] = {}
        """Of each owner, whose split characters wait for their rest."""

    def fileno(self) -> int:
        """Return the descriptor to watch; -1 once closed."""
        return self._read_end

    def close_write_end(self) -> None:
        """Leave writing to the worker."""
        os.close(self.write_end)

    def read(self) -> list[Piece]:
        """Return what is there, one chunk of it, by owner; empty if there is nothing now."""
        try:
            data = os.read(self._read_end, _CHUNK_BYTES)
            self.is_closed = not data
        except BlockingIOError:
            data = b""
        if not data and not self._begun and not self.is_closed:
            return []
        pieces, self._begun = divide(self._begun + data)
        self._is_empty = len(data) < _CHUNK_BYTES
        if self._is_empty:  # all that was written was read: no mark goes on behind it
            pieces.append((None, self._begun))
            self._begun = b""
        if self.is_closed:
            pieces += [(owner, b"") for owner in self._decoders]
        texts = [(owner, self._text(owner, data)) for owner, data in pieces]
        return [(owner, text) for owner, text in texts if text or owner == STATEMENT]

    def comes_in_crumbs(self) -> bool:
        """Note that something was there to read; return whether little was, time and again.

        A program that prints in a loop writes line by line. Read as soon as it is there, each line
        would cost a switch to the reader, who is slower than the writer then.
        """
        now = time.monotonic()
        is_quick = now - self._latest_s < _QUICK_S
        self._latest_s = now
        self._quick_reads = self._quick_reads + 1 if is_quick else 0
        return self._is_roomy and self._is_empty and self._quick_reads > _QUICK_READS

    def _text(self, owner: int | None, data: bytes) -> str:
        """Return what there is to decode; most pieces are a statement's mark and no text."""
        return self._decode(owner, data) if data or owner in self._decoders else ""

    def _decode(self, owner: int | None, data: bytes) -> str:
        """Return the characters that are whole; bytes that are no UTF-8 show as escapes."""
        decoder = self._decoders.pop(owner, None) or _DECODER("backslashreplace")
        text = decoder.decode(data, final=self.is_closed)
        if decoder.getstate()[0]:
            self._decoders[owner] = decoder
        return text

    def close(self) -> None:
        """Close the read end."""
        if self._read_end >= 0:
            os.close(self._read_end)
            self._read_end = -1


class Pipes:
    """All that a worker writes to besides its channels."""

    def __init__(self) -> None:
        self.outputs: dict[Stream, Pipe] = {"stdout": Pipe(), "stderr": Pipe()}
        self.stacks = Pipe()
        """Where the interpreter writes the stacks of its threads."""
        self._written = select.poll()
        for pipe in self.outputs.values():
            self._written.register(pipe.fileno(), select.POLLIN)

    def __iter__(self) -> Iterator[Pipe]:
        yield from (*self.outputs.values(), self.stacks)

    def has_written(self) -> bool:
        """Whether there may be something to read in `outputs`: one question about both of them."""
        return bool(self._written.poll(0))

    def close_write_ends(self) -> None:
        """Leave writing to the worker."""
        for pipe in self:
            pipe.close_write_end()

    def close(self) -> None:
        """Close the read ends."""
        for pipe in self:
            pipe.close()
