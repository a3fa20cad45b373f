"""The user's own key: what was written with it was written by this user, on this machine."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from pathlib import Path

_SIZE = 32


class NoKey(Exception):  # noqa: N818 - what there is then
    """There is no key that can be trusted; says why, and what to do."""


def user_key(folder: Path | None = None) -> bytes:
    """Return the user's key; the first time, make it.

    Args:
        folder: where it is kept, if not in the user's state folder.
    """
    folder = folder or state_folder()
    file = folder / "key"
    try:
        if not file.exists():
            _make(folder, file)
        return _read(file)
    except OSError as error:
        words = f"the key that marks logs as yours cannot be kept in {folder}: {error.strerror}"
        raise NoKey(words) from error


def state_folder() -> Path:
    """Return where programs of this user keep what outlives them."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "relive"
    state = os.environ.get("XDG_STATE_HOME", "")
    base = Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state"
    return base / "relive"


def _make(folder: Path, file: Path) -> None:
    """Make the key whole and at once: of two that try, one wins, and both read the same."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f"key.{secrets.token_hex(8)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(_SIZE))
        os.fsync(descriptor)
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        os.close(descriptor)
        fresh.unlink()


def _read(file: Path) -> bytes:
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        _check(os.fstat(descriptor), file)
        key = os.read(descriptor, _SIZE + 1)
    finally:
        os.close(descriptor)
    if len(key) != _SIZE:
        raise NoKey(f"{file} is not a key of Relive's; delete it, and a new one is made")
    return key


def _check(found: os.stat_result, file: Path) -> None:
    if found.st_uid != os.geteuid():
        raise NoKey(f"{file} belongs to another user; delete it, and a new one is made")
    if not stat.S_ISREG(found.st_mode) or found.st_mode & 0o077:
        raise NoKey(f"{file} can be read by others; delete it, and a new one is made")
