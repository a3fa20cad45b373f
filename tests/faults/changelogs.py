"""What tests of the change log share: a log, what it has promised, and what can be read of it."""

from __future__ import annotations

import select
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random

from fakes.disks import SimulatedDisk
from relive.changelog.disk import Disk
from relive.changelog.entries import Change, Entry, Outcome
from relive.changelog.history import History
from relive.changelog.log import ChangeLog
from relive.changelog.policy import Policy

KEY = b"k" * 32
MAX_WAIT_S = 60
"""As in `conftest`, which looks for interpreters: too much for a process that is to be killed."""
FOLDER = Path("/folder")


class Pump:
    """A driver that calls back while a test waits."""

    def __init__(self) -> None:
        self._fd = -1
        self._readable: Callable[[], object] = lambda: None
        self.timers: list[Callable[[], object]] = []

    def watch(self, fd: int, readable: Callable[[], object], *, background: bool = False) -> None:
        self._fd, self._readable = fd, readable

    def unwatch(self, fd: int) -> None:
        self._fd = -1

    def call_later(self, seconds: float, callback: Callable[[], object]) -> threading.Timer:
        self.timers.append(callback)
        return threading.Timer(seconds, callback)  # not started: a test says when it is time

    def run_until(self, is_done: Callable[[], bool]) -> None:
        while not is_done():
            assert select.select([self._fd], [], [], MAX_WAIT_S)[0], "nothing more is told"
            self._readable()


class Work:
    """Somebody who works: edits of some files, evaluations and steps of several files."""

    def __init__(self, disk: Disk, policy: Policy, folder: Path = FOLDER, seed: int = 0) -> None:
        self.log = ChangeLog(folder, policy, disk=disk, key=KEY)
        self.pump = Pump()
        self.log.attach(self.pump)
        self.random = Random(seed)
        self.given: dict[int, Change] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.acknowledged: dict[int, str | None] = {}
        """By number, what was told of its safety."""
        self._documents = {str(folder / name): f"# {name}\n" for name in ("a.py", "b.py")}
        self.log.begin_life("3.12")

    def change(self) -> Change:
        """Return the next thing somebody asks for."""
        file = self.random.choice([*self._documents, None])
        if file is None:
            return Change("evaluate", text=f"{self.random.random()}")
        if self.random.random() < 0.7:
            self._documents[file] += f"x = {self.random.random()}\n"
        if self.random.random() < 0.2:
            other = next(each for each in self._documents if each != file)
            others = ((other, self._documents[other]),)
            return Change("redefine", file, document=self._documents[file], others=others)
        return Change("evaluate", file, "x", document=self._documents[file])

    def ask(self) -> int:
        """Record something, wait until it may run, and record its outcome; return its number."""
        change = self.change()
        number = self.log.record(change)
        if number:
            self.given[number] = change
        told: list[str | None] = []
        self.log.when_safe(number, told.append)
        self.pump.run_until(lambda: bool(told))
        if number:
            self.acknowledged[number] = told[0]
            self.outcomes[number] = Outcome("ok", 1.0)
            self.log.outcome(number, self.outcomes[number])
        return number

    def safe(self) -> set[int]:
        """Return what the log has promised to keep."""
        return {number for number, problem in self.acknowledged.items() if problem is None}

    def check(self, disk: Disk, safe: set[int]) -> tuple[Entry, ...]:
        """Check that a disk has all that is safe, and nothing that was never recorded."""
        history = History(self.log.folder, disk=disk, key=KEY)
        read = history.entries(self.log.id, 1)
        assert safe <= {entry.number for entry in read.entries}, (safe, read)
        self.check_true(read.entries, safe)
        return read.entries

    def check_true(self, entries: tuple[Entry, ...], safe: set[int]) -> None:
        """Check that entries are those recorded, in their order, and whole if they are safe."""
        numbers = [entry.number for entry in entries]
        assert numbers == sorted(set(numbers))
        for entry in entries:
            given = self.given[entry.number]
            assert entry.outcome in (None, self.outcomes[entry.number])
            if entry.lacks is None:
                assert entry.change == given
            else:
                assert entry.lacks == "damage"
                assert entry.number not in safe
                assert (entry.change.kind, entry.change.text) == (given.kind, given.text)


def simulated(policy: Policy, seed: int = 0) -> tuple[SimulatedDisk, Work]:
    """Return somebody who works on a simulated disk."""
    disk = SimulatedDisk()
    disk.random = Random(seed)
    return disk, Work(disk, policy, seed=seed)
