"""The lot: the parked copies of a worker, as its warden keeps them.

Each copy waits at a socket of its own, the other end of which the worker hands over with it. That
end alone keeps the copy: closed, also by the warden's own end, it has the copy end.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: `signal` would load `enum` and more
import _socket
import os
import sys
from _thread import allocate_lock

from relive.worker.checkpoints.descriptors import descriptors_in, room_for, with_descriptors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Process = tuple[int, int]
    """A process by its number and the time of its start: no other one has both."""

_PACKET_BYTES = 4096
_CLOSED_IN_CHILDREN: int = getattr(_socket, "MSG_CMSG_CLOEXEC", 0)
_NEVER = sys.maxsize
_READY_S = 5.0
"""How long a copy may take to be ready after its making."""


class Parked:
    """One copy."""

    def __init__(self, pid: int, socket: _socket.socket, there: set[Process]) -> None:
        self.pid = pid
        self.socket = socket
        self._there = there
        """The processes that there were when it was made, as far as the system told of them: of one
        whose sibling ends at that moment it may say nothing."""
        self._began = _process(pid)[1]

    def is_from_before(self, process: Process) -> bool:
        """Whether a process is no part of what is undone by going back to this."""
        return process in self._there or process[1] < self._began


class Lot:
    """All of them, by the numbers of their checkpoints."""

    def __init__(
        self, door: _socket.socket, tell: Callable[[dict[str, Any]], None], worker: int
    ) -> None:
        """Make it empty; copies come by `door`, of which the daemon is told by `tell`."""
        self._door = door
        self._tell = tell
        self._worker = worker
        self._parked: dict[int, Parked] = {}
        self._lock = allocate_lock()

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self._parked)

    @property
    def pids(self) -> set[int]:
        """The process numbers of the copies."""
        with self._lock:
            return {each.pid for each in self._parked.values()}

    def serve(self) -> None:
        """Take copies in as they come; on a thread of its own."""
        while True:
            data, ancillary, _, _ = self._door.recvmsg(
                _PACKET_BYTES, room_for(1), _CLOSED_IN_CHILDREN
            )
            if not data:
                return
            sockets = descriptors_in(ancillary)
            about = data.split()
            if len(sockets) != 1 or not all(map(bytes.isdigit, about)) or len(about) != 2:
                for fd in sockets:  # user code has written to what it found
                    os.close(fd)
                continue
            number, original = map(int, about)
            taken = self._take(number, original, _socket.socket(fileno=sockets[0]))
            self._door.send(f"{number} {original} {taken}".encode())
            if taken:
                self._tell({"op": "parked", "checkpoint": number, "kilobytes": self._weights()})

    def _take(self, number: int, original: int, socket: _socket.socket) -> int:
        """Keep a copy once it is ready, if it is one of the worker that lives: return its pid."""
        socket.settimeout(_READY_S)
        try:
            pid = int(socket.recv(_PACKET_BYTES))
        except (OSError, ValueError):  # it ended at once
            return 0
        with self._lock:
            if pid not in children() or original != self._worker:
                socket.close()
                return 0
            there = _there()
            self._parked[number] = Parked(pid, socket, there)
        return pid

    def drop(self, number: int) -> None:
        """Have a copy end."""
        with self._lock:
            parked = self._parked.pop(number, None)
        if parked is not None:
            parked.socket.close()

    def ended(self, pid: int) -> None:
        """Note that a process has ended, which may have been a copy."""
        with self._lock:
            lost = [number for number, each in self._parked.items() if each.pid == pid]
            for number in lost:
                self._parked.pop(number).socket.close()
        for number in lost:
            self._tell({"op": "unparked", "checkpoint": number})

    def take_out(self, number: int) -> Parked | None:
        """Take out the copy that is to be woken; later ones, of what is undone, end.

        It is the worker from now on: no copy is taken in any more that the former one still made.
        """
        with self._lock:
            parked = self._parked.pop(number, None)
            later = [each for each in self._parked if each > number] if parked else []
            for each in later:
                self._parked.pop(each).socket.close()
            if parked is not None:
                self._worker = parked.pid
        return parked

    def wake(self, parked: Parked, channels: list[int]) -> None:
        """Have the copy go on, with these channels."""
        parked.socket.settimeout(None)
        parked.socket.sendmsg([b"wake"], with_descriptors(channels))
        parked.socket.close()

    def end_what_began_since(self, parked: Parked) -> None:
        """Kill what the timeline started that is undone: orphans now, and so the warden's."""
        while True:
            kept = self.pids | {parked.pid}
            doomed = [
                pid
                for pid in children()
                if pid not in kept and not parked.is_from_before(_process(pid))
            ]
            if not sum(_killed(pid) for pid in doomed):
                return
            for pid in doomed:
                os.waitpid(pid, 0)

    def _weights(self) -> list[list[int]]:
        """Return how many kilobytes each copy holds beyond what the worker does.

        What several processes share the system tells in parts, of which the sum is what there is.
        What the worker has would be there without copies: it is taken from the sum, and the rest is
        given to the copies by their parts.
        """
        with self._lock:
            pids = [(number, each.pid) for number, each in self._parked.items()]
        parts = [(number, _kilobytes(pid)[0]) for number, pid in pids]
        part, whole = _kilobytes(self._worker)
        all_parts = sum(each for _, each in parts)
        beyond = max(0, all_parts + part - whole)
        return [[number, beyond * each // max(1, all_parts)] for number, each in parts]


def children(pid: int | str = "self") -> list[int]:
    """Return the numbers of a process's children that have not been waited for."""
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as listed:
                found += map(int, listed.read().split())
    except OSError:
        pass  # another system than Linux, or the process has ended
    return found


def _there() -> set[Process]:
    """Return this process's children, their children, and so on."""
    found: set[Process] = set()
    waiting = children()
    while waiting:
        pid = waiting.pop()
        found.add(_process(pid))
        waiting += children(pid)
    return found


def _process(pid: int) -> Process:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as told:
            return pid, int(told.read().rpartition(") ")[2].split()[19])
    except (OSError, IndexError):
        return pid, _NEVER


def _kilobytes(pid: int) -> tuple[int, int]:
    """Return a process's part of the memory that it uses, and how much it uses; no file's.

    Before Linux 5.9 files are not told apart: then a few megabytes of libraries are in it.
    """
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as told:
            fields = {line.split()[0]: line.split()[1] for line in told}
        names = ("Pss_Anon:", "Anonymous:") if "Pss_Anon:" in fields else ("Pss:", "Rss:")
        return int(fields[names[0]]), int(fields[names[1]])
    except (OSError, LookupError):
        return 0, 0


def _killed(pid: int) -> bool:
    try:
        os.kill(pid, _signal.SIGKILL)
    except OSError:  # gone, or of another user by now: not ours to wait for
        return False
    return True
