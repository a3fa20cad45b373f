"""Answers what the daemon asks about tests and fixtures, on the main thread between evaluations."""

from __future__ import annotations

import os
import select
from functools import partial

from relive.wire.frames import Decoder, FrameError
from relive.worker import streams
from relive.worker.testing import theirs
from relive.worker.testing.copy import become_runner, fork
from relive.worker.testing.listing import list_fixtures
from relive.worker.testing.live import FixtureError, InUse
from relive.worker.testing.runs import TestRuns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.channel import Channel
    from relive.worker.interrupt import Interrupts
    from relive.worker.namespace import Namespaces

_CHUNK_BYTES = 64 * 1024


class Tester:
    """Owns the fixtures that are in use, and begins runs of tests."""

    def __init__(
        self,
        channel: Channel,
        namespaces: Namespaces,
        interrupts: Interrupts,
        workspace: str,
        restored: Callable[[], None],
    ) -> None:
        """Make the owner; `restored` takes back what of the process pytest has taken."""
        self._channel = channel
        self._namespaces = namespaces
        self._interrupts = interrupts
        self._workspace = workspace
        self._restored = restored
        self._in_use: list[InUse] = []
        self.runs = TestRuns(channel, workspace)
        self._deeds = {
            "run_tests": self._run,
            "fixtures": self._list,
            "use_fixtures": self._use,
            "release_fixtures": self._release,
        }
        interrupts.watch(Tester._do.__code__)

    def answer(self, message: dict[str, Any]) -> None:
        """Send the answer to `message`, whatever the user's code does."""
        self._interrupts.install()
        problem = answer = None
        try:
            answer = self._do(message)
        except FixtureError as failure:
            problem = str(failure)
        except KeyboardInterrupt:
            problem = "It was interrupted."
        except BaseException as failure:
            problem = f"{type(failure).__name__}: {failure}"
        self._interrupts.end()
        self._restored()
        streams.flush()
        about = {"op": message["op"], "id": message["id"], "gone": None}
        self._channel.send({**about, "problem": problem, "answer": answer})

    def _do(self, message: dict[str, Any]) -> Any:
        self._interrupts.begin(message["id"])
        reason = theirs.why_not()
        if reason is not None:
            raise FixtureError(reason)
        return self._deeds[message["op"]](message)

    def _run(self, message: dict[str, Any]) -> dict[str, Any]:
        with self._interrupts.held_back():
            self.runs.begin(message)
        return {}

    def _use(self, message: dict[str, Any]) -> list[str]:
        file, names = message["file"], message["names"]
        used = InUse(file, self._namespaces.of(file).module, names)
        bound = used.set_up()
        self._in_use.append(used)
        return bound

    def _release(self, message: dict[str, Any]) -> dict[str, Any]:
        """Tear down in reverse order: those of a file, or all."""
        released: list[str] = []
        problems: list[str] = []
        for used in reversed(list(self._in_use)):
            if message["file"] in (None, used.file):
                self._in_use.remove(used)
                problems += used.release()
                released += used.released
        return {"released": released, "problems": problems}

    def _list(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        file = message["file"]
        module = self._namespaces.of(file).module
        work = partial(list_fixtures, file, module, self._workspace)
        told = _ask_copy(work, message["time_limit"], self._interrupts)
        active = {name for used in self._in_use if used.file == file for name in used.names}
        return [{**each, "active": each["name"] in active} for each in told]


def _ask_copy(work: Any, time_limit: float, interrupts: Interrupts) -> list[dict[str, Any]]:
    """Return what a copy of the process tells of fixtures.

    Raises:
        FixtureError: it told nothing, in time.
    """
    with interrupts.held_back():
        (answers, answer), (noises, noise) = os.pipe(), os.pipe()
        copy = fork()
        if copy == 0:
            become_runner(answer, noise, work)
        os.close(answer)
        os.close(noise)
    try:
        return _heard(answers, noises, time_limit)
    finally:
        _end(copy)
        os.close(answers)
        os.close(noises)


def _heard(answers: int, noises: int, time_limit: float) -> list[dict[str, Any]]:
    decoder, printed, watched = Decoder(), b"", [answers, noises]
    while True:
        ready = select.select(watched, (), (), time_limit)[0]
        if not ready:
            raise FixtureError(f"pytest told no fixtures within {time_limit:g} seconds.")
        if noises in ready:
            data = os.read(noises, _CHUNK_BYTES)
            printed = (printed + data)[-4000:]
            if not data:
                watched.remove(noises)
        if answers in ready:
            data = os.read(answers, _CHUNK_BYTES)
            for message in _messages(decoder, data):
                if message["op"] == "refused":
                    raise FixtureError(message["problem"])
                items: list[dict[str, Any]] = message["items"]
                return items
            if not data:
                raise FixtureError(printed.decode("utf-8", "replace").strip() or "pytest ended.")


def _messages(decoder: Decoder, data: bytes) -> list[dict[str, Any]]:
    try:
        return list(decoder.feed(data))
    except FrameError as error:
        raise FixtureError(f"What tells the fixtures was written over: {error}") from error


def _end(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, 9)
        except OSError:
            continue
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        pass  # user code has waited for whatever child came first
