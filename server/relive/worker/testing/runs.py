"""Runs of tests beside the live process: begun on its main thread, told of by another."""

from __future__ import annotations

import os
from _thread import allocate_lock, start_new_thread

from relive.wire.frames import Decoder
from relive.worker.testing.copy import fork
from relive.worker.testing.overseer import Overseer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.channel import Channel

_CHUNK_BYTES = 64 * 1024


class Run:
    """One that is under way."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.from_overseer, self.reports = os.pipe()
        self.stop, self.to_stop = os.pipe()
        self.pid = 0


class TestRuns:
    """Those of the process."""

    __test__ = False

    def __init__(self, channel: Channel, workspace: str) -> None:
        self._channel = channel
        self._workspace = workspace
        self._runs: dict[int, Run] = {}
        self._ending = allocate_lock()
        """Held while a run's descriptors are written to or closed: others get their numbers."""

    def begin(self, message: dict[str, Any]) -> None:
        """Begin to run tests; what comes of them is sent as it comes, at any time."""
        run = Run(message["id"])
        self._runs[run.number] = run
        run.pid = fork()
        if run.pid == 0:
            self._oversee(run, message)
        os.close(run.reports)
        os.close(run.stop)
        start_new_thread(self._pass_on, (run,))

    def stop(self, number: int) -> bool:
        """Have a run end; return whether it is under way. For any thread."""
        with self._ending:
            run = self._runs.get(number)
            if run is not None:
                os.write(run.to_stop, b"!")
        return run is not None

    def _oversee(self, run: Run, message: dict[str, Any]) -> None:
        """Be the overseer. Does not return."""
        try:
            for other in self._runs.values():
                os.close(other.to_stop)  # its end is the sign that the live process is gone
                os.close(other.from_overseer)
            overseer = Overseer(run.reports, run.stop, self._workspace, message["time_limit"])
            overseer.run(message["tests"])
        finally:
            os._exit(0)

    def _pass_on(self, run: Run) -> None:
        ended: dict[str, Any] | None = None
        decoder = Decoder()
        while data := os.read(run.from_overseer, _CHUNK_BYTES):
            for message in decoder.feed(data):
                if message["op"] == "tests_ended":
                    ended = message
                else:
                    self._channel.send({**message, "id": run.number})
        with self._ending:
            del self._runs[run.number]
            os.close(run.from_overseer)
            os.close(run.to_stop)
        _wait(run.pid)
        lost = {"op": "tests_ended", "problem": "The process of the tests was ended.", "left": []}
        self._channel.send({**(ended or lost), "id": run.number})


def _wait(pid: int) -> None:
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        pass  # user code has waited for whatever child came first
