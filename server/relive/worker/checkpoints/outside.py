"""What a copy of the process shares with the original, or loses: put back, or told.

A file's position is shared, and put back when the copy is woken; what was written into it is not.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: user code may have patched `signal`
import sys

from relive.worker.checkpoints.lot import children
from relive.worker.checkpoints.open_files import OpenFiles
from relive.worker.checkpoints.vetoes import own_locks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TIMERS = tuple(
    getattr(_signal, name)
    for name in ("ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF")
    if hasattr(_signal, name)
)


class Outside:
    """What there was outside of the process's memory at a checkpoint."""

    def __init__(self, opened: dict[int, str]) -> None:
        """Note it; `opened` are the descriptors and where they lead."""
        self.files = OpenFiles(opened)
        self._random = _random_state()
        self._timers = [(which, _signal.getitimer(which)) for which in _TIMERS]
        self._wakeup_fd = _wakeup_fd()
        self.warnings = _warnings()
        """What will be otherwise once a copy made now is woken, one sentence each."""

    def restore(self) -> list[str]:
        """Put back what can be, in a copy that was woken; return what could not be."""
        if self._random is not None:
            sys.modules["random"].setstate(self._random)
        for which, (left, interval) in self._timers:
            if left:
                _signal.setitimer(which, left, interval)
        if self._wakeup_fd != -1:  # of asyncio, which takes it away in a copy
            _signal.set_wakeup_fd(self._wakeup_fd, warn_on_full_buffer=False)
        return self.files.restore()


def _warnings() -> list[str]:
    told = [f"{name} is shared memory: what it holds is not put back" for name in _shared_memory()]
    started = [name for pid in children() if (name := _name(pid))]
    told += [f"{name} runs on, and how it ends will not be known" for name in started]
    read = sum(1 for kind, access, _ in own_locks() if (kind, access) == ("POSIX", "READ"))
    if read:
        told.append("a file that is locked for reading is not locked then")
    return told


def _wakeup_fd() -> int:
    """Return where a byte is written for each signal; -1: nowhere."""
    fd: int = _signal.set_wakeup_fd(-1)
    if fd != -1:
        _signal.set_wakeup_fd(fd, warn_on_full_buffer=False)
    return fd


def _random_state() -> Any:
    """Return the state of `random`, which begins anew in a copy of its own accord."""
    random = sys.modules.get("random")
    try:
        return None if random is None else random.getstate()
    except Exception:  # a module of the user's own by that name
        return None


def _shared_memory() -> list[str]:
    """Return the files that are mapped so that what is written there is everybody's."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        lines = [line.split(None, 5) for line in maps if " rw-s " in line]
    return sorted({each[5].strip() if len(each) > 5 else "a mapping" for each in lines})


def _name(pid: int) -> str | None:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as told:
            name, _, rest = told.read().partition("(")[2].rpartition(") ")
    except OSError:
        return None
    return None if rest.startswith("Z") else f"the process {name} ({pid})"
