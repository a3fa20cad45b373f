"""The log's folder on the disk: the few things that are ever done to files there.

Nothing is reached through a link, and nothing of another user's is touched: every folder on the way
is opened by itself, and looked at once it is open, so that nobody can exchange it in between. Paths
are relative to the log's folder, with `/` between names. Tests put a disk in the place of this one
that forgets, tears and refuses.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

NAME = ".relive"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_NOFOLLOW | os.O_CLOEXEC


class Refused(OSError):  # noqa: N818 - it says what happened, as the others do
    """The folder or a file in it is not one to write to or to read; says why."""

    def __init__(self, words: str) -> None:
        super().__init__(errno.EPERM, words)


class Appended(Protocol):
    """A file that is written at its end."""

    def write(self, data: bytes) -> None:
        """Add all of the data, or nothing: what was added of it is taken away on an error."""

    def take_back(self) -> None:
        """Take the last data away again; if that fails, the file takes no more."""

    def sync(self) -> None:
        """Return when the disk has all that was written, and knows the file by its name."""

    def lock(self) -> None:
        """Show that its writer is alive, for as long as it is."""

    def is_in_place(self) -> bool:
        """Whether the file takes more, and can still be found where it was begun."""

    def close(self) -> None:
        """Have it be written no more."""


class Disk(Protocol):
    """The log's folder."""

    def create(self, path: str) -> Appended:
        """Make a file, and the folders on the way; fails if there is one."""

    def rename(self, path: str, new: str) -> None:
        """Give a file another name in the same folder, in place of one that has it."""

    def remove(self, path: str) -> None:
        """Remove a file, and the folders around it that are empty then."""

    def sync_folder(self, path: str) -> None:
        """Return when the disk knows what is in a folder."""

    def read(self, path: str) -> bytes:
        """Return the whole of a file."""

    def names(self, path: str) -> list[str]:
        """Return what is in a folder, nothing if there is none."""

    def files(self, path: str) -> list[str]:
        """Return the paths of all files in a folder and in those inside it."""

    def size(self, path: str) -> int:
        """Return the bytes of a file."""

    def is_locked(self, path: str) -> bool | None:
        """Whether the writer of a file is alive; None: it cannot be told here."""


class LocalDisk:
    """The folder `.relive` in a workspace folder."""

    def __init__(self, workspace: Path) -> None:
        self.path = workspace / NAME

    def create(self, path: str) -> LocalFile:
        """See Disk."""
        folder, _, name = path.rpartition("/")
        with self._folder(folder, make=True) as at:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | _FILE
            descriptor = os.open(name, flags, 0o600, dir_fd=at)
        return LocalFile(descriptor, self.path / path, self._on_the_way(folder))

    def rename(self, path: str, new: str) -> None:
        """See Disk."""
        folder, _, name = path.rpartition("/")
        with self._folder(folder) as at:
            os.rename(name, new.rpartition("/")[2], src_dir_fd=at, dst_dir_fd=at)

    def remove(self, path: str) -> None:
        """See Disk."""
        folder, _, name = path.rpartition("/")
        with self._folder(folder) as at:
            os.unlink(name, dir_fd=at)
        while "/" in folder:
            folder, _, name = folder.rpartition("/")
            with self._folder(folder) as at:
                try:
                    os.rmdir(name, dir_fd=at)
                except OSError:
                    return

    def sync_folder(self, path: str) -> None:
        """See Disk."""
        with self._folder(path) as at:
            os.fsync(at)

    def read(self, path: str) -> bytes:
        """See Disk."""
        with self._file(path) as descriptor, open(descriptor, "rb", closefd=False) as file:
            return file.read()

    def names(self, path: str) -> list[str]:
        """See Disk."""
        try:
            with self._folder(path) as at:
                return os.listdir(at)
        except FileNotFoundError:
            return []

    def files(self, path: str) -> list[str]:
        """See Disk."""
        found: list[str] = []
        try:
            with self._folder(path) as at:
                for inner, _, names, _ in os.fwalk(".", dir_fd=at):
                    whole = os.path.normpath(f"{path}/{inner}")
                    found.extend(f"{whole}/{name}" for name in names)
        except FileNotFoundError:
            return []
        return found

    def size(self, path: str) -> int:
        """See Disk."""
        with self._file(path) as descriptor:
            return os.fstat(descriptor).st_size

    def is_locked(self, path: str) -> bool | None:
        """See Disk."""
        with self._file(path) as descriptor:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            except OSError:  # some network file systems have no locks
                return None
        return False

    @contextlib.contextmanager
    def _file(self, path: str) -> Iterator[int]:
        folder, _, name = path.rpartition("/")
        with self._folder(folder) as at:
            descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK | _FILE, dir_fd=at)
        try:
            _check_own(os.fstat(descriptor), f"{self.path}/{path}", stat.S_ISREG)
            yield descriptor
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def _folder(self, path: str, *, make: bool = False) -> Iterator[int]:
        """Open a folder, one name after the other."""
        whole = str(self.path)
        at = _opened(whole, whole, None, make=make)
        try:
            for name in filter(None, path.split("/")):
                whole = f"{whole}/{name}"
                inner = _opened(name, whole, at, make=make)
                os.close(at)
                at = inner
            yield at
        finally:
            os.close(at)

    def _on_the_way(self, folder: str) -> list[Path]:
        """Return the folders whose entries lead to a file in `folder`, innermost first."""
        inner = self.path / folder
        return [inner, *(p for p in inner.parents if p.is_relative_to(self.path.parent))]


