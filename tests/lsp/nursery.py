"""Daemons without the wait for their imports: a process that has made these forks one for each.

To import pygls and LSP's types takes a second of a processor, and the tests start some hundreds of
daemons. What is forked is what `python -m relive` is once it has imported: in its place, with its
environment and its standard streams, and a child of ours, whose end we are told of. How a daemon
starts from nothing is tested by those that name a command.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

_LONGEST = 1 << 20
"""Of what is said to the nursery: an environment."""


class Born:
    """A process that was forked for us; what is used of it is as of `subprocess.Popen`."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid = pid
        self.stdin = stdin
        self.stdout = stdout
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; return its exit code, or the signal that ended it, below zero."""
        if self.returncode is None:
            self._wait_until_ended(timeout)
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode

    def _wait_until_ended(self, timeout: float | None) -> None:
        handle = os.pidfd_open(self.pid)
        try:
            ended, _, _ = select.select([handle], [], [], timeout)
        finally:
            os.close(handle)
        if not ended:
            raise subprocess.TimeoutExpired("a daemon", timeout or 0)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that forks. Who asks it adopts orphans (`PR_SET_CHILD_SUBREAPER`)."""

    def __init__(self) -> None:
        self._peer, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def start(self, stderr: Path, *arguments: str) -> Born:
        """Start a daemon, as `python -m relive` with these arguments does."""
        (reads, stdin), (stdout, writes) = os.pipe(), os.pipe()
        log = os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        theirs = [reads, writes, log]
        try:
            pid = self._ask({"arguments": arguments, "environment": dict(os.environ)}, theirs)
        finally:
            for each in theirs:
                os.close(each)
        return Born(pid, os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb", buffering=0))

    def _ask(self, what: dict[str, object], streams: list[int]) -> int:
        socket.send_fds(self._peer, [json.dumps({**what, "folder": os.getcwd()}).encode()], streams)
        told = self._peer.recv(_LONGEST)
        assert told, "the nursery has ended"
        return int(told)

    def close(self) -> None:
        """End it."""
        self._peer.close()
        self._process.wait()


def _serve(peer: socket.socket) -> list[str] | None:
    """Fork when asked to; return a daemon's arguments in it, None when nobody asks any more."""
    while True:
        message, streams, _, _ = socket.recv_fds(peer, _LONGEST, 3)
        if not message:
            return None
        pid = _fork()
        if pid is None:
            wanted = json.loads(message)
            _become(wanted["folder"], wanted["environment"], streams)
            return list(wanted["arguments"])
        for each in streams:
            os.close(each)
        peer.send(str(pid).encode())


def _fork() -> int | None:
    """Fork a process whose parent is ours, since the one between ends; return its number, None in it."""
    reads, writes = os.pipe()
    with os.fdopen(reads, "rb") as told, os.fdopen(writes, "wb", buffering=0) as telling:
        between = os.fork()
        if between:
            telling.close()
            pid = int(told.read())
            os.waitpid(between, 0)
            return pid
        if pid := os.fork():
            telling.write(str(pid).encode())
            os._exit(0)
        return None


def _become(folder: str, environment: dict[str, str], streams: list[int]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)


if __name__ == "__main__":
    del sys.path[0]  # as `python -m relive` does
    from relive.__main__ import main

    with contextlib.suppress(ImportError):  # `main` tells of it
        import relive.lsp.server  # noqa: F401

    with socket.socket(fileno=int(sys.argv[1])) as asked:
        daemon = _serve(asked)
    sys.argv = ["relive", *(daemon or [])]
    sys.exit(0 if daemon is None else main(daemon))
