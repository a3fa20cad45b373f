"""Ending: a worker never outlives its daemon, and a forked child never speaks for it."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: `signal` would load `enum` and more
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_getpid = os.getpid
_killpg = getattr(os, "killpg", None)
_exit = os._exit


def end_process_group() -> None:
    """End this process and all it started, now: nobody is left to talk to."""
    if _killpg is not None and os.getpgrp() == _getpid():
        _killpg(_getpid(), _signal.SIGKILL)
    _exit(0)


def end_politely() -> None:
    """Leave the main thread after the daemon closed the channel: run `atexit`, then be gone.

    The control thread sees the same end of file and ends the process at once, so an `atexit`
    handler that hangs holds nothing up; a daemon that wants handlers to run waits before it
    closes the control channel.
    """
    raise SystemExit(0)


def after_fork_in_child(*drops: Callable[[], None]) -> None:
    """Make a child that user code forks drop what leads to the daemon: it is the parent's."""
    if hasattr(os, "register_at_fork"):
        for drop in drops:
            os.register_at_fork(after_in_child=drop)
