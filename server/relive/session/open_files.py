"""Files that a parked copy has open: whether they were written to since it was made."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from relive.source.quick_dataclasses import dataclass


@dataclass(frozen=True)
class OpenFile:
    """A file as it was when the copy was made."""

    fd: int | None
    """The copy's descriptor of it; None: it goes by its name."""
    name: str
    size: int
    """-1: it is not there."""
    changed_ns: str

    @classmethod
    def of(cls, data: dict[str, Any]) -> OpenFile:
        """Return what the wire tells."""
        return cls(data["fd"], data["name"], data["size"], data["changed_ns"])


def written_since(pid: int, files: Iterable[OpenFile]) -> tuple[str, ...]:
    """Return what the copy would say of them if it were woken now, one sentence each."""
    return tuple(
        f"{each.name} was written to, and is as it was left"
        for each in files
        if _is_another(pid, each)
    )


def _is_another(pid: int, file: OpenFile) -> bool:
    """Whether it was changed; an open one is looked at as the copy has it, whatever its name."""
    try:
        now = os.stat(file.name if file.fd is None else f"/proc/{pid}/fd/{file.fd}")
    except OSError:  # there is none, or the copy has ended
        return file.fd is None and file.size >= 0
    return (now.st_size, str(now.st_mtime_ns)) != (file.size, file.changed_ns)
