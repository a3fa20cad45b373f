"""A disk in memory for the change log: it fails when told to, and can lose its power.

What was written and not synced is in the system's memory alone. When the power fails each such
write is lost, or on the disk, or torn, whatever came before or after it; so are the names of files and
folders.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from random import Random

SECTOR = 512
"""Bytes that a disk writes whole or not at all."""


@dataclass
class Inode:
    """A file's contents, by every write since it was last synced."""

    synced: bytes = b""
    pending: list[tuple[int, bytes]] = field(default_factory=list)
    """Where, and what."""
    data: bytearray = field(default_factory=bytearray)
    """What the system shows."""
    locked: bool = False

    def after_power_loss(self, random: Random) -> Inode:
        """Return what a disk may have of it."""
        found = bytearray(self.synced)
        for at, written in self.pending:
            kept = random.choice([b"", written, written, _torn(written, at, random)])
            if kept:
                found.extend(bytes(max(0, at + len(kept) - len(found))))
                found[at : at + len(kept)] = kept
        return Inode(bytes(found), [], found)


def _torn(written: bytes, at: int, random: Random) -> bytes:
    """Return a write of which some sectors did not get to the disk."""
    cut = random.randrange(len(written) + 1)
    end = min(len(written), cut - (at + cut) % SECTOR) if random.random() < 0.5 else cut
    return written[: max(0, end)]


class SimulatedDisk:
    """See `relive.changelog.disk.Disk`."""

    def __init__(self) -> None:
        self.steps = 0
        """How many things were done to it that can fail."""
        self.fails: dict[int, int] = {}
        """The error of each step that fails."""
        self.fails_from: tuple[int, int] | None = None
        """A step from which on all fail, and their error."""
        self.happened: list[int] = []
        """The steps that failed."""
        self.power_fails_at: int | None = None
        self.after_power_loss: SimulatedDisk | None = None
        self.at_power_loss = lambda: None
        self.random = Random(0)
        self.read_bytes = 0
        self._files: dict[str, Inode] = {}
        self._known: dict[str, Inode] = {}
        """The files as the disk knows them by name."""

    # -- what can fail ---------------------------------------------------------------------------

    def _step(self, folder: str | None = None) -> None:
        self.steps += 1
        if self.steps == self.power_fails_at:
            self.at_power_loss()
            self.after_power_loss = self._without_power()
        error = self.fails.get(self.steps)
        if self.fails_from is not None and self.steps >= self.fails_from[0]:
            error = self.fails_from[1]
        if error is not None:
            self.happened.append(self.steps)
            raise OSError(error, os.strerror(error))

    def _without_power(self) -> SimulatedDisk:
        found = SimulatedDisk()
        names = {
            **self._known,
            **{p: i for p, i in self._files.items() if self.random.random() < 0.5},
        }
        for path, inode in names.items():
            if path in self._files or self.random.random() < 0.5:  # else its removal was known
                found._files[path] = found._known[path] = inode.after_power_loss(self.random)
        return found

    # -- what a disk does ------------------------------------------------------------------------

    def create(self, path: str) -> SimulatedFile:
        self._step()
        if path in self._files:
            raise FileExistsError(errno.EEXIST, path)
        self._files[path] = Inode()
        return SimulatedFile(self, path, self._files[path])

    def rename(self, path: str, new: str) -> None:
        self._step()
        self._files[new] = self._files.pop(path)

    def remove(self, path: str) -> None:
        self._step()
        del self._files[path]

    def sync_folder(self, path: str) -> None:
        self._step()
        self.know(path)

    def know(self, folder: str) -> None:
        """Have the names in a folder be known after the power has failed."""
        inside = {p for p in (*self._files, *self._known) if p.rpartition("/")[0] == folder}
        for path in inside:
            if path in self._files:
                self._known[path] = self._files[path]
            else:
                del self._known[path]

    def read(self, path: str) -> bytes:
        if path not in self._files:
            raise FileNotFoundError(errno.ENOENT, path)
        self.read_bytes += len(self._files[path].data)
        return bytes(self._files[path].data)

    def names(self, path: str) -> list[str]:
        start = f"{path}/" if path else ""
        inside = [each.removeprefix(start) for each in [*self._files] if each.startswith(start)]
        return sorted({each.partition("/")[0] for each in inside})

    def files(self, path: str) -> list[str]:
        return [each for each in [*self._files] if each.startswith(f"{path}/")]

    def size(self, path: str) -> int:
        return len(self._files[path].data)

    def is_locked(self, path: str) -> bool | None:
        return self._files[path].locked

    def has(self, path: str, inode: Inode) -> bool:
        return self._files.get(path) is inode

    # -- for tests -------------------------------------------------------------------------------

    def damage(self, path: str, start: int, new: bytes) -> None:
        self._files[path].data[start : start + len(new)] = new

    def lose(self, path: str) -> None:
        del self._files[path]


class SimulatedFile:
    """See `relive.changelog.disk.Appended`."""

    def __init__(self, disk: SimulatedDisk, path: str, inode: Inode) -> None:
        self._disk = disk
        self._path = path
        self._inode = inode
        self._before = 0
        self._is_spoilt = False

    def write(self, data: bytes) -> None:
        self._disk._step()
        inode = self._inode
        self._before = len(inode.data)
        inode.pending.append((len(inode.data), data))
        inode.data += data

    def take_back(self) -> None:
        try:
            self._disk._step()
        except OSError:
            self._is_spoilt = True
            return
        del self._inode.data[self._before :]
        self._inode.pending = [each for each in self._inode.pending if each[0] < self._before]

    def sync(self) -> None:
        self._disk._step()
        self._inode.synced = bytes(self._inode.data)
        self._inode.pending.clear()
        self._disk.know(self._path.rpartition("/")[0])

    def lock(self) -> None:
        self._inode.locked = True

    def is_in_place(self) -> bool:
        return not self._is_spoilt and self._disk.has(self._path, self._inode)

    def close(self) -> None:
        self._inode.locked = False
