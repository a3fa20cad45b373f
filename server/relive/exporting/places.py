"""Where modules are imported from, as the disk tells it."""

from __future__ import annotations

from pathlib import Path


def name_of(file: str) -> str:
    """Return the name that a file is imported by."""
    path = Path(file)
    parts = [] if path.name == "__init__.py" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts) or path.stem
