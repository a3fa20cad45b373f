"""Ending: a worker never outlives its daemon, and a forked child never speaks for it."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: `signal` would load `enum` and more
import atexit
import os

from relive.worker.streams import flush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

_getpid = os.getpid
_killpg = getattr(os, "killpg", None)
_exit = os._exit

_FORK_WAITS_S = 5.0
"""At most: what is done meanwhile may run user code, and that wait for the thread that forks."""


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


def end_from_within() -> NoReturn:
    """Do the same with the user's code on the stack, which an exception would come through."""
    try:
        atexit._run_exitfuncs()
    except BaseException:  # one of the handlers has failed, and said so
        pass
    flush()
    _exit(0)


def after_fork_in_child(*drops: Callable[[], None]) -> None:
    """Make a child that user code forks drop what leads to the daemon: it is the parent's."""
    if hasattr(os, "register_at_fork"):
        for drop in drops:
            os.register_at_fork(after_in_child=drop)


def fork_when_free(busy: Any) -> None:
    """Have each fork wait until no other thread holds `busy`, an `RLock`.

    In a copy that is made meanwhile that thread is not there to go on. A module it was importing
    would stay locked, and what imports that, such as pytest, would wait for ever.
    """

    def wait() -> None:
        busy.acquire(timeout=_FORK_WAITS_S)

    def go_on() -> None:
        if busy._is_owned():
            busy.release()

    def go_on_in_child() -> None:
        if busy._is_owned():
            busy.release()
        else:
            busy._at_fork_reinit()

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=wait, after_in_parent=go_on, after_in_child=go_on_in_child)
