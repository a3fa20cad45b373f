"""The stacks of all threads, written by the interpreter itself when it crashes or is asked.

They go to a pipe of the daemon's: standard error may be closed or replaced, and is for user code.
The daemon has them written by the control thread: that has the interpreter's lock meanwhile, and no
thread's stack changes. While C code keeps the lock the daemon asks by a signal, heard even then.
"""

from __future__ import annotations

import faulthandler
import os

from relive.wire import STACKS_SIGNAL

_open, _dup2, _close = os.open, os.dup2, os.close
_dump = faulthandler.dump_traceback


def install(fd: int) -> None:
    """Have stacks written to `fd`."""
    os.set_inheritable(fd, False)
    faulthandler.enable(fd, all_threads=True)
    if STACKS_SIGNAL and hasattr(faulthandler, "register"):
        faulthandler.register(STACKS_SIGNAL, fd, all_threads=True)


def write(fd: int) -> None:
    """Write them to `fd` now."""
    _dump(fd, all_threads=True)


def drop(fd: int) -> None:
    """Lead `fd` nowhere, in a forked child: the crash that the daemon tells of is the worker's."""
    null = _open(os.devnull, os.O_WRONLY)
    _dup2(null, fd, inheritable=False)
    _close(null)
