"""Where daemons of a user are found: a folder that only this user can look into.

Each daemon that listens leaves `<pid>.json` there, which says what it is, and the socket that it
names. Whoever finds one that nobody listens on any more takes it away. Standard library alone: a
console looks here before it has anything of a language server.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import stat
import struct
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from relive import __version__
from relive.source.quick_dataclasses import dataclass

IS_POSSIBLE = hasattr(socket, "AF_UNIX") and hasattr(os, "getuid")
"""Whether there can be one: not on Windows."""

_LONGEST = 100
"""Bytes of a socket's path, which systems allow 104 or 108 of."""
_PATIENCE_S = 2.0
"""For a daemon to take a connection: one that is suspended does not."""


class NoRendezvousError(Exception):
    """The folder cannot be used. The message is for the user and says what to do."""


@dataclass(frozen=True)
class Found:
    """A daemon that listens."""

    pid: int
    version: str
    folders: list[str]
    """The paths of its workspace folders."""
    started: float
    """When, in seconds since 1970."""
    socket: str
    """The path of its socket."""
    host: str
    """The machine it runs on: the folder may be on a disk that several have."""

    @property
    def is_ours(self) -> bool:
        """Whether it is of this version of Relive: another's messages may be others."""
        return self.version == __version__


class Place:
    """A daemon's own entry in the folder."""

    def __init__(self) -> None:
        self.listener, self.socket = _listen()
        self._entry = folder() / f"{Path(self.socket).stem}.json"
        self._started = time.time()
        self._told: list[str] | None = None

    def tell(self, folders: Iterable[str]) -> None:
        """Say which folders are open."""
        told = list(folders)
        if told != self._told:
            self._told = told
            found = Found(
                os.getpid(), __version__, told, self._started, self.socket, socket.gethostname()
            )
            _write(self._entry, json.dumps(asdict(found)))

    def accept(self) -> socket.socket | None:
        """Return who wants to connect; None: nobody any more, or somebody who may not."""
        try:
            peer, _ = self.listener.accept()
        except OSError:
            return None
        if not is_of_this_user(peer):
            peer.close()
            return None
        peer.setblocking(True)
        return peer

    def close(self) -> None:
        """Be found no more."""
        self.listener.close()
        _remove(self._entry, Path(self.socket))


def folder() -> Path:
    """Return the folder, made if need be.

    Raises:
        NoRendezvousError: it is not this user's alone.
    """
    if not IS_POSSIBLE:
        raise NoRendezvousError("Python has no Unix sockets here, so nothing can be joined.")
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(given) and os.path.isdir(given):
        return _private(Path(given, "relive"))
    cache = Path.home() / ".cache" / "relive"
    with _told_in_words(cache):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _private(cache / "run")


def find() -> list[Found]:
    """Return the daemons of this user that listen, the latest to start first."""
    found = [each for each in _entries(folder()) if each.host == socket.gethostname()]
    return sorted(found, key=lambda each: -each.started)


def around(path: Path) -> list[Found]:
    """Return those of this version in one of whose folders `path` is."""
    return [
        each
        for each in find()
        if each.is_ours and any(path.is_relative_to(folder) for folder in each.folders)
    ]


def connect(path: str) -> socket.socket:
    """Return a connection to the daemon that listens at `path`.

    Raises:
        OSError: nobody does, or somebody who is not this user.
    """
    peer = socket.socket(socket.AF_UNIX)
    try:
        peer.settimeout(_PATIENCE_S)
        peer.connect(path)
        if not is_of_this_user(peer):
            raise PermissionError(errno.EACCES, "it is somebody else's", path)
        peer.settimeout(None)
    except BaseException:
        peer.close()
        raise
    return peer


def is_of_this_user(peer: socket.socket) -> bool:
    """Whether the process at the other end is this user's. Elsewhere the folder is the guard."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    shape = struct.Struct("3i")
    data = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, shape.size)
    return bool(shape.unpack(data)[1] == os.getuid())


def _listen() -> tuple[socket.socket, str]:
    """Return a socket that listens, and its path: never that of a daemon that lives."""
    where = _short_folder(folder())
    for number in range(100):
        path = where / (f"{os.getpid()}-{number}.sock" if number else f"{os.getpid()}.sock")
        if not _is_dead(str(path)):  # a process of this number in another container
            continue
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(str(path))
            path.chmod(0o600)
            listener.listen(16)
            listener.setblocking(False)
        except OSError as error:
            listener.close()
            raise NoRendezvousError(f"No socket can be made at {path}: {error}.") from error
        return listener, str(path)
    raise NoRendezvousError(f"{where} is full of sockets.")


def _is_dead(path: str) -> bool:
    """Whether nobody listens there."""
    try:
        connect(path).close()
    except (FileNotFoundError, ConnectionRefusedError):
        return True
    except OSError:  # it may be busy, or not ours
        return False
    return False


def _short_folder(where: Path) -> Path:
    """Return where sockets are: where the path of the folder is too long, in one with a shorter."""
    longest = where / "4194304-99.sock"
    if len(os.fsencode(longest)) <= _LONGEST:
        return where
    return _private(Path("/tmp", f"relive-{os.getuid()}"))


def _private(path: Path) -> Path:
    """Return a folder that is this user's alone, made if need be."""
    with _told_in_words(path):
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
        found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NoRendezvousError(f"{path} is no folder, or a link to one. Take it away.")
    if found.st_uid != os.getuid():
        raise NoRendezvousError(
            f"{path} is another user's. Set XDG_RUNTIME_DIR to a folder of your own."
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise NoRendezvousError(f"Others can use {path}. Make it yours alone: chmod 700 '{path}'")
    return path


@contextlib.contextmanager
def _told_in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoRendezvousError(f"{path} cannot be used: {error.strerror}.") from error


def _entries(where: Path) -> Iterator[Found]:
    for entry in sorted(where.glob("*.json")):
        found = _read(entry)
        if found is None or found.host != socket.gethostname():
            continue
        if _is_dead(found.socket):
            _remove(entry, Path(found.socket))
        else:
            yield found


def _read(entry: Path) -> Found | None:
    try:
        return Found(**json.loads(entry.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # gone by now, or of another version
        return None


def _write(entry: Path, text: str) -> None:
    """Write it whole or not at all."""
    draft = entry.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, entry)


def _remove(*paths: Path) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()
