"""The workspace: which files are its own, and not of a library, an environment or elsewhere."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LIBRARIES = ("site-packages", "dist-packages")
_STANDARD = os.path.dirname(os.path.abspath(os.__file__))
"""The standard library, which may be inside too: a home folder has interpreters in it."""
_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")
"""What stands at the top of a virtual environment, whatever its folder is called."""


class Workspace:
    """The folder a session belongs to."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def owns(self, path: str) -> bool:
        """Whether a file or folder is the user's own work: inside, and not installed there."""
        for resolved in (os.path.abspath, os.path.realpath):
            here, folder = resolved(path), resolved(self._folder)
            if here == folder or here.startswith(os.path.join(folder, "")):
                return not any(map(_is_of_libraries, _up_to(here, folder)))
        return False

    def is_installed(self, path: str) -> bool:
        """Whether a file is a library's or an environment's, wherever those are."""
        return any(map(_is_of_libraries, _up_to(os.path.realpath(path), os.path.realpath(os.sep))))


def _up_to(path: str, folder: str) -> Iterator[str]:
    """Yield `path` and the folders around it, up to and without `folder`."""
    while path != folder:
        yield path
        path = os.path.dirname(path)


def _is_of_libraries(folder: str) -> bool:
    """Whether `folder` is where libraries are installed, or the top of an environment."""
    return (
        os.path.basename(folder) in _LIBRARIES
        or folder in (_STANDARD, os.path.realpath(_STANDARD))
        or any(os.path.exists(os.path.join(folder, mark)) for mark in _ENVIRONMENT_MARKS)
    )
