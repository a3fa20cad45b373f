"""When no checkpoint is made: what a copy of the process would break, now or once it is woken.

A copy holds open whatever it has open, so that a connection that the program closes would stay open
for whoever is at its other end, and it has not the locks of the original (nor its threads, which
`threads.py` is about).
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
_LEAST_FREE_KB = 256 * 1024
_LEAST_FREE_PART = 0.05
_GRAPHICS = ("/dev/nvidia", "/dev/kfd", "/dev/dri/render")
_CARRYING = {
    "socket:": "a socket",
    "pipe:": "a pipe",
    "/dev/pts/": "a terminal",
    "/dev/ptmx": "a terminal",
}
"""What is written to these is gone."""
_CONNECTIONS = {**_CARRYING, "anon_inode:": "a handle of the system's"}


def why_not(opened: dict[int, str], own: set[int]) -> str | None:
    """Return why there can be no checkpoint now.

    Args:
        opened: the descriptors, and where they lead.
        own: Relive's among them.
    """
    return next(_reasons(opened, own), None)


def _reasons(opened: dict[int, str], own: set[int]) -> Iterator[str]:
    theirs = {fd: leads for fd, leads in opened.items() if fd not in own}
    yield from _connections(theirs)
    yield from _locks()
    yield from _memory()


def _connections(opened: dict[int, str]) -> Iterator[str]:
    for fd, leads in opened.items():
        if leads.startswith(_GRAPHICS):
            yield "a graphics processor is in use"
        for beginning, words in _CONNECTIONS.items():
            if leads.startswith(beginning):
                yield f"{words} is open (descriptor {fd}: {leads})"


def connection(opened: dict[int, str], own: set[int]) -> str | None:
    """Return what is open that something can be sent by, in words."""
    theirs = (leads for fd, leads in opened.items() if fd not in own)
    found = (_CARRYING[each] for leads in theirs for each in _CARRYING if leads.startswith(each))
    return next(found, None)


def _locks() -> Iterator[str]:
    """Yield what a copy would not have, or would keep locked after the original lets go of it."""
    for kind, access, inode in own_locks():
        if kind != "POSIX" or access == "WRITE":
            yield f"a file is locked, as by a transaction that is open (inode {inode})"


def own_locks() -> Iterator[tuple[str, str, str]]:
    """Yield the kind, the access and the inode of each lock on a file that this process has."""
    own = str(os.getpid())
    with open("/proc/locks", encoding="ascii") as locks:
        for line in locks:
            fields = line.split()
            if len(fields) > 5 and fields[1] != "->" and fields[4] == own:
                yield fields[1], fields[3], fields[5].rpartition(":")[2]


def _memory() -> Iterator[str]:
    told: dict[str, int] = {}
    with open("/proc/meminfo", encoding="ascii") as memory:
        for line in memory:
            name, _, rest = line.partition(":")
            told[name] = int(rest.split()[0])
            if name == "MemAvailable":
                break
    free, own = told["MemAvailable"], own_kilobytes()
    if free < max(_LEAST_FREE_KB, _LEAST_FREE_PART * told["MemTotal"], own):
        holds = f", and the process holds {own // 1024}" if free < own else ""
        yield f"only {free // 1024} MB of memory are free{holds}"


def own_kilobytes() -> int:
    """Return what of the process's memory is its own, and no file's: a copy may come to as much."""
    with open("/proc/self/statm", encoding="ascii") as told:
        _, resident, shared, *_ = map(int, told.read().split())
    return (resident - shared) * _PAGE_KB
