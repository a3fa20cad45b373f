"""Whose output it is: an evaluation's, also when a thread or a task it has started writes it.

What the main thread writes while an evaluation runs is of that evaluation, and so is what C code
and children write then: all of it goes to the pipe as it is. What a thread writes, and a task of an
earlier evaluation, goes to the same pipe with a mark before it (see `outlets`).

Who has started a thread is noted as it starts, by the function of `_thread` that all of Python's
threads begin with, and lies with the thread. Of a task its context tells, which asyncio copies when
the task is made. Work given to a pool of threads is of whoever gave it.

`print` is as it ever was until there is a thread or a task to be told apart: only then do the
streams ask, at each write, who is writing.
"""

from __future__ import annotations

import _thread
import os
import sys
from _contextvars import ContextVar
from _functools import partial  # type: ignore[import-not-found]  # in C: it loads less

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

    from relive.worker.outlets import Outlet

_get_ident = _thread.get_ident
_STARTERS = ("start_new_thread", "start_joinable_thread")
"""What begins a thread; the second from Python 3.13 on."""


class Origin:
    """An evaluation as what output comes from; or its threads, which write beside others."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._threads: Origin | None = None

    @property
    def threads(self) -> Origin:
        """The origin of what is written on threads for this one."""
        if self._threads is None:
            self._threads = Origin(self.number)
            self._threads._threads = self._threads
        return self._threads


class Origins:
    """Knows who writes."""

    def __init__(self, outlets: list[Outlet], has_tasks: Callable[[], bool]) -> None:
        """Make the owner of what is known; `has_tasks`: whether a session's loop may run some."""
        self._outlets = outlets
        self._has_tasks = has_tasks
        self._main = _get_ident()
        self._of_context: ContextVar[Origin | None] = ContextVar("relive-origin", default=None)
        self._of_thread = _thread._local()
        self._running: Origin | None = None
        self._is_asked = False
        """Whether each write asks who is writing."""
        self._alive: set[object] = set()
        """One for each thread of user code that has not ended."""
        self._pools: ModuleType | None = None
        """The module whose pools of threads are followed."""

    def install(self) -> None:
        """Follow threads from now on."""
        threading = sys.modules.get("threading")
        for name in _STARTERS:
            if hasattr(_thread, name):
                ours = self._followed(getattr(_thread, name))
                setattr(_thread, name, ours)
                if hasattr(threading, f"_{name}"):
                    setattr(threading, f"_{name}", ours)
        for outlet in self._outlets:
            outlet.writer = self.other
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget_buffers)

    def begin(self, evaluation: int) -> None:
        """Note that the main thread runs this evaluation."""
        self._running = Origin(evaluation)
        self._of_context.set(self._running)
        self._follow_pools()
        self._tell_apart(bool(self._alive) or self._has_tasks())

    def end(self) -> None:
        """Note that it has ended; what its tasks write from now on is told apart."""
        for outlet in self._outlets:
            outlet.flush_others()
        self._running = None
        self._of_context.set(None)
        if self._has_tasks():
            self._tell_apart(True)

    def put_away(self) -> Callable[[], None]:
        """Let the evaluation that runs be, and return what takes it up again."""
        running, mine = self._running, self._of_context.get()
        self.end()

        def bring_back() -> None:
            self._running = running
            self._of_context.set(mine)
            self._tell_apart(bool(self._alive) or self._has_tasks())

        return bring_back

    def other(self) -> Origin | None:
        """Return who writes on this thread, unless it is what runs, or nobody knows."""
        origin = self._of_context.get()
        if origin is None:
            return getattr(self._of_thread, "origin", None)
        if _get_ident() != self._main:  # as in a context that was handed to a thread
            return origin.threads
        return None if origin is self._running else origin

    def forget_threads(self) -> None:
        """Note that there are none: this process is a copy of the one that had them."""
        self._alive.clear()

    def number(self) -> int | None:
        """Return the number of the evaluation that is at work on this thread."""
        origin = self.other() or self._running
        return None if origin is None else origin.number

    def _tell_apart(self, wanted: bool) -> None:
        if not wanted and not self._is_asked:
            return
        self._is_asked = wanted
        for outlet in self._outlets:
            outlet.tell_apart(wanted)

    def _forget_buffers(self) -> None:
        """In a forked child: what threads of the parent have half written is the parent's."""
        for outlet in self._outlets:
            outlet.forget_others()

    # -- threads ---------------------------------------------------------------------------------

    def _beside(self) -> Origin | None:
        """Return whose a thread is, or work for one, that is begun here."""
        origin = self._of_context.get() or getattr(self._of_thread, "origin", None)
        return None if origin is None else origin.threads

    def _followed(self, start: Any) -> Any:
        """Return what starts a thread as `start` does, and notes whose it is."""

        def started(function: Any, *args: Any, **kwargs: Any) -> Any:
            origin = self._beside()
            if origin is None or not callable(function):
                return start(function, *args, **kwargs)
            thread = object()
            self._alive.add(thread)
            self._tell_apart(True)
            try:
                return start(partial(self._run, origin, thread, function), *args, **kwargs)
            except BaseException:
                self._alive.discard(thread)
                raise

        started.__name__ = started.__qualname__ = start.__name__
        return started

    def _run(
        self, origin: Origin, thread: object, function: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Be a thread."""
        self._of_thread.origin = origin
        try:
            function(*args, **kwargs)
        finally:
            self._alive.discard(thread)

    def _run_work(self, origin: Origin | None, run: Any, *args: Any, **kwargs: Any) -> None:
        """Be a thread of a pool for one piece of work."""
        thread = self._of_thread
        before = getattr(thread, "origin", None)
        thread.origin = origin or before
        try:
            run(*args, **kwargs)
        finally:
            thread.origin = before

    @classmethod
    def regions(cls) -> list[Any]:
        """Return the functions that run user code on threads of its own."""
        return [cls._run, cls._run_work]

    def _follow_pools(self) -> None:
        """Follow work given to pools, whose threads an earlier evaluation may have started."""
        module = sys.modules.get("concurrent.futures.thread")
        item = getattr(module, "_WorkItem", None)
        if module is self._pools or item is None:
            return
        self._pools = module
        make, run = item.__init__, item.run

        def made(work: Any, *args: Any, **kwargs: Any) -> None:
            make(work, *args, **kwargs)
            work.relive_origin = self._beside()

        def ran(work: Any, *args: Any, **kwargs: Any) -> None:
            self._run_work(getattr(work, "relive_origin", None), run, work, *args, **kwargs)

        item.__init__, item.run = made, ran
