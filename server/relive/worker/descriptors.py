"""Descriptors 0, 1 and 2 stay open: what user code closes is open again at the next evaluation."""

from __future__ import annotations

import os

_fstat, _dup, _dup2, _write = os.fstat, os.dup, os.dup2, os.write


class StandardDescriptors:
    """Copies of the three, to open them again from."""

    def __init__(self) -> None:
        self._copies = {fd: _dup(fd) for fd in (2, 1, 0)}  # 2 first: it is where the rest is told

    def own(self) -> set[int]:
        """Return the copies, and those of the three that lead where they did."""
        same = {fd for fd, copy in self._copies.items() if _leads(fd) == _leads(copy)}
        return same | set(self._copies.values())

    def repair(self) -> None:
        """Open again what is closed, and say so; what was led elsewhere stays as it is."""
        for fd, copy in self._copies.items():
            try:
                _fstat(fd)
            except OSError:
                _open_again(fd, copy)


def _open_again(fd: int, copy: int) -> None:
    if _leads(copy) is not None:
        _dup2(copy, fd)
        _say(f"[descriptor {fd} was closed by the code that ran; it is open again]\n")


def _leads(fd: int) -> tuple[int, int] | None:
    """Return what file it leads to; None: it is closed."""
    try:
        return _fstat(fd)[1:3]
    except OSError:
        return None


def _say(text: str) -> None:
    try:
        _write(2, text.encode("ascii"))
    except OSError:
        pass  # nobody can be told
