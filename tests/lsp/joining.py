"""Other connections to the daemons of tests, and daemons that nobody has started over pipes."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsp.driver import DEADLINE_S, Client, Joined, wait_for_end_of
from relive.lsp import rendezvous


def socket_of(client: Client) -> str:
    """Return where the daemon listens that `client` has started, by pipes."""
    client.execute("relive.queue", {})  # it listens once it was told that the client is ready
    return next(each.socket for each in rendezvous.find() if each.pid == client.process.pid)


@dataclass
class Served:
    """A daemon that serves whoever joins."""

    process: subprocess.Popen[bytes]
    socket: str
    log: Path

    def join(self, *folders: Path, **more: Any) -> Joined:
        """Return another connection, which has said hello."""
        joined = Joined(self.log, self.socket)
        joined.initialize(*folders, **more)
        return joined


@contextlib.contextmanager
def serving(folder: Path, keep_s: float = 0.0) -> Iterator[Served]:
    """A `relive serve`, which has to end by itself."""
    log = folder / "serve.log"
    command = [sys.executable, "-m", "relive", "serve", "--keep", str(keep_s)]
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr
        )
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    assert told["pid"] == process.pid
    try:
        yield Served(process, told["socket"], log)
        assert process.wait(DEADLINE_S) == 0, log.read_text()
        assert "Traceback" not in log.read_text(), log.read_text()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def pid_of(client: Client) -> int:
    """Return the worker's, once there is one."""
    client.execute("relive.evaluateText", {"text": "1"})
    return int(client.execute("relive.session", {})["pid"])


__all__ = ["Served", "pid_of", "serving", "socket_of", "wait_for_end_of"]
