"""A daemon whose observer of files fails in a way that is named as its argument; run as a program."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from functools import partial

from relive.lsp.server import make_daemon, run
from relive.lsp.watching.observer import FolderObserver


class Limited(FolderObserver):
    """Meets a limit of the system's at the start."""

    def __init__(self, number: int, folder: str, changed: Callable[[str], None]) -> None:
        super().__init__(folder, changed)
        self._number = number

    def start(self) -> None:
        print("a limit is met", file=sys.stderr, flush=True)
        raise OSError(self._number, "the system's limit")


class Mortal(FolderObserver):
    """Has its thread end when a file of this name is written."""

    def __init__(self, folder: str, changed: Callable[[str], None]) -> None:
        def end_at_deadly(file: str) -> None:
            if file.endswith("deadly.py"):
                print("the thread ends", file=sys.stderr, flush=True)
                raise SystemExit
            changed(file)

        super().__init__(folder, end_at_deadly)


OBSERVERS = {
    "ENOSPC": partial(Limited, errno.ENOSPC),
    "EMFILE": partial(Limited, errno.EMFILE),
    "mortal": Mortal,
}


def main() -> int:
    daemon = make_daemon()
    daemon.make_observer = OBSERVERS[sys.argv[1]]
    return run(daemon)


if __name__ == "__main__":
    sys.exit(main())
