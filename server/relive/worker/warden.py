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
import _socket
import os
import sys
from _thread import allocate_lock, start_new_thread

from relive.wire.frames import Decoder, encode
from relive.worker.own import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from relive.worker.checkpoints.lot import Lot

_CHUNK_BYTES = 4096
_PR_SET_CHILD_SUBREAPER = 36
_ON_LINUX = sys.platform == "linux"
_DOOR = _socket.SOCK_SEQPACKET if _ON_LINUX else _socket.SOCK_STREAM
_WORD = _signal.SIGUSR1
"""What the threads of the warden wake each other by."""
_NEWS = {_signal.SIGCHLD, _WORD}
_CHANNELS = 2
"""Descriptors that come with the word to wake a copy."""
_OF_TESTS = "relive-tests"
"""What processes are called that run the user's tests: Relive's own, and nobody's loss."""


def divide(life_fd: int, channels: tuple[int, ...]) -> int:
    """Fork. Returns in the worker; the warden keeps `life_fd` alone and ends in here.

    Returns the descriptor by which the worker hands its copies over.
    """
    door, ours = _socket.socketpair(_socket.AF_UNIX, _DOOR)
    worker = os.fork()
    if worker == 0:
        os.close(life_fd)
        ours.close()
        os.setsid()  # a group of its own: what user code does to its group is not for the warden
        return door.detach()
    try:
        door.close()
        _let_go_of(channels)
        Warden(worker, life_fd, ours).serve()
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

    def __init__(self, worker: int, life_fd: int, door: _socket.socket) -> None:
        self._worker = worker
        self._life = _socket.socket(fileno=life_fd)
        self._door = door
        self._lock = allocate_lock()
        """Held to signal the worker and to wait for it: its number is good until then."""
        self._lot: Lot | None = None
        """The copies of the worker that are parked; None: there has been none."""
        self._end: dict[str, Any] | None = None
        """How the worker ended."""
        self._has_ended = allocate_lock()
        """Free once the worker has ended."""
        self._has_ended.acquire()
        self._is_end_told = False
        self._was_forced = False
        self._is_over = False
        """Whether no copy is to go on in the worker's place."""
        self._wanted: tuple[int, list[int]] | None = None
        """The checkpoint to go back to, and the channels it is to have."""

    def serve(self) -> None:
        """Stay until nothing of the worker's is left."""
        # Before the threads: it is this mask that makes the end of a child wait to be taken.
        _signal.pthread_sigmask(_signal.SIG_BLOCK, _NEWS)
        _become_subreaper()
        self._tell({"op": "started", "pid": self._worker})
        start_new_thread(self._listen, ())
        start_new_thread(self._take_copies, ())
        while self._goes_on():
            _signal.sigwait(_NEWS)
        self._end_all()

    def _goes_on(self) -> bool:
        """Do what is to be done at this time; return whether there is something to wait for."""
        self._reap()
        if self._end is None:
            return True
        if self._wanted is not None:
            self._go_back(*self._wanted)
            return True
        if not self._is_end_told:
            self._is_end_told = True
            copies = set() if self._lot is None else self._lot.pids
            self._tell({**self._end, "left": _running(set(_children()) - copies)})
        return bool(self._lot) and not self._is_over

    def _reap(self) -> None:
        """Wait for all children that have ended, and note it if the worker has."""
        while True:
            with self._lock:
                try:
                    pid, status, usage = os.wait4(-1, os.WNOHANG)
                except ChildProcessError:
                    return
                if pid == 0:
                    return
                if pid == self._worker and self._end is None:
                    self._end = {
                        "op": "ended",
                        "status": _exit_code(status),
                        "forced": self._was_forced,
                        "peak_kb": usage.ru_maxrss // (1024 if _IN_BYTES else 1),
                    }
                    self._has_ended.release()
            if self._lot is not None:
                self._lot.ended(pid)

    def _take_copies(self) -> None:
        """Take in the copies that the worker makes of itself; it sees it if that is over."""
        try:
            if self._door.recv(1, _socket.MSG_PEEK):
                # Late: few workers make copies, and it is nobody's time until then.
                self._lot = own("relive.worker.checkpoints.lot").Lot(
                    self._door, self._tell, self._worker
                )
                self._lot.serve()
        finally:
            self._door.close()

    def _go_back(self, number: int, channels: list[int]) -> None:
        """Have a copy be the worker, and end what began after it was made."""
        self._wanted = None
        lot = self._lot
        parked = None if lot is None else lot.take_out(number)
        if lot is not None and parked is not None:
            lot.end_what_began_since(parked)
            with self._lock:
                self._worker, self._end = parked.pid, None
                self._is_end_told = self._was_forced = False
                self._has_ended.acquire()
            lot.wake(parked, channels)
        for fd in channels:
            os.close(fd)
        self._tell({"op": "woken", "checkpoint": number, "pid": parked.pid if parked else None})

    def _listen(self) -> None:
        """Do what the daemon asks, until it is gone."""
        decoder = Decoder()
        channels: list[int] = []
        room = _socket.CMSG_SPACE(_CHANNELS * 4)
        try:
            while True:
                data, ancillary, _, _ = self._life.recvmsg(_CHUNK_BYTES, room)
                if not data:
                    break
                if ancillary:  # late: few workers are gone back to
                    descriptors = own("relive.worker.checkpoints.descriptors")
                    channels += descriptors.descriptors_in(ancillary)
                for message in decoder.feed(data):
                    self._obey(message, channels)
        finally:
            self._is_over = True
            self._force()

    def _obey(self, message: dict[str, Any], channels: list[int]) -> None:
        if message["op"] == "signal":
            self._signal(message["number"])
            self._tell({"op": "signalled", "number": message["number"]})
        elif message["op"] == "drop":
            if self._lot is not None:
                self._lot.drop(message["checkpoint"])
        elif message["op"] == "wake":
            with self._lock:  # or what is killed might be the copy already
                self._wanted = message["checkpoint"], channels[:_CHANNELS]
                del channels[:_CHANNELS]
                self._send(_signal.SIGKILL)
            self._have_looked()
        elif message["op"] == "end":
            self._is_over = self._is_over or not message["worker_alone"]
            if self._has_ended.acquire(timeout=message["within"]):
                self._has_ended.release()
            self._force()

    def _force(self) -> None:
        self._was_forced = True
        self._signal(_signal.SIGKILL)
        self._have_looked()

    def _have_looked(self) -> None:
        """Have the other thread look what is to be done."""
        os.kill(os.getpid(), _WORD)

    def _signal(self, number: int) -> None:
        with self._lock:
            self._send(number)

    def _send(self, number: int) -> None:
        if self._end is None:
            os.kill(self._worker, number)

    def _end_all(self) -> None:
        """Kill until nothing is left: what children leave behind becomes ours and follows."""
        _kill(os.killpg, self._worker)
        while sum(_kill(os.kill, pid) for pid in _children()):
            os.wait4(-1, 0)

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            self._life.sendall(encode(message))
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


def _running(pids: Iterable[int]) -> list[str]:
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
