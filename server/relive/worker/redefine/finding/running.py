"""What goes on with old code after a redefinition: frames of threads, and suspended ones."""

from __future__ import annotations

import sys
from collections import Counter
from types import AsyncGeneratorType, CoroutineType
from weakref import ref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType, FrameType
    from typing import Any

    from relive.worker.redefine.finding.searched import Searched

_NAMED = 3
"""Threads that are called by their names; of more only the number is told."""
_HOOK = "relive.worker.holding.marks"
"""The module whose function stands on top of a frame that is held where it failed."""


class Running:
    """The frames there are while a redefinition is planned."""

    def __init__(self, searched: Searched) -> None:
        """Look at the threads; `searched`: what is known of those who run code, see there."""
        self.searched = searched
        self._threads: dict[int, Counter[int]] = {}
        """How many frames of which thread run a code object, by its id."""
        self._held: dict[int, Counter[int]] = {}
        """Those of them that are held where they failed: they never go on as they are."""
        self._suspended: dict[int, list[str]] = {}
        self._holders: dict[int, list[ref[Any]]] = {}
        for thread, frame in sys._current_frames().items():
            above = None
            for each in stack(frame):
                self._threads.setdefault(id(each.f_code), Counter())[thread] += 1
                if above == _HOOK:
                    self._held.setdefault(id(each.f_code), Counter())[thread] += 1
                above = each.f_globals.get("__name__")

    def frames(self, code: CodeType) -> int:
        """Return how many frames run `code`."""
        return sum(self._threads.get(id(code), {}).values())

    def note_suspended(self, code: CodeType, holder: Any) -> None:
        """Note a generator, coroutine or async generator; one that runs is a thread's already."""
        self._holders.setdefault(id(code), []).append(ref(holder))
        frame = getattr(holder, "gi_frame", None) or getattr(holder, "cr_frame", None)
        frame = frame or getattr(holder, "ag_frame", None)
        if frame is not None and not is_running(holder):
            self._suspended.setdefault(id(code), []).append(kind_of(holder))

    def holders(self, code: CodeType) -> list[ref[Any]]:
        """Return the generators and coroutines that were found of `code`, those that run too."""
        return self._holders.get(id(code), [])

    def told(self, codes: Iterable[CodeType]) -> str | None:
        """Say who goes on with any of `codes`; None if nobody does."""
        threads: Counter[int] = Counter()
        kinds: Counter[str] = Counter()
        for code in codes:
            threads.update(self._threads.get(id(code), {}))
            threads -= self._held.get(id(code), Counter())
            kinds.update(self._suspended.get(id(code), ()))
        parts = [*_threads_told(threads), *_suspended_told(kinds)]
        return "; ".join(parts) or None


def stack(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield a frame and those that called it."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _threads_told(threads: Counter[int]) -> Iterator[str]:
    if not threads:
        return
    names = [thread_name(each) for each in threads]
    until = "until they return" if sum(threads.values()) > 1 else "until it returns"
    if len(names) == 1:
        yield f"thread {names[0]} goes on with the old body {until}"
    elif len(names) <= _NAMED:
        yield f"threads {', '.join(names[:-1])} and {names[-1]} go on with the old body {until}"
    else:
        yield f"{len(names)} threads go on with the old body {until}"


def thread_name(thread: int) -> str:
    """Return what a thread is called, quoted."""
    threading = sys.modules.get("threading")
    known = getattr(threading, "_active", {}).get(thread)
    return repr(getattr(known, "name", None) or f"number {thread}")


def _suspended_told(kinds: Counter[str]) -> Iterator[str]:
    for kind, count in kinds.items():
        if count == 1:
            yield f"1 {kind} that has begun ends with the old body"
        else:
            yield f"{count} {kind}s that have begun end with the old body"


def kind_of(holder: Any) -> str:
    """Say what a suspended frame is of."""
    if isinstance(holder, CoroutineType):
        return "coroutine"
    return "async generator" if isinstance(holder, AsyncGeneratorType) else "generator"


def is_running(holder: Any) -> bool:
    """Whether a thread is in it at this moment."""
    return any(getattr(holder, each, False) for each in ("gi_running", "cr_running", "ag_running"))
