"""Oversees the process that runs tests: one that crashes or hangs is told, and the next goes on.

It is a copy of the live process itself, with one thread, and runs nothing of the user's. Tests run
in a copy of it. So when one of them ends its process, there is still the same state to begin the
rest from.
"""

from __future__ import annotations

import os
import select
import time
from functools import partial

from relive.wire.frames import Decoder, FrameError, encode
from relive.worker.testing.copy import become_runner, fork, run_tests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CHUNK_BYTES = 64 * 1024
_MAX_NOISE = 8_000
_SIGKILL = 9
_STOPPED = "stopped"
_AROUND_S = 60.0
"""How much longer than a test it may take to find them, and all that is between them."""

_now = time.monotonic


class Overseer:
    """Runs tests until all have run, or it is told to stop."""

    def __init__(self, reports: int, stop: int, workspace: str, time_limit: float) -> None:
        self._reports = reports
        self._stop = stop
        self._workspace = workspace
        self._time_limit = time_limit
        self._problem: str | None = None
        self._left: list[str] = []

    def run(self, ids: list[str]) -> None:
        """Run the tests, and tell of each and of the end."""
        self._left = list(ids)
        while self._left:
            before = list(self._left)
            if not Round(self, self._left).carry_out() or self._left == before:
                break
        self.tell({"op": "tests_ended", "problem": self._problem, "left": self._left})

    def tell(self, message: dict[str, Any]) -> None:
        """Pass on what was told of a test."""
        data = encode(message)
        while data:
            data = data[os.write(self._reports, data) :]


class Round:
    """One process that runs tests."""

    def __init__(self, owner: Overseer, ids: list[str]) -> None:
        self._owner = owner
        self._noise = b""
        self._known: dict[str, dict[str, Any]] = {}
        """The tests that were found and have not ended, by id."""
        self._current: str | None = None
        self._finished = False
        self._begin(ids)

    def _begin(self, ids: list[str]) -> None:
        owner = self._owner
        self._from_runner, reports = os.pipe()
        self._from_streams, noise = os.pipe()
        self._runner = fork()
        if self._runner == 0:
            for fd in (owner._reports, owner._stop, self._from_runner, self._from_streams):
                os.close(fd)
            become_runner(reports, noise, partial(run_tests, ids, owner._workspace))
        os.close(reports)
        os.close(noise)
        self._end_seen = _watch_end(self._runner)

    def carry_out(self) -> bool:
        """Pass on what comes until it ends; return whether the tests left may run in another."""
        try:
            how = self._listen()
        except BaseException:  # as when the live process is gone, and nobody can be told
            _kill_group(self._runner)
            raise
        status = self._end(at_once=how is not None)
        if how == _STOPPED:
            self._owner._problem = "The tests were stopped."
            return False
        if self._finished:
            return False
        return self._tell_broken(how or f"The process of the test {_in_words(status)}.")

    def _listen(self) -> str | None:
        """Return why it has to be ended; None: it has ended, or is about to."""
        decoder = Decoder()
        watched = [self._from_runner, self._from_streams, self._owner._stop, *self._end_seen]
        deadline = _now() + self._time_limit
        while not self._finished:
            ready = select.select(watched, (), (), max(deadline - _now(), 0))[0]
            if self._owner._stop in ready:
                return _STOPPED
            if self._from_streams in ready:
                self._hear(watched)
            if self._from_runner in ready:
                data = os.read(self._from_runner, _CHUNK_BYTES)
                if not data:
                    return None
                try:
                    for message in decoder.feed(data):
                        self._take(message)
                except (FrameError, KeyError, TypeError, ValueError):
                    return "The test has written into what is not its own."
                deadline = _now() + self._time_limit
            elif self._end_seen and self._end_seen[0] in ready:
                return None
            if _now() >= deadline:  # whatever it prints meanwhile
                return f"It did not end within {self._time_limit:g} seconds, and was ended."
        return None

    @property
    def _time_limit(self) -> float:
        return self._owner._time_limit + (_AROUND_S if self._current is None else 0)

    def _hear(self, watched: list[int]) -> None:
        data = os.read(self._from_streams, _CHUNK_BYTES)
        self._noise = (self._noise + data)[-_MAX_NOISE:]
        if not data:
            watched.remove(self._from_streams)

    def _take(self, message: dict[str, Any]) -> None:
        op = message["op"]
        if op == "found":
            self._known = {str(each["test"]): each for each in message["tests"]}
            self._owner._left = list(self._known) or self._owner._left
        elif op == "began":
            self._current = str(self._known[message["test"]]["test"])
        elif op == "ended":
            self._pass_on(message)
        elif op == "refused":
            self._owner._problem = str(message["problem"])
            self._finished = True
        else:
            self._finish(int(message["status"]))

    def _pass_on(self, message: dict[str, Any]) -> None:
        test = str(message["test"])
        self._known.pop(test, None)
        self._current = None
        if test in self._owner._left:
            self._owner._left.remove(test)
        self._owner.tell({"op": "test_ran", "test": _checked(message)})

    def _finish(self, status: int) -> None:
        self._finished = True
        if status in (2, 3, 4):  # interrupted by itself, an error of its own, or of its options
            os.set_blocking(self._from_streams, False)
            self._noise += _read_rest(self._from_streams)
            told = self._noise[-_MAX_NOISE:].decode("utf-8", "replace").strip()
            self._owner._problem = told or f"pytest ended with status {status}."
        else:
            self._owner._left = list(self._known)

    def _end(self, *, at_once: bool) -> int:
        """End it, and all that the tests have left; return its status."""
        if not at_once:
            select.select(self._end_seen or [self._from_runner], (), (), self._owner._time_limit)
        _kill_group(self._runner)
        status = os.waitpid(self._runner, 0)[1]
        for fd in (self._from_runner, self._from_streams, *self._end_seen):
            os.close(fd)
        return status

    def _tell_broken(self, how: str) -> bool:
        """Tell of the test that ended its process; return whether there was one."""
        if self._current is None:
            noise = self._noise.decode("utf-8", "replace").strip()
            self._owner._problem = f"{how}\n{noise}".strip()
            return False
        known = self._known[self._current]
        nothing = {"at": None, "expected": None, "actual": None, "seconds": 0.0, "ran": None}
        output = _of_the_user(self._noise.decode("utf-8", "replace"))
        told = {**known, "outcome": "error", "message": how, "output": output, **nothing}
        self._pass_on(told)
        return True


