"""Which file is meant by a module's name."""

from __future__ import annotations

import tokenize
from dataclasses import dataclass
from pathlib import Path

_SOURCES = (".", "src")
"""Folders of a workspace that modules are imported from."""


@dataclass(frozen=True)
class Module:
    """A module that text is evaluated in."""

    name: str
    file: Path

    @property
    def uri(self) -> str:
        """How the daemon knows it."""
        return self.file.as_uri()

    def text(self) -> str | None:
        """Return the file's text as it is on disk; None: it cannot be read."""
        try:
            with tokenize.open(self.file) as stream:
                return stream.read()
        except (OSError, SyntaxError, ValueError):
            return None


def find(folder: Path, meant: str) -> Module | None:
    """Return the module called `meant`, dotted or as a path, of the workspace `folder`."""
    if meant.endswith(".py"):
        file = (folder / Path(meant).expanduser()).resolve()
        return Module(_name(folder, file), file) if file.is_file() else None
    parts = meant.split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    for source in _SOURCES:
        base = folder.joinpath(source, *parts)
        for file in (base.with_name(f"{base.name}.py"), base / "__init__.py"):
            if file.is_file():
                return Module(meant, file.resolve())
    return None


def _name(folder: Path, file: Path) -> str:
    for source in reversed(_SOURCES):
        root = (folder / source).resolve()
        if file.is_relative_to(root):
            parts = file.relative_to(root).with_suffix("").parts
            return ".".join(parts[:-1] if parts[-1] == "__init__" else parts) or file.name
    return file.name
