"""Threads: a copy of the process has the one that made it, and no other.

Python's are counted by it. Those that libraries start in C are seen by the system alone. OpenMP is
asked to let go of its own, and OpenBLAS does so by itself: both start others when they next need
some, in the copy too. For any others whoever waits there would wait for ever.
"""

from __future__ import annotations

import _thread
import os

from relive.worker.library import standard
from relive.worker.process_state import running_threads

_OWN = 2
"""The main thread and Relive's."""
_OPENMP = ("libgomp", "libiomp", "libomp")
_OPENBLAS = "openblas"
_SOFT = 1
"""Of OpenMP: threads are let go, and what was set for them stays."""
_LOOKS = 50
_LOOK_S = 0.001
"""A thread that has ended, for Python or for OpenMP, takes a moment to be gone."""


class Threads:
    """Those of this process, as looked at again and again."""

    def __init__(self) -> None:
        self._stay: set[str] = set()
        """Which ran on when it was last looked."""

    def why_not(self, counted: int) -> str | None:
        """Return why a copy would lack some; `counted` of Python's are Relive's, or long gone."""
        if _thread._count() > counted:
            return ", ".join(running_threads()) or "a thread runs on"
        if len(_tasks()) == _OWN:
            return None
        libraries = _libraries()
        if not _let_go(libraries):
            return "OpenMP is at work, and its threads cannot be let go"
        known = sum(_OPENBLAS in each for each in libraries) * ((os.cpu_count() or 1) - 1)
        tasks = self._staying(_OWN + known)
        count = len(tasks) - _OWN - known
        return f"{count} threads that a library has started run on" if count > 0 else None

    def _staying(self, enough: int) -> set[str]:
        """Return the threads there are once those are gone that have ended."""
        tasks = _tasks()
        for _ in range(_LOOKS):
            if len(tasks) <= enough or tasks <= self._stay:
                break
            wait(_LOOK_S)
            tasks = _tasks()
        self._stay = tasks
        return tasks


def _tasks() -> set[str]:
    return set(os.listdir("/proc/self/task"))


def _libraries() -> set[str]:
    """Return the libraries that are loaded."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        files = {line.split(None, 5)[-1].strip() for line in maps if "/" in line}
    return {each for each in files if ".so" in each}


def _let_go(libraries: set[str]) -> bool:
    """Have OpenMP let go of its threads, until it needs some again; whether that is done."""
    found = [each for each in libraries if os.path.basename(each).startswith(_OPENMP)]
    if not found:
        return True
    load = standard("ctypes").CDLL
    try:
        return not sum(load(each).omp_pause_resource_all(_SOFT) != 0 for each in found)
    except (OSError, AttributeError):  # of an OpenMP that is older than that
        return False


def wait(seconds: float) -> None:
    """Wait, whatever user code has made of `time.sleep`."""
    lock = _thread.allocate_lock()
    lock.acquire()
    lock.acquire(timeout=seconds)
