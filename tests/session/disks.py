"""Disks under a change log that do what a test wants of a real one."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from conftest import MAX_WAIT_S
from relive.changelog.disk import LocalDisk, LocalFile


class HeldDisk(LocalDisk):
    """Writes as ever; what it syncs is safe only once the test lets it be, or never."""

    def __init__(self, workspace: Path) -> None:
        super().__init__(workspace)
        self.lets = threading.Event()
        """Set: nothing is held."""
        self.lets.set()
        self.asked = threading.Event()
        """Set when something is to be synced."""
        self.breaks = False
        self.is_full = False

    def create(self, path: str) -> LocalFile:
        file = super().create(path)
        write, sync = file.write, file.sync

        def held_sync() -> None:
            self.asked.set()
            assert self.lets.wait(MAX_WAIT_S)
            if self.breaks:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            sync()

        def full_write(data: bytes) -> None:
            if self.is_full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            write(data)

        file.sync, file.write = held_sync, full_write  # type: ignore[method-assign]
        return file

    def hold(self) -> None:
        """Let nothing become safe from now on."""
        self.lets.clear()
        self.asked.clear()
