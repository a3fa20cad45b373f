"""What a worker is started with, and whether a worker started with it now would be the same."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import field

from relive.source.quick_dataclasses import dataclass

_Mark = tuple[object, ...]


@dataclass(frozen=True)
class Launch:
    """An interpreter and a folder, as they were when this was made."""

    interpreter: str
    """Its path."""
    cwd: str
    _paths: tuple[str, ...] = field(init=False)
    """Where the links in its path lead: maybe to another environment with the same interpreter."""
    _files: tuple[str, ...] = field(init=False)
    """What would be another if either were."""
    _marks: tuple[_Mark, ...] = field(init=False)

    def __post_init__(self) -> None:
        folder = os.path.dirname(self.interpreter)
        paths = (os.path.realpath(folder), os.path.realpath(self.interpreter))
        object.__setattr__(self, "_paths", paths)
        environment = os.path.join(folder, os.pardir, "pyvenv.cfg")
        files = (self.interpreter, folder, environment, self.cwd)
        object.__setattr__(self, "_files", files)
        object.__setattr__(self, "_marks", tuple(map(_mark, files)))

    def is_current(self) -> bool:
        """Whether both are what they were: not replaced, upgraded, or another by a link.

        It is asked for each evaluation: the system follows the links, in one call a file.
        """
        return self._marks == tuple(map(_mark, self._files))


def _mark(file: str) -> _Mark:
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return ()
    if stat.S_ISDIR(found.st_mode):  # its time changes with every file in it
        return (found.st_dev, found.st_ino)
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def find_interpreter(interpreter: str | None) -> str:
    """Return the path of the interpreter to use; None means the one running this.

    A bare name is looked for on the PATH, in absolute folders only: any other would let the folder
    that the daemon happens to be in choose. Any other path is one from the current folder.
    """
    if interpreter is None:
        return sys.executable
    if os.path.dirname(interpreter):
        return os.path.abspath(interpreter)
    from shutil import which  # late: it loads all kinds of compression

    folders = filter(os.path.isabs, os.get_exec_path())
    return which(interpreter, path=os.pathsep.join(folders)) or interpreter
