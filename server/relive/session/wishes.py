"""The functions whose calls are to be kept, as the user wishes.

The session remembers it and not the process: one that is started anew captures on.
"""

from __future__ import annotations

from typing import Any


class Wishes:
    """The functions whose calls are to be kept."""

    def __init__(self) -> None:
        self._keep: dict[tuple[str, str], int] = {}

    def add(self, file: str, name: str, keep: int) -> None:
        """Have a function's calls kept."""
        self._keep[file, name] = keep

    def drop(self, file: str | None, name: str | None) -> list[tuple[str, str]]:
        """Keep those of a function no more, or of a file's, or none; return whose they were."""
        dropped = [key for key in self._keep if file in (None, key[0]) and name in (None, key[1])]
        for key in dropped:
            del self._keep[key]
        return dropped

    def functions(self) -> list[tuple[str, str]]:
        """Return them by file and name."""
        return list(self._keep)

    def told(self) -> list[dict[str, Any]]:
        """Return what the worker is told."""
        return [
            {"file": file, "name": name, "keep": keep} for (file, name), keep in self._keep.items()
        ]
