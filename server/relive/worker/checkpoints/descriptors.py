"""Descriptors: those that a process has open, and those that go along with a message."""

from __future__ import annotations

import _socket
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BYTES = 4
"""Of a descriptor among the ancillary data of a message: a C `int`."""


def room_for(count: int) -> int:
    """Return how much room a message's ancillary data needs for so many descriptors."""
    return _socket.CMSG_SPACE(count * _BYTES)


def with_descriptors(fds: list[int]) -> list[tuple[int, int, bytes]]:
    """Return the ancillary data that sends descriptors."""
    data = b"".join(fd.to_bytes(_BYTES, sys.byteorder) for fd in fds)
    return [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, data)]


def descriptors_in(ancillary: list[Any]) -> list[int]:
    """Return the descriptors that came with a message; none of them is inherited."""
    found = []
    for level, kind, data in ancillary:
        if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS:
            pieces = (data[at : at + _BYTES] for at in range(0, len(data) - _BYTES + 1, _BYTES))
            found += [int.from_bytes(piece, sys.byteorder) for piece in pieces]
    return found


def open_descriptors() -> dict[int, str]:
    """Return what this process has open: each descriptor, and where it leads."""
    found: dict[int, str] = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue  # the one that the list itself was read by
    return found
