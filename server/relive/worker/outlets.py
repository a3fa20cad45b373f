"""A standard stream that several write to, each marked as whose output it is.

Each origin has a buffer of its own, so half a line of one is never sent as another's. All lead to
the same pipe: what is written keeps its place among the output of C code and children, and is there
after a crash. A marked piece is no longer than what a pipe takes at once, so that nothing gets
between mark and text.
"""

from __future__ import annotations

import io
import os
from _thread import get_ident
from _weakref import ref

from relive.wire import marks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.interrupt import Interrupts
    from relive.worker.origins import Origin

_fstat, _write, _get_ident = os.fstat, os.write, get_ident


class Outlet:
    """One of `sys.stdout` and `sys.stderr`, and the buffers of those that write beside."""

    def __init__(self, stream: io.TextIOWrapper, fd: int, interrupts: Interrupts) -> None:
        self.stream = stream
        self._pipe = _Pipe(fd, interrupts)
        self._others: dict[int, tuple[ref[Origin], io.TextIOWrapper]] = {}
        """By the origin's identity."""
        self._dropped: list[tuple[ref[Origin], io.TextIOWrapper]] = []
        self.writer: Callable[[], Origin | None] = lambda: None
        """Says who writes, if it is not what runs."""
        self._asking = self._make_asking(stream.write, stream.flush)

    def be_terminal(self, wanted: bool) -> None:
        """Have the stream say that it is a terminal, as long as it leads to the daemon."""
        own = vars(self.stream)
        own.pop("isatty", None)
        if wanted:
            own["isatty"] = self._pipe.is_ours

    def tell_apart(self, wanted: bool) -> None:
        """Have each write ask who is writing, or none; what user code put in place stays."""
        own = vars(self.stream)
        for name, ours in self._asking.items():
            if wanted:
                own.setdefault(name, ours)
            elif own.get(name) is ours:
                del own[name]

    def begin_statement(self) -> None:
        """Mark that what follows is a later statement's."""
        try:
            self._pipe.mark_statement()
        except OSError:  # user code has closed it: nobody reads what follows
            pass

    def flush_others(self) -> None:
        """Write out what is in the buffers of all but what runs."""
        for _, stream in list(self._others.values()):
            try:
                stream.flush()
            except Exception:
                continue  # the descriptor may be closed: no concern of ours

    def forget_others(self) -> None:
        """Drop the buffers with what is in them; a thread may have held the lock of one."""
        self._dropped += self._others.values()
        for _, stream in self._dropped:
            stream.buffer.raw.is_dropped = True  # type: ignore[attr-defined]
        self._others = {}

    def _make_asking(
        self, write: Callable[[str], int], flush: Callable[[], None]
    ) -> dict[str, Callable[..., Any]]:
        """Return the stream's methods as they are while several write."""

        def write_as_whose(text: str, /) -> int:
            origin = self.writer()
            return write(text) if origin is None else self._of(origin).write(text)

        def flush_as_whose() -> None:
            origin = self.writer()
            if origin is None:
                flush()
            else:
                self._of(origin).flush()

        return {"write": write_as_whose, "flush": flush_as_whose}

    def _of(self, origin: Origin) -> io.TextIOWrapper:
        found = self._others.get(id(origin))
        return self._make(origin) if found is None else found[1]

    def _make(self, origin: Origin) -> io.TextIOWrapper:
        key = id(origin)
        like, buffer = self.stream, io.BufferedWriter(_Marking(self._pipe, origin.number))
        stream = io.TextIOWrapper(buffer, like.encoding, like.errors, "\n", line_buffering=True)
        gone = ref(origin, lambda _: self._others.pop(key, None))
        return self._others.setdefault(key, (gone, stream))[1]


class _Pipe:
    """A descriptor that leads to the daemon, unless user code has led it elsewhere."""

    def __init__(self, fd: int, interrupts: Interrupts) -> None:
        self.fd = fd
        self._interrupts = interrupts
        self._most = _most_at_once(fd) - marks.LONGEST
        self._main = _get_ident()
        self._place = self._where()

    def write(self, owner: int, data: Any) -> int:
        """Write some of `data` as the owner's; return how much."""
        if not self.is_ours():
            return _write(self.fd, data)  # into a file of the user's, where marks are none
        piece = bytes(data[: self._most])
        if _get_ident() == self._main:
            with self._interrupts.held_back():  # or what was written might be written again
                _write(self.fd, marks.mark(owner, len(piece)) + piece)
        else:
            _write(self.fd, marks.mark(owner, len(piece)) + piece)
        return len(piece)

    def mark_statement(self) -> None:
        """Write that a statement begins, unless user code would find it in a file of its own."""
        if self.is_ours():
            _write(self.fd, marks.mark(marks.STATEMENT, 0))

    def is_ours(self) -> bool:
        """Whether it still leads to the daemon."""
        return self._where() == self._place

    def _where(self) -> tuple[int, int]:
        return _fstat(self.fd)[1:3]


def _most_at_once(fd: int) -> int:
    """Return how many bytes the pipe takes at once; what POSIX promises where it does not say."""
    try:
        return os.fpathconf(fd, "PC_PIPE_BUF")
    except (AttributeError, OSError, ValueError):
        return 512


class _Marking(io.RawIOBase):
    """The bottom of a stream whose text is marked as one origin's."""

    def __init__(self, pipe: _Pipe, owner: int) -> None:
        self._pipe = pipe
        self._owner = owner
        self.is_dropped = False
        """Whether this is a forked child's copy, with what a thread of the parent has written."""

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._pipe.fd

    def write(self, data: Any, /) -> int:
        """Write some of `data`; the buffer above goes on with the rest."""
        return len(data) if self.is_dropped else self._pipe.write(self._owner, data)
