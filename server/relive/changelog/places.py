"""Where in the log's folder the history of a source file lies, and how logs call that file."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

SESSIONS = "sessions"
CHANGES = "changes"
_INSIDE = "./"
_LONGEST = 200
"""Bytes of a name of ours; file systems take 255, and something is added to it."""


def session_log(session: str) -> str:
    """Return the place of a session's own log, without its ending."""
    return f"{SESSIONS}/{session}"


class Places:
    """The files of a workspace folder, and all others."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str | None, str] = {}

    def stored(self, file: str | None) -> str | None:
        """Return how a log calls a file: one of the folder is found again when that was moved."""
        parts = self._inside(file)
        return file if parts is None else _INSIDE + "/".join(parts)

    def resolved(self, stored: str | None) -> str | None:
        """Return the file that a log calls so."""
        if stored is None or not stored.startswith(_INSIDE):
            return stored
        return str(self._folder / stored.removeprefix(_INSIDE))

    def history_of(self, file: str | None) -> str:
        """Return the place of the folder that has a source file's logs."""
        place = self._known.get(file)
        if place is None:
            place = self._known[file] = self._history_of(file)
        return place

    def _history_of(self, file: str | None) -> str:
        if file is None:
            return f"{CHANGES}/(scratch).d"
        if not os.path.isabs(file):
            return f"{CHANGES}/(untitled)/{_flat(file)}.d"
        parts = self._inside(file)
        if parts is None or parts[0].startswith("(") or max(map(_length, parts)) > _LONGEST:
            return f"{CHANGES}/(outside)/{_flat(file)}.d"
        return "/".join((CHANGES, *parts)) + ".d"

    def _inside(self, file: str | None) -> tuple[str, ...] | None:
        """Return the names that lead to a file of the folder."""
        if file is None or not os.path.isabs(file):
            return None
        path = Path(file)
        parts = path.relative_to(self._folder).parts if path.is_relative_to(self._folder) else ()
        return None if not parts or ".." in parts else parts


def _length(name: str) -> int:
    return len(os.fsencode(name))


def _flat(file: str) -> str:
    """Return a name that is a file's alone, and begins with that of the file."""
    mark = blake2b(file.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    name = "".join(c if c.isalnum() or c in "._-" else "-" for c in Path(file).name)
    return f"{name[:40]}-{mark}"
