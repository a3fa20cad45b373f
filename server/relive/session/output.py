"""Reading what a worker writes to its standard output and error, and elsewhere."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os

_CHUNK_BYTES = 64 * 1024
_PIPE_BYTES = 1024 * 1024
"""Asked of the kernel for each pipe: fewer switches between writer and reader in a flood."""

OUTPUT_LIMIT = 1_000_000
"""Characters of output kept and passed on for one evaluation; the rest is read and dropped."""


class Pipe:
    """The read end of what the worker writes to one descriptor."""

    def __init__(self) -> None:
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with contextlib.suppress(OSError):  # over this user's quota: the default size does
                fcntl.fcntl(self._read_end, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        # Split characters wait for their rest; bytes that are no UTF-8 show as escapes.
        self.is_closed = False
        """Whether the end was read: all who could write have closed it."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def fileno(self) -> int:
        """Return the descriptor to watch; -1 once closed."""
        return self._read_end

    def close_write_end(self) -> None:
        """Leave writing to the worker."""
        os.close(self.write_end)

    def read(self) -> str:
        """Return the text that is there, one chunk of it; empty if there is none now."""
        try:
            data = os.read(self._read_end, _CHUNK_BYTES)
        except BlockingIOError:
            return ""
        self.is_closed = not data
        return self._decoder.decode(data, final=not data)

    def close(self) -> None:
        """Close the read end."""
        if self._read_end >= 0:
            os.close(self._read_end)
            self._read_end = -1
