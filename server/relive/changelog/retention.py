"""How much of the past is kept: old sessions are compressed, and the oldest deleted.

Never the sessions that are alive, nor the one that can be recovered, nor what a newer Relive has
written. Each step leaves a folder that can be read, whenever it ends.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from relive.changelog.places import CHANGES, SESSIONS
from relive.changelog.reading import NEWER
from relive.changelog.segments import parsed_name
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from relive.changelog.disk import Disk
    from relive.changelog.history import History
    from relive.changelog.policy import Policy
    from relive.changelog.sessions import Recorded

DAY_S = 24 * 60 * 60
UNFINISHED = ".part"
"""Ends the name of a file that is being compressed."""


@dataclass
class _Kept:
    """A session's files, and what they take."""

    session: Recorded
    files: dict[str, int]
    """Their sizes, by path."""

    @property
    def size(self) -> int:
        return sum(self.files.values())


def tidy(disk: Disk, history: History, policy: Policy, own: str, now: float | None = None) -> None:
    """Compress and delete as the policy says.

    Args:
        disk: the log's folder.
        history: what is in it.
        policy: how much is kept.
        own: the session that asks, which stays as it is.
        now: the time, in seconds since the epoch.
    """
    at = time.time() if now is None else now
    files = _files(disk)
    _remove_unfinished(disk, files)
    total = sum(sum(sizes.values()) for sizes in files.values())
    free = [_Kept(each, files.get(each.id, {})) for each in _untouched(history, own)]
    free.sort(key=lambda kept: kept.session.until, reverse=True)
    while free and free[-1].session.until < at - policy.keep_days * DAY_S:
        total -= _delete(disk, free.pop())
    for kept in free:
        if kept.session.until < at - DAY_S:
            total -= _compress(disk, kept)
    while free and total > policy.max_bytes:
        total -= _delete(disk, free.pop())


def _untouched(history: History, own: str) -> list[Recorded]:
    """Return the sessions that nobody needs as they are."""
    last = history.recoverable(own)
    needed = {own} if last is None else {own, last.session}
    return [
        each
        for each in history.sessions()
        if each.id not in needed and not each.alive and each.problem != NEWER
    ]


def _files(disk: Disk) -> dict[str, dict[str, int]]:
    """Return the sizes of all files, by session and path; those of no session are under ``""``."""
    found: dict[str, dict[str, int]] = {}
    for path in (*disk.files(SESSIONS), *disk.files(CHANGES)):
        known = parsed_name(path.rpartition("/")[2])
        try:
            size = disk.size(path)
        except OSError:  # another daemon tidies too
            continue
        found.setdefault("" if known is None else known[0], {})[path] = size
    return found


def _remove_unfinished(disk: Disk, files: dict[str, dict[str, int]]) -> None:
    for path in files.pop("", {}):
        if path.endswith(UNFINISHED):
            disk.remove(path)


def _delete(disk: Disk, kept: _Kept) -> int:
    """Delete a session; its own log goes last, so that what is left of it is found again."""
    for path in sorted(kept.files, key=lambda path: path.startswith(SESSIONS)):
        disk.remove(path)
    return kept.size


def _compress(disk: Disk, kept: _Kept) -> int:
    """Compress the entries of a session; return how many bytes were saved."""
    saved = 0
    for path, size in kept.files.items():
        if path.startswith(CHANGES) and not path.endswith(".gz"):
            import gzip  # late: it loads all kinds of compression

            small = gzip.compress(disk.read(path), mtime=0)
            _replace(disk, path, small)
            saved += size - len(small)
    return saved


def _replace(disk: Disk, path: str, data: bytes) -> None:
    """Put compressed data in a file's place: that one goes when the disk has the other for sure."""
    unfinished = f"{path}.gz{UNFINISHED}"
    file = disk.create(unfinished)
    try:
        file.write(data)
        file.sync()
    finally:
        file.close()
    disk.rename(unfinished, f"{path}.gz")
    disk.sync_folder(path.rpartition("/")[0])
    disk.remove(path)
