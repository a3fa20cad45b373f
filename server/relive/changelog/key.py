"""The user's own secret key: it tells what Relive has stored for this user from what others made.

One file in the user's state folder, never in a workspace, made the first time it is needed.
Whoever can read it can make files that look like the user's own, so it is used only if nobody else
can. Whose it is, the file itself is asked: who may write to the folder can but take it away.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

LENGTH = 32
"""Bytes of a key: as many as the hash gives that it is used with."""

_BINARY = getattr(os, "O_BINARY", 0)
_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | _BINARY
"""Follow no link, and wait for nobody at the other end of a pipe."""


class NoKey(Exception):  # noqa: N818 - what there is then
    """There is no key that can be trusted, and none could be made; the message says what to do."""


def user_key(folder: Path | None = None) -> bytes:
    """Return this user's key, made if there is none; raise `NoKey` if it may be known."""
    folder = folder or state_folder()
    file = folder / "key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.path.lexists(file):
            _make(file)
        return _read(file)
    except OSError as error:
        raise NoKey(f"the key in {file} cannot be used: {error.strerror or error}") from error


def derived(key: bytes, purpose: str) -> bytes:
    """Return the key for one purpose: what is signed for it counts for no other."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


def state_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Return the folder where Relive keeps what is this user's and of no workspace."""
    if platform == "win32":
        told = environ.get("LOCALAPPDATA")
        base = Path(told) if told else Path.home() / "AppData" / "Local"
    elif platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        told = environ.get("XDG_STATE_HOME", "")  # its specification wants it absolute
        base = Path(told) if os.path.isabs(told) else Path.home() / ".local" / "state"
    return base / "relive"


def _make(file: Path) -> None:
    """Put a new key in place, whole or not at all; one that another process made first stays."""
    temporary = file.with_name(f"key.{os.urandom(8).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        with open(descriptor, "wb") as out:
            out.write(os.urandom(LENGTH))
            out.flush()
            os.fsync(out.fileno())
        _name_if_free(temporary, file)
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)


def _name_if_free(temporary: Path, file: Path) -> None:
    try:
        os.link(temporary, file)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        os.rename(temporary, file)


def _read(file: Path) -> bytes:
    descriptor = os.open(file, os.O_RDONLY | _AS_IT_IS)
    with open(descriptor, "rb") as stream:
        status = os.fstat(stream.fileno())
        _check_own(status, file)
        key = stream.read(LENGTH + 1) if stat.S_ISREG(status.st_mode) else b""
    if len(key) != LENGTH:
        raise NoKey(
            f"the key in {file} is damaged. Delete the file and a new one is made;"
            " what was stored with the old one is not trusted any more then"
        )
    return key


def _check_own(status: os.stat_result, file: Path) -> None:
    """Raise unless the file is this user's and closed to all others."""
    if not hasattr(os, "getuid"):  # Windows: the user's own folder is closed to others
        return
    if status.st_uid != os.getuid():
        raise NoKey(f"the key in {file} belongs to another user")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise NoKey(f"others may use the key in {file}: run chmod 600 on it, or delete it")
