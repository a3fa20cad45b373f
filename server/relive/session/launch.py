"""What a worker is started with, and whether a worker started with it now would be the same."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

_Mark = tuple[object, ...]


@dataclass(frozen=True)
class Launch:
    """An interpreter and a folder, as they were when this was made."""

    interpreter: str
    """Its path."""
    cwd: str
    _marks: tuple[_Mark, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_marks", self._marks_now())

    def is_current(self) -> bool:
        """Whether both are what they were: not replaced, upgraded, or another by a link."""
        return self._marks == self._marks_now()

    def _marks_now(self) -> tuple[_Mark, ...]:
        python = Path(self.interpreter)
        # A link in the path may lead to another environment, though all have one interpreter.
        environment = Path(os.path.realpath(python.parent))
        files = (python, environment.parent / "pyvenv.cfg", Path(self.cwd))
        return ((str(environment), os.path.realpath(python)), *map(_mark, files))


def _mark(file: Path) -> _Mark:
    try:
        stat = file.stat()
    except OSError:
        return ()
    if file.is_dir():  # its time changes with every file in it
        return (stat.st_dev, stat.st_ino)
    return (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)


def find_interpreter(interpreter: str | None) -> str:
    """Return the path of the interpreter to use; None means the one running this.

    A bare name is looked for on the PATH, in absolute folders only: any other would let the folder
    that the daemon happens to be in choose. Any other path is one from the current folder.
    """
    if interpreter is None:
        return sys.executable
    if os.path.dirname(interpreter):
        return os.path.abspath(interpreter)
    folders = filter(os.path.isabs, os.get_exec_path())
    return shutil.which(interpreter, path=os.pathsep.join(folders)) or interpreter
