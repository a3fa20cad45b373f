"""A console as a process, over pipes or in a terminal, and what it has written."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

DEADLINE_S = 60.0
"""For one wait, on a loaded machine. Only a failing test ever waits this long."""

COMMAND = (sys.executable, "-m", "relive", "console")


class Console:
    """One console. `until` goes on from where the last one ended, so nothing is taken twice."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.seen = ""
        self._mark = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._half = ""
        """The begin of a line's end, of which the rest has not been read yet."""
        self._closed = False
        self._folder = folder
        self._start([*COMMAND, str(folder), *arguments], _environment(environment))

    def _start(self, command: list[str], environment: Mapping[str, str]) -> None:
        read, write = os.pipe()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=write, stderr=write, env=environment
        )
        os.close(write)
        assert self.process.stdin is not None
        self._reads, self._writes = read, self.process.stdin.fileno()

    def say(self, text: str) -> None:
        """Send text as it is."""
        os.write(self._writes, text.encode())

    def until(self, text: str) -> str:
        """Return what was written up to `text`, once that is there."""
        end = time.monotonic() + DEADLINE_S
        while (place := self.seen.find(text, self._mark)) < 0:
            assert self._read(end), f"no {text!r} in {self.rest!r}"
        found = self.seen[self._mark : place]
        self._mark = place + len(text)
        return found

    @property
    def rest(self) -> str:
        """What no `until` has taken yet."""
        return self.seen[self._mark :]

    def end(self) -> int:
        """Wait until it has ended; return its exit code."""
        end = time.monotonic() + DEADLINE_S
        while self._read(end):
            pass
        return self.process.wait(DEADLINE_S)

    def leave(self) -> None:
        """End what it reads, and wait until it has ended."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.end()
        self.close()

    def close(self) -> None:
        """End it, if it has not ended, and what it has started."""
        if self._closed:
            return
        self._closed = True
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(DEADLINE_S)
        os.close(self._reads)
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self._reads], [], [], max(0, end - time.monotonic()))
        try:
            data = os.read(self._reads, 65536) if ready else b""
        except OSError:  # the terminal's other end is closed
            data = b""
        self._take(data)
        return bool(data)

    def _take(self, data: bytes) -> None:
        """Add what was read, wherever that is cut: in a character, in the end of a line."""
        text = self._half + self._decoder.decode(data, final=not data)
        self._half = "\r" if data and text.endswith("\r") else ""
        self.seen += text.removesuffix(self._half).replace("\r\n", "\n")


class Terminal(Console):
    """A console in a terminal of its own."""

    def _start(self, command: list[str], environment: Mapping[str, str]) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one thread
        )
        os.close(theirs)
        self._reads = self._writes = ours


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NO_COLOR", "FORCE_COLOR", "PYTHON_COLORS", "VIRTUAL_ENV")
    }
    # Nobody is there to say where the cursor is.
    return {**kept, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **more}
