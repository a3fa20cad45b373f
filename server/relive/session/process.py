"""A worker as a process: how it is started, how it is told to end, how it ended."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from relive.session.answers import Stream
from relive.session.connection import Connection
from relive.session.output import Pipe
from relive.wire import LOST_CHANNEL_STATUS

_BOOTSTRAP = Path(__file__).parents[1] / "worker" / "__main__.py"

GRACE_S = 1.0
"""How long an idle worker may run its `atexit` handlers before it is killed."""


class CannotStart(Exception):  # noqa: N818 - it says what is the case
    """The interpreter did not start; the text says why and what to do."""


class WorkerProcess:
    """A running worker and the descriptors that join it."""

    def __init__(self, interpreter: str, cwd: str) -> None:
        """Start the worker.

        Raises:
            CannotStart: no such interpreter or folder.
        """
        main, main_theirs = socket.socketpair()
        control, control_theirs = socket.socketpair()
        self.main = Connection(main)
        self.control = Connection(control)
        self.outputs: dict[Stream, Pipe] = {"stdout": Pipe(), "stderr": Pipe()}
        self.stacks = Pipe()
        """Where the interpreter writes the stacks of its threads."""
        self.pipes = (*self.outputs.values(), self.stacks)
        try:
            self._popen = self._start(interpreter, cwd, main_theirs, control_theirs)
        except OSError as error:
            self._close_all()
            raise CannotStart(_why_not_started(interpreter, cwd, error)) from error
        finally:
            main_theirs.close()
            control_theirs.close()
            for pipe in self.pipes:
                pipe.close_write_end()
        self.exit_fd = os.pidfd_open(self.pid) if hasattr(os, "pidfd_open") else -1
        """Readable once the process has ended, even while its children hold the pipes open."""

    def _start(
        self, interpreter: str, cwd: str, main: socket.socket, control: socket.socket
    ) -> subprocess.Popen[bytes]:
        descriptors = (main.fileno(), control.fileno(), self.stacks.write_end)
        return subprocess.Popen(
            [interpreter, str(_BOOTSTRAP), *map(str, descriptors)],
            cwd=cwd,
            env={**os.environ, "PWD": cwd},  # as a shell has it: the name with its links
            stdin=subprocess.DEVNULL,
            stdout=self.outputs["stdout"].write_end,
            stderr=self.outputs["stderr"].write_end,
            pass_fds=descriptors,
            start_new_session=True,  # its group can be ended whole; ^C in a terminal is not for it
        )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    def has_exited(self) -> bool:
        """Whether the process has ended."""
        return self._popen.poll() is not None

    def wait(self, timeout_s: float) -> None:
        """Wait for the end of the process.

        Raises:
            subprocess.TimeoutExpired: it goes on.
        """
        self._popen.wait(timeout_s)

    def exit_reason(self) -> str:
        """Say in words how the process ended."""
        status = self._popen.poll()
        if status is None:
            return "closed its connection"
        if status == LOST_CHANNEL_STATUS:
            return "lost its connection: the code it ran closed descriptors that are not its own"
        if status >= 0:
            return f"exited with status {status}"
        return f"was killed by signal {-status} ({_signal_name(-status)})"

    def interrupt(self) -> None:
        """Send the worker's process SIGINT."""
        self._popen.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End the worker and everything in its process group, now."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def stop(self, *, grace_s: float) -> threading.Thread:
        """Have the worker end: politely for `grace_s` seconds, then by force.

        Returns at once with the thread that sees to it.
        """
        self.main.close()
        thread = threading.Thread(target=self._end, args=(grace_s,), name="relive-stop")
        thread.start()
        return thread

    def _end(self, grace_s: float) -> None:
        try:
            if grace_s:
                self._popen.wait(grace_s)
        except subprocess.TimeoutExpired:
            pass
        self.kill()  # the group: children outlive a worker that left by itself
        self._popen.wait()
        self._close_all()

    def _close_all(self) -> None:
        self.main.close()
        self.control.close()
        for pipe in self.pipes:
            pipe.close()
        if getattr(self, "exit_fd", -1) >= 0:
            os.close(self.exit_fd)
            self.exit_fd = -1


def find_interpreter(interpreter: str | None) -> str:
    """Return the path of the interpreter to use; None means the one running this."""
    if interpreter is None:
        return sys.executable
    return shutil.which(interpreter) or interpreter


def _why_not_started(interpreter: str, cwd: str, error: OSError) -> str:
    if not Path(cwd).is_dir():
        return f"the folder {cwd} does not exist"
    if not Path(interpreter).exists():
        return f"there is no Python at {interpreter}; choose another in relive.session.pythonPath"
    return f"{interpreter} cannot be started: {error.strerror}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
