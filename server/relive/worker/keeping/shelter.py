"""The folder of kept values: files that only this user's own sessions have written are read.

A file is a line that says what it is, a code that only who has the user's key can make, what has
to be so for its values to be taken, and the values. The code is over all of it and the file's
own name. It is checked on the very bytes that are unpickled afterwards, before that.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from _blake2 import blake2b  # see `content.py`
from _operator import _compare_digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HEAD = b"relive kept 1\n"
_MAC = 32
_SIZE = 8
_SUFFIX = ".kept"
_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_ABANDONED_S = 86_400
"""Seconds after which a file that was never finished is nobody's any more."""


class UnfitError(Exception):
    """A file or folder that is not to be trusted, or cannot be used; says why."""


class Kept:
    """A file's content, checked."""

    def __init__(self, conditions: dict[str, Any], data: bytes) -> None:
        self.conditions = conditions
        self.data = data


class Shelter:
    """The kept values of one workspace."""

    def __init__(self, folder: str, key: bytes, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        """Bytes that all of them may take together."""
        self._key = key

    def read(self, mark: str) -> Kept | None:
        """Return what is kept under `mark`, None if nothing is.

        Raises:
            UnfitError: there is something that is not this user's own.
        """
        path = self._path(mark)
        try:
            self._check_folder()
            descriptor = os.open(path, os.O_RDONLY | _AS_IT_IS)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnfitError(f"{path}: {error.strerror}") from None
        with open(descriptor, "rb") as stream:
            _check_own(os.fstat(stream.fileno()), path, stat.S_ISREG)
            content = stream.read()
            kept = self._checked(mark, content, path)
            os.utime(stream.fileno() if os.utime in os.supports_fd else path)
        return kept

    def write(self, mark: str, conditions: dict[str, Any], data: bytes) -> None:
        """Keep `data`, whole or not at all, and make room for it.

        Raises:
            OSError, UnfitError: it cannot be written.
        """
        if not os.path.lexists(self.folder):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)  # another session may be as fast
        self._check_folder()
        head = json.dumps(conditions).encode()
        body = len(head).to_bytes(_SIZE, "big") + head
        code = self._code(mark, body, data)
        self._put(self._path(mark), (_HEAD, code, body, data))
        self._make_room(keep=self._path(mark))

    def _put(self, path: str, pieces: tuple[bytes, ...]) -> None:
        temporary = os.path.join(self.folder, f"{secrets.token_hex(8)}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS, 0o600)
        try:
            with open(descriptor, "wb") as out:
                for piece in pieces:
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        _sync_folder(self.folder)

    def _checked(self, mark: str, content: bytes, path: str) -> Kept:
        start = len(_HEAD) + _MAC
        view = memoryview(content)
        code, body = bytes(view[len(_HEAD) : start]), view[start:]
        size = int.from_bytes(body[:_SIZE], "big")
        head, data = body[: _SIZE + size], body[_SIZE + size :]
        if content[: len(_HEAD)] != _HEAD or not _compare_digest(
            code, self._code(mark, bytes(head), data)
        ):
            raise UnfitError(f"{path} was not written by Relive for you, or is damaged")
        return Kept(json.loads(bytes(head[_SIZE:])), bytes(data))

    def _code(self, mark: str, head: bytes, data: bytes | memoryview) -> bytes:
        code = blake2b(digest_size=_MAC, key=self._key)
        for piece in (_HEAD, mark.encode(), len(head).to_bytes(_SIZE, "big"), head, data):
            code.update(piece)
        return code.digest()

    def _path(self, mark: str) -> str:
        return os.path.join(self.folder, mark + _SUFFIX)

    def _check_folder(self) -> None:
        _check_own(os.lstat(self.folder), self.folder, stat.S_ISDIR)

    def _make_room(self, keep: str) -> None:
        """Remove what was used longest ago, until the rest is within the limit."""
        total, now = 0, os.stat(keep).st_mtime
        for used, size, path in sorted(self._files(), reverse=True):
            is_value = path.endswith(_SUFFIX)
            total += size if is_value else 0
            if path != keep and (total > self.limit if is_value else used < now - _ABANDONED_S):
                os.unlink(path)
                total -= size if is_value else 0

    def _files(self) -> list[tuple[float, int, str]]:
        found = []
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            try:
                status = os.lstat(path)
            except OSError:  # another session has removed it
                continue
            if stat.S_ISREG(status.st_mode) and name.endswith((_SUFFIX, ".new")):
                found.append((status.st_mtime, status.st_size, path))
        return found


def _check_own(status: os.stat_result, path: str, is_right_kind: Any) -> None:
    if not is_right_kind(status.st_mode):
        raise UnfitError(f"{path} is not what Relive has put there")
    if not hasattr(os, "geteuid"):  # Windows
        return
    if status.st_uid != os.geteuid():
        raise UnfitError(f"{path} belongs to another user")
    if status.st_mode & 0o077:
        raise UnfitError(f"{path} is open to other users: delete it, or take their rights to it")


def _sync_folder(folder: str) -> None:
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
