"""The warden: the worker's parent process, after which nothing of the worker's is left.

The daemon starts one process, which forks before anything of the user's runs. The child is the
worker; the parent, the warden, runs no user code, so nothing the worker does can hang, starve or
crash it. It holds none of the worker's channels and pipes, only a channel of its own, by which

- the daemon is told the worker's number, and at once when and how the worker ended;
- the daemon has signals sent: the warden has not yet waited for the worker, so the number it
  signals cannot have gone to another process meanwhile;
- the daemon's end is noticed, even by SIGKILL: then, and when the worker has ended, everything
  the worker has started is killed. On Linux the warden is their "subreaper": what has left the
  worker's group or lost its parent becomes the warden's child, so nothing gets away.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: `signal` would load `enum` and more
import os
import sys
from _thread import allocate_lock, start_new_thread
from time import sleep

from relive.wire.frames import Decoder, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_CHUNK_BYTES = 4096
_PR_SET_CHILD_SUBREAPER = 36
_OF_TESTS = "relive-tests"
"""What processes are called that run the user's tests: Relive's own, and nobody's loss."""


def divide(life_fd: int, channels: tuple[int, ...]) -> None:
    """Fork. Returns in the worker; the warden keeps `life_fd` alone and ends in here."""
    worker = os.fork()
    if worker == 0:
        os.close(life_fd)
        os.setsid()  # a group of its own: what user code does to its group is not for the warden
        return
    try:
        _let_go_of(channels)
        Warden(worker, life_fd).serve()
    finally:
        os._exit(0)  # nothing of the interpreter's end is for this process


def _let_go_of(channels: tuple[int, ...]) -> None:
    for fd in channels:
        os.close(fd)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.chdir("/")  # the user's folder can be removed


class Warden:
    """Waits for the worker's end on one thread, for the daemon's words on another."""

    def __init__(self, worker: int, life_fd: int) -> None:
        self._worker = worker
        self._life = life_fd
        self._lock = allocate_lock()
        """Held to signal the worker and to wait for it: its number is good until then."""
        self._end: dict[str, Any] | None = None
        self._was_forced = False

    def serve(self) -> None:
        """Stay until nothing of the worker's is left."""
        # Before the thread: it is this mask that makes the end of a child wait to be taken.
        _signal.pthread_sigmask(_signal.SIG_BLOCK, {_signal.SIGCHLD})
        _become_subreaper()
        self._tell({"op": "started", "pid": self._worker})
        start_new_thread(self._listen, ())
        while not self._reap():
            _signal.sigwait({_signal.SIGCHLD})
        self._tell({**(self._end or {}), "left": _running(_children())})
        self._end_all()

    def _reap(self) -> bool:
        """Wait for all children that have ended; return whether the worker has."""
        with self._lock:
            while self._end is None:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
                if pid == 0:
                    return False
                if pid == self._worker:
                    self._end = {
                        "op": "ended",
                        "status": _exit_code(status),
                        "forced": self._was_forced,
                        "peak_kb": usage.ru_maxrss // (1024 if _IN_BYTES else 1),
                    }
        return True

    def _listen(self) -> None:
        """Do what the daemon asks, until it is gone."""
        decoder = Decoder()
        try:
            while data := os.read(self._life, _CHUNK_BYTES):
                for message in decoder.feed(data):
                    self._obey(message)
        finally:
            self._force()

    def _obey(self, message: dict[str, Any]) -> None:
        if message["op"] == "signal":
            self._signal(message["number"])
            self._tell({"op": "signalled", "number": message["number"]})
        elif message["op"] == "end":
            sleep(message["within"])
            self._force()

    def _force(self) -> None:
        self._was_forced = True
        self._signal(_signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with self._lock:
            if self._end is None:
                os.kill(self._worker, number)

    def _end_all(self) -> None:
        """Kill until nothing is left: what children leave behind becomes ours and follows."""
        _kill(os.killpg, self._worker)
        while sum(_kill(os.kill, pid) for pid in _children()):
            os.wait4(-1, 0)

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            os.write(self._life, encode(message))
        except OSError:
            pass  # nobody is left to be told


_IN_BYTES = sys.platform == "darwin"
"""Whether this system gives memory in bytes where others give kilobytes."""


def _become_subreaper() -> None:
    if sys.platform != "linux":
        return
    try:
        # Late: it takes longer than the fork, and the worker goes on meanwhile.
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        pass  # a Python without it: what leaves the worker's group may get away


def _kill(kill: Callable[[int, int], None], number: int) -> bool:
    try:
        kill(number, _signal.SIGKILL)
    except OSError:  # gone, or of another user by now, as by sudo: not ours to wait for
        return False
    return True


def _children() -> list[int]:
    """Return the numbers of this process's children that have not been waited for."""
    found: list[int] = []
    try:
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/children", encoding="ascii") as listed:
                found += map(int, listed.read().split())
    except OSError:
        pass  # another system than Linux
    return found


def _running(pids: list[int]) -> list[str]:
    """Return the names of those of the processes that have not ended, with their numbers."""
    names = []
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as told:
                name, _, state = told.read().partition("(")[2].rpartition(") ")
        except OSError:
            continue
        if state[0] != "Z" and name != _OF_TESTS:
            names.append(f"{name} ({pid})")
    return names


def _exit_code(status: int) -> int:
    """Return the exit status, or the signal's number below zero."""
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
