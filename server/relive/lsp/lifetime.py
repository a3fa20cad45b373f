"""The end of the daemon: when the editor is gone, everything is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable

HARD_EXIT_S = 3.0
"""Editors give a language server four seconds to leave; nothing of ours may outlast that."""

_POLL_S = 2.0
"""How often the editor's process is looked for where the system does not tell of its end."""


def exit_at_the_latest(code: int) -> None:
    """End the process soon even if something hangs: a session's worker, a client's pipe."""
    timer = threading.Timer(HARD_EXIT_S, os._exit, (code,))
    timer.daemon = True
    timer.start()


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Have Ctrl+C and a polite kill end the daemon in order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, stop)


def watch_process(pid: int, stop: Callable[[], None]) -> Callable[[], None]:
    """Call `stop` when the process `pid`, the editor's, has ended; return what ends the watch.

    The end of its stream usually tells, but not while some other process holds the stream open.
    A process that is not there to begin with is one of another machine or container, whose
    numbers mean nothing here.
    """
    loop = asyncio.get_running_loop()
    if hasattr(os, "pidfd_open"):
        with contextlib.suppress(OSError):
            return _watch(loop, os.pidfd_open(pid), stop)
    elif os.name == "posix" and _is_alive(pid):
        return _Poll(loop, pid, stop).cancel
    return lambda: None


def _watch(
    loop: asyncio.AbstractEventLoop, handle: int, stop: Callable[[], None]
) -> Callable[[], None]:
    def unwatch() -> None:
        loop.remove_reader(handle)
        os.close(handle)

    loop.add_reader(handle, stop)
    return unwatch


class _Poll:
    """Looks for a process now and then."""

    def __init__(self, loop: asyncio.AbstractEventLoop, pid: int, stop: Callable[[], None]) -> None:
        self._loop, self._pid, self._stop = loop, pid, stop
        self._timer = loop.call_later(_POLL_S, self._look)

    def cancel(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def _look(self) -> None:
        if _is_alive(self._pid):
            self._timer = self._loop.call_later(_POLL_S, self._look)
        else:
            self._stop()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, but there
        return True
    return True
