"""What a file or folder is at a moment, to see later whether it still is that."""

from __future__ import annotations

import os
import stat
from _blake2 import blake2b  # see `content.py`

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Mark = list[Any]

_HASHED = 64 << 20
"""Bytes of a file up to which its content counts; of larger ones what the system says of them."""
_PIECE = 1 << 20


def mark_of(path: str, *, with_content: bool = True) -> Mark:
    """Return the mark of what is at `path`: of a folder, the names in it; of nothing, that."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return ["folder", _hash("\0".join(sorted(os.listdir(path))).encode("utf-8", "replace"))]
        if not stat.S_ISREG(status.st_mode):
            return ["other"]
        if with_content and status.st_size <= _HASHED:
            return ["content", status.st_size, _content(path)]
    except (OSError, ValueError):
        return ["absent"]
    return ["file", *state_of(status)]


def state_of(status: os.stat_result) -> list[int]:
    """Return what the system says of a file that changes with every write to it."""
    return [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def final_mark(path: str, opened: Mark) -> Mark | None:
    """Return the mark to store of what was read; None if it changed after it was opened."""
    if mark_of(path, with_content=False) != opened or opened[0] == "other":
        return None
    found = mark_of(path)
    return found if mark_of(path, with_content=False) == opened else None


def _content(path: str) -> str:
    mark = blake2b(digest_size=32)
    with open(path, "rb") as stream:
        while piece := stream.read(_PIECE):
            mark.update(piece)
    return mark.hexdigest()


def _hash(data: bytes) -> str:
    return blake2b(data, digest_size=32).hexdigest()
