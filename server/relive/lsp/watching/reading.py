"""Reading many files without keeping the event loop from its other work."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable

from relive.lsp import files
from relive.lsp.files import Undecodable


async def read_all(paths: Iterable[str]) -> dict[str, str | None]:
    """Return the texts of files; None for one that cannot be read."""
    found = await look_into_all(paths)
    return {path: each if isinstance(each, str) else None for path, each in found.items()}


async def look_into_all(paths: Iterable[str]) -> dict[str, str | Undecodable | None]:
    """Return the texts of files, or what is none; None for one that cannot be read at all."""
    return await asyncio.to_thread(_look_into_all, list(paths))


async def changed_since(paths: Iterable[str], since: float) -> set[str]:
    """Return which files were written, or put where they are, after that time."""
    return await asyncio.to_thread(_changed_since, list(paths), since)


def _look_into_all(paths: list[str]) -> dict[str, str | Undecodable | None]:
    return {path: files.look_into(path) for path in paths}


def _changed_since(paths: list[str], since: float) -> set[str]:
    return {path for path in paths if _changed_at(path) >= since}


def _changed_at(path: str) -> float:
    """Return when the file's entry was changed: setting the file's own date back does not help."""
    try:
        status = os.stat(path)
    except OSError:
        return 0.0
    return max(status.st_ctime, status.st_mtime)
