"""J13: how much of the past is kept, and what is there when compressing or deleting breaks off."""

from __future__ import annotations

import errno
import time

import pytest

from fakes.disks import SimulatedDisk
from faults.changelogs import KEY, Work
from relive.changelog import log as log_module
from relive.changelog.history import History
from relive.changelog.policy import Policy
from relive.changelog.retention import DAY_S, tidy

NEVER = Policy(sync="never")
ENTRIES = 12
OWN = "the session that asks"


@pytest.fixture(autouse=True)
def untidied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have logs leave the past as it is: tests say when it is time."""
    monkeypatch.setattr(log_module, "tidy", lambda *args: None)


class Past:
    """Sessions that have ended, a minute apart, the oldest first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
        self.disk = SimulatedDisk()
        self.works: list[Work] = []
        began = time.time()
        for number in range(count):
            at = began + 60 * number
            monkeypatch.setattr(time, "gmtime", lambda at=at: time.localtime(at))
            monkeypatch.setattr(time, "time_ns", lambda at=at: int(at * 1e9))
            self.works.append(Work(self.disk, NEVER, seed=number))
            for _ in range(ENTRIES):
                assert self.works[-1].ask()
        monkeypatch.undo()
        monkeypatch.setattr(log_module, "tidy", lambda *args: None)
        self.now = began + 60 * count

    def close(self, *numbers: int) -> None:
        for number in numbers:
            self.works[number].log.end_life("closed")
            self.works[number].log.close()

    def crash(self, number: int) -> None:
        for path in self.files(number):
            self.disk._files[path].locked = False

    def files(self, number: int, disk: SimulatedDisk | None = None) -> list[str]:
        disk = disk or self.disk
        name = self.works[number].log.id
        return [path for path in [*disk._files] if name in path]

    def tidy(self, days: float = 0, policy: Policy = NEVER) -> None:
        history = History(self.works[0].log.folder, disk=self.disk, key=KEY)
        tidy(self.disk, history, policy, OWN, self.now + days * DAY_S)

    def sizes(self) -> list[int]:
        return [sum(map(self.disk.size, self.files(each))) for each in range(len(self.works))]

    def check(self, disk: SimulatedDisk | None = None) -> None:
        for work in self.works:
            work.check(disk or self.disk, set(work.given))


def test_sessions_of_other_days_are_compressed_and_can_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past = Past(monkeypatch, 3)
    past.close(0, 1, 2)
    past.tidy(days=0.5)
    assert not [path for path in past.disk._files if path.endswith(".gz")]
    past.tidy(days=2)
    for number in range(3):
        changes = [path for path in past.files(number) if path.startswith("changes")]
        assert changes
        assert all(path.endswith(".log.gz") for path in changes)
    past.check()


def test_the_living_and_the_recoverable_stay_whatever_their_age(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past = Past(monkeypatch, 4)
    past.close(0, 3)
    past.crash(1)
    before = [past.files(number) for number in (1, 2)]
    past.tidy(days=1000, policy=Policy(max_megabytes=0))
    assert [past.files(number) for number in range(4)] == [[], *before, []]
    past.crash(2)  # now this one is the last that can be recovered
    past.tidy(days=1000)
    assert [bool(past.files(number)) for number in range(4)] == [False, False, True, False]


def test_the_oldest_go_first_when_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    past = Past(monkeypatch, 4)
    past.close(0, 1, 2, 3)
    monkeypatch.setattr(Policy, "max_bytes", property(lambda self: sum(past.sizes()[2:])))
    past.tidy()
    assert [bool(past.files(number)) for number in range(4)] == [False, False, True, True]


def test_a_session_of_a_newer_relive_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("relive.changelog.segments.FORMAT", 99)
        past = Past(patched, 1)
        past.close(0)
    files = past.files(0)
    past.tidy(days=1000)
    assert past.files(0) == files


def steps_of_tidying(monkeypatch: pytest.MonkeyPatch, days: float) -> range:
    past = Past(monkeypatch, 2)
    past.close(0, 1)
    before = past.disk.steps
    past.tidy(days)
    return range(before + 1, past.disk.steps + 1)


def test_j13_compressing_that_breaks_off_at_any_step_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for step in steps_of_tidying(monkeypatch, 2):
        past = Past(monkeypatch, 2)
        past.close(0, 1)
        past.disk.fails = {step: errno.EIO}
        with pytest.raises(OSError, match="Input/output"):
            past.tidy(days=2)
        past.check()
        past.tidy(days=2)
        past.check()
        assert not [path for path in past.disk._files if path.endswith(".part")]


@pytest.mark.parametrize("seed", range(4))
def test_j13_power_that_fails_while_compressing_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    for step in steps_of_tidying(monkeypatch, 2):
        past = Past(monkeypatch, 2)
        past.close(0, 1)
        for path in [*past.disk._files]:
            past.disk._files[path].synced = bytes(past.disk._files[path].data)
            past.disk._files[path].pending.clear()
            past.disk.know(path.rpartition("/")[0])
        past.disk.random.seed(seed)
        past.disk.power_fails_at = step
        past.tidy(days=2)
        assert past.disk.after_power_loss is not None
        past.check(past.disk.after_power_loss)


def test_j13_deleting_that_breaks_off_is_done_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for step in steps_of_tidying(monkeypatch, 1000):
        past = Past(monkeypatch, 2)
        past.close(0, 1)
        past.disk.fails = {step: errno.EIO}
        with pytest.raises(OSError, match="Input/output"):
            past.tidy(days=1000)
        past.tidy(days=1000)
        assert not past.disk._files.keys() - {".gitignore", "README.txt"}