def _checked(message: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a test with nothing in it that does not belong there."""
    told: dict[str, Any] = {key: str(message[key]) for key in ("test", "file", "output")}
    told |= {key: _text(message[key]) for key in ("message", "expected", "actual")}
    told |= {key: _line(message[key]) for key in ("line", "at")}
    ran = message["ran"]
    return {
        **told,
        "outcome": _OUTCOMES[message["outcome"]],
        "seconds": float(message["seconds"]),
        "ran": None if ran is None else [[str(file), str(name)] for file, name in ran],
    }


_OUTCOMES = {each: each for each in ("passed", "failed", "error", "skipped")}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _line(value: Any) -> int | None:
    return None if value is None else max(0, int(value))


def _watch_end(pid: int) -> list[int]:
    """Return a descriptor that can be read once the process has ended, where there is such."""
    try:
        return [os.pidfd_open(pid)]  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError):
        return []


def _read_rest(fd: int) -> bytes:
    try:
        return os.read(fd, _CHUNK_BYTES)
    except OSError:
        return b""


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, _SIGKILL)
        except OSError:
            continue  # it has ended, or has not got as far as to have a group


def _of_the_user(stacks: str) -> str:
    """Leave out of the stacks that the interpreter writes at a crash what is pytest's and ours."""
    lines = stacks.splitlines(keepends=True)
    return "".join(each for each in lines if not any(part in each for part in _MACHINERY))


_MACHINERY = ("/_pytest/", "/pluggy/", "/relive/worker/")


def _in_words(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"was ended by signal {os.WTERMSIG(status)}"
    return f"ended with exit status {os.WEXITSTATUS(status)}"
