"""A worker as a process: how it is started, and how it is told to end.

What is started forks at once into the warden and the worker; see `relive.worker.warden`.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import threading
from pathlib import Path

from relive.session.connection import Connection
from relive.session.output import Pipes

_BOOTSTRAP = Path(__file__).parents[1] / "worker" / "__main__.py"

GRACE_S = 1.0
"""How long an idle worker may run its `atexit` handlers before it is killed."""
_WARDEN_S = 2.0
"""How long the warden may take to kill what is left; it takes milliseconds unless it is stopped."""


class CannotStart(Exception):  # noqa: N818 - it says what is the case
    """The interpreter did not start; the text says why and what to do."""


class WorkerProcess:
    """A running worker, the warden that watches over it, and the descriptors that join them."""

    def __init__(self, interpreter: str, cwd: str) -> None:
        """Start the worker.

        Raises:
            CannotStart: no such interpreter or folder.
        """
        if not os.path.isabs(interpreter):  # what would be found by it depends on the folder
            raise CannotStart(_no_python(interpreter))
        ours, theirs = zip(*(socket.socketpair() for _ in range(3)), strict=True)
        self.main, self.control, self.life = map(Connection, ours)
        self.pipes = Pipes()
        self._worker_fd = -1
        """A handle of the worker itself, which nobody else's number can become."""
        self.pid: int | None = None
        """The worker's process id, once the warden has told it."""
        self._former: list[Connection] = []
        """Channels of workers that are ended to go back. At their ends these would end themselves,
        with what they have started."""
        try:
            self._warden = self._start(interpreter, cwd, [sock.fileno() for sock in theirs])
        except OSError as error:
            self._close_all()
            raise CannotStart(_why_not_started(interpreter, cwd, error)) from error
        finally:
            for sock in theirs:
                sock.close()
            self.pipes.close_write_ends()

    def _start(self, interpreter: str, cwd: str, channels: list[int]) -> subprocess.Popen[bytes]:
        outputs = self.pipes.outputs
        descriptors = (*channels, self.pipes.stacks.write_end)
        return subprocess.Popen(
            [interpreter, str(_BOOTSTRAP), *map(str, descriptors)],
            cwd=cwd,
            env={**os.environ, "PWD": cwd},  # as a shell has it: the name with its links
            stdin=subprocess.DEVNULL,
            stdout=outputs["stdout"].write_end,
            stderr=outputs["stderr"].write_end,
            pass_fds=descriptors,
            start_new_session=True,  # ^C in a terminal is not for it
        )

    def started(self, pid: int) -> None:
        """Note the worker's process id, as the warden tells it; any former one is no more."""
        self.pid = pid
        self._close_former()
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):  # it has ended already
                self._worker_fd = os.pidfd_open(pid)

    def go_back(self, checkpoint: int) -> None:
        """Have a parked copy go on in the worker's place, with channels of its own."""
        self._let_go_of_worker()
        self.pid = None
        self._former += self.main, self.control
        ours, theirs = zip(*(socket.socketpair() for _ in range(2)), strict=True)
        self.main, self.control = map(Connection, ours)
        descriptors = tuple(sock.fileno() for sock in theirs)
        self.life.send({"op": "wake", "checkpoint": checkpoint}, descriptors)
        for sock in theirs:
            sock.close()

    def is_running(self) -> bool:
        """Whether the worker has not ended, even if its warden has not told of it yet."""
        if self._worker_fd < 0:
            return self.pid is None or not hasattr(os, "pidfd_open")
        return not select.select([self._worker_fd], [], [], 0)[0]

    def wait(self, timeout_s: float) -> int | None:
        """Return the exit status of the process that was started; None if it goes on."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._warden.wait(timeout_s)
        return self._warden.returncode

    def stop(self, *, grace_s: float) -> threading.Thread:
        """Have the worker end: politely for `grace_s` seconds, then by force.

        Returns at once with the thread that sees to it.
        """
        self.main.close()
        if grace_s:
            self.life.send({"op": "end", "within": grace_s, "worker_alone": False})
        else:
            self.life.close()
        thread = threading.Thread(target=self._end, args=(grace_s,), name="relive-stop")
        thread.start()
        return thread

    def _end(self, grace_s: float) -> None:
        # Also before the warden has said that it is there: killed between its fork and that, it
        # could not end the worker, which would be left to end by itself.
        if self.wait(grace_s + _WARDEN_S) is None:  # no warden, or one that was stopped
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._warden.pid, signal.SIGKILL)
            self._warden.wait()
        if self._worker_fd >= 0:
            with contextlib.suppress(ProcessLookupError):  # as it should be
                signal.pidfd_send_signal(self._worker_fd, signal.SIGKILL)
        self._close_all()

    def _close_former(self) -> None:
        while self._former:
            self._former.pop().close()

    def _close_all(self) -> None:
        self._close_former()
        for connection in (self.main, self.control, self.life):
            connection.close()
        self.pipes.close()
        self._let_go_of_worker()

    def _let_go_of_worker(self) -> None:
        if self._worker_fd >= 0:
            os.close(self._worker_fd)
            self._worker_fd = -1


def _why_not_started(interpreter: str, cwd: str, error: OSError) -> str:
    if not Path(cwd).is_dir():
        return f"the folder {cwd} does not exist"
    if not Path(interpreter).exists():
        return _no_python(interpreter)
    return f"{interpreter} cannot be started: {error.strerror}"


def _no_python(interpreter: str) -> str:
    return f"there is no Python at {interpreter}; choose another in relive.session.pythonPath"
