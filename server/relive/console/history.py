"""What was typed, block by block, kept for the next consoles of the same folder.

Lines of JSON that are only ever added to, each by one write, so that consoles at the same time lose
nothing of each other's. They are in the user's own folder for such things and not in the workspace,
which may come from anybody.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from prompt_toolkit.history import History

_KEPT = 5000
"""Blocks that are offered again."""
_LARGEST_BYTES = 4 * 1024 * 1024
"""Beyond it the older half goes."""
_NOT_KEPT = "relive: nolog"
"""What keeps code out of the change log keeps it out here."""


def place(folder: Path, environment: Mapping[str, str]) -> Path:
    """Return the file for the consoles of `folder`."""
    state = environment.get("XDG_STATE_HOME") or ""
    base = Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state"
    mark = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return base / "relive" / "console" / f"{folder.name or 'root'}-{mark}.jsonl"


class BlockHistory(History):
    """The blocks of earlier consoles, and those of this one."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self.problem: str | None = None
        """Why blocks are not kept."""

    def load_history_strings(self) -> Iterable[str]:
        """Return the blocks on disk, the newest first, each once in a row."""
        last = None
        for text in reversed(self._read()[-_KEPT:]):
            if text != last:
                yield text
            last = text

    def append_string(self, string: str) -> None:
        """Add a block, without the empty line that ended it."""
        if string.strip():
            super().append_string(string.rstrip())

    def store_string(self, string: str) -> None:
        """Keep a block on disk."""
        if self.problem is None and _NOT_KEPT not in string:
            try:
                self._add(json.dumps({"text": string}) + "\n")
            except OSError as error:
                self.problem = str(error)

    def _add(self, line: str) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(self._file, flags, 0o600)
        try:
            os.write(handle, line.encode())
            is_full = os.fstat(handle).st_size > _LARGEST_BYTES
        finally:
            os.close(handle)
        if is_full:
            self._shorten()

    def _shorten(self) -> None:
        lines = self._file.read_bytes().splitlines(keepends=True)
        aside = self._file.with_suffix(f".{os.getpid()}")
        aside.touch(mode=0o600)
        aside.write_bytes(b"".join(lines[len(lines) // 2 :]))
        aside.replace(self._file)

    def _read(self) -> list[str]:
        found: list[str] = []
        try:
            lines = self._file.read_bytes().splitlines()
        except OSError:
            return found
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):  # cut by a crash, or not ours
                text = json.loads(line)["text"]
                if isinstance(text, str):
                    found.append(text)
        return found
