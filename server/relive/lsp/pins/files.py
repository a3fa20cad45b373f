"""Where pins are written: a text for each source file, in a folder of the workspace."""

from __future__ import annotations

import os
from pathlib import Path

from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.sessions import Sessions
from relive.source.quick_dataclasses import dataclass

_SUFFIX = ".txt"


@dataclass(frozen=True)
class PinFile:
    """The file that has the pins of a source file."""

    path: Path
    source: str
    """The source file's path in its workspace folder."""
    folder: Path

    def read(self) -> str:
        """Return its text, empty if there is none yet.

        Raises:
            RefusedError: it is there and cannot be read.
        """
        try:
            return self.path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as problem:
            raise RefusedError(f"{self.name} cannot be read: {problem}.") from problem

    def write(self, text: str) -> None:
        """Replace its text, whole or not at all.

        Raises:
            RefusedError: it cannot be written.
        """
        write(self.path, text, self.name, newline=_newline_of(self.path))

    @property
    def name(self) -> str:
        """Its path as the user knows it."""
        return self.path.relative_to(self.folder).as_posix()


class PinFolders:
    """Finds the files of pins in the workspace's folders."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self.name = "pins"
        """The folder, in each workspace folder."""

    def of(self, file: str) -> PinFile | None:
        """Return where the pins of a source file are; None: it is outside of all folders."""
        path = Path(file)
        if not path.is_absolute():
            return None
        around = [each for each in self._folders() if path.is_relative_to(each)]
        if not around:
            return None
        folder = max(around, key=lambda each: len(str(each)))
        relative = path.relative_to(folder)
        pins = folder / self.name / relative.with_name(relative.name + _SUFFIX)
        return PinFile(pins, relative.as_posix(), folder)

    def sources(self) -> list[str]:
        """Return the source files that have pins."""
        found: list[str] = []
        for folder in self._folders():
            pins = folder / self.name
            paths = sorted(pins.rglob(f"*.py{_SUFFIX}"))
            found += [str(folder / each.relative_to(pins).with_suffix("")) for each in paths]
        return found

    def _folders(self) -> list[Path]:
        return [Path(file_of(each.uri)) for each in self._sessions.folders()]


def _newline_of(path: Path) -> str:
    """Return what ends the lines of a file, which an editor may have chosen."""
    try:
        with path.open("rb") as file:
            return "\r\n" if file.readline().endswith(b"\r\n") else "\n"
    except OSError:
        return "\n"


def write(path: Path, text: str, name: str, newline: str = "\n") -> None:
    """Write a file, whole or not at all; `name` is what the user calls it.

    Raises:
        RefusedError: it cannot be written.
    """
    import tempfile  # late, with what it loads

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, other = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(handle, "w", encoding="utf-8", newline=newline) as file:
                file.write(text)
            os.chmod(other, path.stat().st_mode & 0o777 if path.exists() else 0o644)
            os.replace(other, path)
        except BaseException:
            os.unlink(other)
            raise
    except (OSError, ValueError) as problem:
        raise RefusedError(f"{name} cannot be written: {problem}.") from problem
