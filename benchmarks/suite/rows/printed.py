"""A hundred megabytes printed: how fast, what memory that takes, and whether the editor waits."""

from __future__ import annotations

import re
import statistics
from functools import cached_property
from pathlib import Path

from daemon import Daemon

from suite.frame import Comparison, Contender, Place, Row
from suite.peer import Peer
from suite.relive_ways import checked, daemon, seconds, session

_LINE = 99
_CODE = f"for _ in range({100_000_000 // (_LINE + 1)}): print('x' * {_LINE})"
_TEXT = "total = 1\ntotal\n"
_HOVERS = 20
_HAS_PROC = Path("/proc/self/clear_refs").exists()
"""Whether the system tells, and forgets, how much memory a process had at most: Linux does."""


class _Printing:
    """An editor in whose process so much is printed, while it asks for hovers."""

    def __init__(self, place: Place) -> None:
        self._daemon: Daemon = daemon(place, _TEXT, {"names": "all"})
        checked(self._daemon.command("evaluate", scope="file"))

    @cached_property
    def idle_hover_s(self) -> float:
        """How long a hover takes while nothing runs."""
        return statistics.median(self._hover_s() for _ in range(_HOVERS))

    @cached_property
    def figures(self) -> dict[str, float]:
        """What was seen while it printed: hovers in seconds, and the processes' kilobytes."""
        processes = {"daemon": self._daemon.pid, "worker": self._worker()}
        before = {f"{name} before": _held(pid) for name, pid in processes.items()}
        hovers = []
        request = self._daemon.begin("evaluateText", text=_CODE)
        while not self._daemon.has_answered(request):
            hovers.append(self._hover_s())
        checked(self._daemon.answer(request))
        most = {f"{name} at most": _peak(pid) for name, pid in processes.items()}
        slowest, middle = max(hovers), statistics.median(hovers)
        return {"hover": middle, "slowest hover": slowest, **before, **most}

    def _hover_s(self) -> float:
        """Return how long an answer takes; while code runs it is that nothing is known."""
        return seconds(lambda: self._daemon.hover(1, 2))

    def _worker(self) -> int:
        answer = self._daemon.command("evaluateText", text="__import__('os').getpid()")
        checked(answer)
        return int(answer["results"][-1]["value"]["text"])


def _held(pid: int) -> float:
    """Return how much a process has in memory, and have the system forget what it had at most."""
    if _HAS_PROC:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _told(pid, "VmRSS")


def _peak(pid: int) -> float:
    return _told(pid, "VmHWM")


def _told(pid: int, what: str) -> float:
    if not _HAS_PROC:
        return 1
    status = Path(f"/proc/{pid}/status").read_text()
    return float(re.findall(rf"{what}:\s+(\d+)", status)[0])


def _contenders(place: Place) -> dict[str, Contender]:
    own, kernel, printing = session(place), Peer(place, "kernel"), _Printing(place)
    memory = ("daemon before", "daemon at most", "worker before", "worker at most")
    return {
        "Python API": Contender(lambda: seconds(lambda: own.evaluate(_CODE)), warm_up=0),
        "ipykernel": Contender(lambda: kernel.ask("evaluate", code=_CODE), warm_up=0),
        "idle hover": Contender(lambda: printing.idle_hover_s, warm_up=1),
        **{name: _seen(printing, name) for name in ("hover", "slowest hover", *memory)},
    }


def _seen(printing: _Printing, name: str) -> Contender:
    return Contender(lambda: printing.figures[name], warm_up=0)


ROW = Row(
    "printed",
    "100 MB printed",
    _contenders,
    (
        Comparison("ipykernel", "Python API", at_least=3),
        Comparison("hover", "idle hover"),
        Comparison("slowest hover", "idle hover"),
        *(
            Comparison(f"{each} at most", f"{each} before")
            for each in ("daemon", "worker")
            if _HAS_PROC
        ),
    ),
    rounds=1,
)
