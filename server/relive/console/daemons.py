"""The daemon that a console talks to: one that runs already, else one that is started."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from relive.console.client import Client
from relive.lsp import rendezvous
from relive.lsp.frames import FrameError
from relive.lsp.rendezvous import Found, NoRendezvousError

_CHUNK_BYTES = 64 * 1024
_LAST_WORDS_BYTES = 4000
_GRACE_S = 5.0
"""For a daemon to end: it takes three at the most."""


class CannotStartError(Exception):
    """There is no daemon, and none can be started; the message says why."""


class Link:
    """The way to a daemon, over a socket or the pipes of a child."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        child: subprocess.Popen[bytes] | None = None,
    ) -> None:
        self.client = Client(writer.write)
        self._writer = writer
        self._child = child
        self._reading = asyncio.ensure_future(self._read(reader))

    async def close(self) -> None:
        """Leave the daemon; a child ends with that, and what it has started, unless others stay."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):  # others have joined it
                await asyncio.to_thread(self._child.wait, _GRACE_S)
        await asyncio.wait([self._reading])

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while data := await reader.read(_CHUNK_BYTES):
                self.client.receive(data)
        except (OSError, FrameError):  # it is as good as gone
            pass
        finally:
            self.client.end()


def running(folder: Path) -> list[Found]:
    """Return the daemons in one of whose folders `folder` is, the latest to start first."""
    try:
        return rendezvous.around(folder) if rendezvous.IS_POSSIBLE else []
    except NoRendezvousError:  # who starts one is told of it
        return []


def folder_of(found: Found, folder: Path) -> Path:
    """Return the workspace folder of a daemon that `folder` is in, the innermost."""
    around = (each for each in map(Path, found.folders) if folder.is_relative_to(each))
    return max(around, key=lambda each: len(each.parts))


async def join(path: str) -> Link:
    """Return a way to the daemon that listens at `path`; OSError: there is none."""
    peer = rendezvous.connect(path)
    return Link(*await asyncio.open_unix_connection(sock=peer))


async def serve(folder: Path, keep_s: float) -> Link:
    """Start a daemon that others can join, and that goes on for a while without anybody.

    It has a session of the system's own, or a Ctrl+C meant for what runs would end it.

    Raises:
        CannotStartError: it says why.
        OSError: nobody listens where it says.
    """
    process = subprocess.Popen(
        command("serve", "--keep", str(keep_s)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    line = await asyncio.to_thread(process.stdout.readline)
    if not line:
        words = await asyncio.to_thread(process.stderr.read, _LAST_WORDS_BYTES)
        raise CannotStartError(words.decode(errors="replace").strip())
    return await join(json.loads(line)["socket"])


async def start(folder: Path) -> Link:
    """Start a daemon of our own, which ends with us."""
    ours, theirs = socket.socketpair()
    with theirs:
        child = subprocess.Popen(
            command("lsp"),
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL,  # ours may be a pipe that somebody reads to its end
            cwd=folder,
            start_new_session=True,
        )
    return Link(*await asyncio.open_unix_connection(sock=ours), child)


def command(*arguments: str) -> list[str]:
    """Return the command line of ours that runs `arguments`, with the libraries we run with."""
    launcher = Path(__file__).parents[2] / "launch.py"
    is_unpacked = launcher.parent.name == "server" and launcher.exists()
    ours = [str(launcher)] if is_unpacked else ["-m", "relive"]
    return [sys.executable, "-I", *ours, *arguments]


def interpreter(folder: Path, environment: Mapping[str, str]) -> str:
    """Return the Python that a person in `folder` would mean: an environment's, else the PATH's."""
    inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    active = environment.get("VIRTUAL_ENV")
    places = [Path(active)] if active else []
    for place in (*places, folder / ".venv"):
        if (place / inside).exists():
            return str(place / inside)
    return shutil.which("python3") or shutil.which("python") or sys.executable