class LocalFile:
    """A file on the disk that is written at its end."""

    def __init__(self, descriptor: int, path: Path, folders: list[Path]) -> None:
        self._descriptor = descriptor
        self._path = str(path)
        self._folders = folders
        """Those the disk may not know yet to have what leads to this file."""
        self._size = self._before = 0
        self._inode = os.fstat(descriptor).st_ino
        self._is_spoilt = False

    def write(self, data: bytes) -> None:
        """See Appended."""
        self._before = self._size
        done = 0
        try:
            while done < len(data):
                done += os.write(self._descriptor, data[done:] if done else data)
        except OSError:
            if done:
                self.take_back()
            raise
        self._size += done

    def take_back(self) -> None:
        """See Appended."""
        try:
            os.ftruncate(self._descriptor, self._before)
        except OSError:
            self._is_spoilt = True
        else:
            self._size = self._before

    def sync(self) -> None:
        """See Appended."""
        _sync(self._descriptor)
        while self._folders:
            _sync_folder(self._folders.pop(0))

    def lock(self) -> None:
        """See Appended."""
        with contextlib.suppress(OSError):  # see is_locked
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def is_in_place(self) -> bool:
        """See Appended."""
        if self._is_spoilt:
            return False
        try:
            return os.stat(self._path, follow_symlinks=False).st_ino == self._inode
        except OSError:
            return False

    def close(self) -> None:
        """See Appended."""
        os.close(self._descriptor)


def _opened(name: str, whole: str, at: int | None, *, make: bool) -> int:
    if make:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=at)
    try:
        descriptor = os.open(name, _FOLDER, dir_fd=at)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise Refused(f"{whole} is a link or no folder") from None
        raise
    try:
        _check_own(os.fstat(descriptor), whole, stat.S_ISDIR)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _check_own(found: os.stat_result, path: str, is_kind: Callable[[int], bool]) -> None:
    if found.st_uid != os.geteuid():
        raise Refused(f"{path} belongs to another user")
    if not is_kind(found.st_mode):
        raise Refused(f"{path} is no file or folder of the log")


def _sync_folder(folder: Path) -> None:
    try:
        at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return  # somebody has taken it away: `is_in_place` tells, and the disk is not to blame
    try:
        os.fsync(at)
    finally:
        os.close(at)


def _sync(descriptor: int) -> None:
    full = getattr(fcntl, "F_FULLFSYNC", None)  # macOS: fsync leaves it in the disk's own memory
    if full is not None:
        fcntl.fcntl(descriptor, full)
    else:
        os.fdatasync(descriptor)
