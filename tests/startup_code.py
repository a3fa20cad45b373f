"""Start-up code of a folder, for tests."""

from __future__ import annotations

from pathlib import Path


def write_startup(folder: Path, text: str) -> Path:
    """Write it where it is looked for, and return where that is."""
    path = folder / ".relive" / "startup.py"
    path.parent.mkdir()
    path.write_text(text)
    return path
