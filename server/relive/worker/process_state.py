"""What user code has changed of the process as a whole, and what of it runs on by itself.

None of it is put back: it may be meant. It is told, because it explains what is seen later, such as
a relative path that leads elsewhere, or output out of nowhere.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_getcwd, _getrecursionlimit, _isenabled = os.getcwd, sys.getrecursionlimit, gc.isenabled
_MAX_NAMED = 10
"""Threads that are named; of a pool of hundreds the rest is counted."""


class ProcessState:
    """The process compared with what it was at its start."""

    def __init__(self) -> None:
        self._cwd = _cwd()
        self._recursion_limit = _getrecursionlimit()
        self._collects = _isenabled()

    def differences(self) -> list[str]:
        """Return, one sentence each, in what it is another by now."""
        return [*self._settings(), *running_threads()]

    def _settings(self) -> Iterator[str]:
        cwd, limit = _cwd(), _getrecursionlimit()
        if cwd != self._cwd:
            yield f"the working folder is {cwd}" if cwd else "the working folder has been removed"
        if limit != self._recursion_limit:
            yield f"the recursion limit is {limit:,}, and was {self._recursion_limit:,}"
        if self._collects and not _isenabled():
            yield "cyclic garbage is not collected"


def running_threads() -> list[str]:
    """Return the threads of user code that run on, by name."""
    threading: ModuleType | None = sys.modules.get("threading")
    active = getattr(threading, "enumerate", None)
    if active is None:
        return []
    try:
        main = threading.main_thread()  # type: ignore[union-attr]
        names = [str(thread.name) for thread in active() if thread is not main]
    except Exception:  # user code may have changed anything there
        return []
    told = [f"the thread {name!r} runs on" for name in names[:_MAX_NAMED]]
    rest = len(names) - len(told)
    return [*told, f"{rest} more threads run on"] if rest else told


def _cwd() -> str:
    try:
        return _getcwd()
    except OSError:  # it was removed
        return ""
