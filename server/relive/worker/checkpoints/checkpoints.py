"""Checkpoints as the worker makes them, and how a copy of it becomes the worker."""

from __future__ import annotations

import os
from _thread import _count, get_ident, start_new_thread

from relive.worker import stacks
from relive.worker.checkpoints.descriptors import open_descriptors
from relive.worker.checkpoints.outside import Outside
from relive.worker.checkpoints.parking import NotParkedError, park
from relive.worker.checkpoints.threads import Threads
from relive.worker.checkpoints.vetoes import connection, own_kilobytes, why_not
from relive.worker.own import own
from relive.worker.streams import flush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.checkpoints.acts import Acts
    from relive.worker.loop import Worker

_QUIET_S = 5.0
"""How long to wait for the control thread to be done with what it is at.

Its answers take far less, also on a busy machine; a redefinition may run code that never ends.
"""


class Checkpoints:
    """Makes those of one worker."""

    def __init__(self, worker: Worker, door: int, stacks_fd: int) -> None:
        """Be ready; copies are handed to the warden by `door`."""
        self._worker = worker
        self._door = door
        self._stacks = stacks_fd
        self._own_threads = 1
        """The control thread; in a copy also those that are counted and are not there."""
        self._threads = Threads()
        self._acts: Acts | None = None
        self._is_waking = False

    def watch(self, *, on: bool) -> None:
        """Tell from now on what evaluations do outside of the process, or no more."""
        if on and self._acts is None:
            make = own("relive.worker.checkpoints.acts").Acts
            self._acts = make(self._doing, self._worker.main.send)
        if self._acts is not None:
            (self._acts.begin if on else self._acts.end)()

    def _doing(self) -> int | None:
        """Return the number of the request whose code runs on this thread."""
        thread, number = self._worker.changing or (0, 0)
        return number if thread == get_ident() else self._worker.streams.evaluation()

    def look(self, evaluation: int) -> None:
        """Tell what an evaluation has open that is next: what it sends by that is not seen."""
        open_ = connection(open_descriptors(), self._worker.own_descriptors())
        if open_ is not None:
            words = f"it had {open_} open, by which it may have sent something"
            self._worker.main.send({"op": "acted", "id": evaluation, "what": words})

    def make(self, number: int) -> None:
        """Make the checkpoint of that number and tell of it.

        Also returns in the copy, once that is woken: it is the worker then, and asked for what is
        next.
        """
        started = self._worker.clock()
        told: dict[str, Any] = {"op": "checkpointed", "id": number, "why_not": None}
        told.update(warnings=[], pid=0, files=[], kilobytes=0)
        quiet = self._worker.quiet
        if not quiet.acquire(timeout=_QUIET_S):
            told["why_not"] = "something else is under way beside"
        else:
            try:
                pid, outside = self._make(number)
                if pid == 0:
                    return
                told.update(warnings=outside.warnings, pid=pid, files=outside.files.told())
                told["kilobytes"] = own_kilobytes()
            except NotParkedError as error:
                told["why_not"] = str(error)
            except OSError as error:  # what tells of the process cannot be read
                told["why_not"] = f"the process cannot be looked at: {error}"
            except Exception as error:  # the program has patched what it takes
                if self._is_waking:
                    raise
                told["why_not"] = f"making one failed by {type(error).__name__}"
            finally:
                quiet.release()
        seconds = self._worker.clock() - started
        self._worker.main.send({**told, "seconds": seconds})

    def _make(self, number: int) -> tuple[int, Outside]:
        """Return the copy's pid, and what it has not as its own; 0: this is the copy, woken."""
        opened = open_descriptors()
        own = self._worker.own_descriptors()
        veto = self._threads.why_not(self._own_threads) or why_not(opened, own)
        if veto is not None:
            raise NotParkedError(veto)
        flush()
        outside = Outside({fd: name for fd, name in opened.items() if fd not in own})
        lost = self._stacks, self._door  # by any child
        kept = [os.dup(fd) for fd in lost]
        try:
            pid, channels = park(self._door, number)
            if channels is not None:
                self._is_waking = True
                for source, fd in zip(kept, lost):
                    os.dup2(source, fd, inheritable=False)
        finally:
            for fd in kept:
                os.close(fd)
        if channels is not None:
            self._wake(number, channels, [*outside.warnings, *outside.restore()])
            self._is_waking = False
        return pid, outside

    def _wake(self, number: int, channels: list[int], warnings: list[str]) -> None:
        """Be the worker: with channels and a control thread of its own."""
        worker = self._worker
        self._own_threads = 1 + _count()
        stacks.install(self._stacks)
        worker.go_on_with(*channels)
        start_new_thread(worker.serve_control, ())
        worker.greet(woken=number, warnings=warnings)
