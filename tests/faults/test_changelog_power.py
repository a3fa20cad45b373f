"""J3-J6: what the disk does to the change log: power that fails, errors, no room, syncs that fail."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from faults.changelogs import KEY, Work, simulated
from relive.changelog import segments
from relive.changelog.disk import LocalDisk
from relive.changelog.history import History
from relive.changelog.log import ChangeLog
from relive.changelog.policy import Policy

ENTRIES = 14
BEFORE, SOON, NEVER = Policy(sync="before"), Policy(sync="soon"), Policy(sync="never")


@pytest.fixture(autouse=True)
def short_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have logs go on in new files often."""
    monkeypatch.setattr(segments, "ROTATE_AT", 700)


def steps_of_work(policy: Policy, seed: int) -> int:
    disk, work = simulated(policy, seed)
    for _ in range(ENTRIES):
        assert work.ask()
    steps = disk.steps
    work.log.close()
    return steps


@pytest.mark.parametrize("seed", range(6))
def test_j3_what_was_acknowledged_is_there_after_the_power_failed_at_any_step(seed: int) -> None:
    lost_some = False
    for step in range(1, steps_of_work(BEFORE, seed) + 1):
        disk, work = simulated(BEFORE, seed)
        safe: set[int] = set()
        disk.power_fails_at = step
        disk.at_power_loss = lambda work=work, safe=safe: safe.update(work.safe())
        while disk.after_power_loss is None and len(work.acknowledged) < ENTRIES:
            work.ask()
        work.log.close()
        if disk.after_power_loss is not None:
            found = work.check(disk.after_power_loss, safe)
            lost_some = lost_some or len(found) < len(work.given)
    assert lost_some, "the power never failed"


@pytest.mark.parametrize("policy", [SOON, NEVER], ids=["soon", "never"])
def test_j3_without_waiting_nothing_false_comes_of_a_power_failure(policy: Policy) -> None:
    for seed in range(30):
        disk, work = simulated(policy, seed)
        disk.power_fails_at = disk.random.randrange(5, 40)
        while disk.after_power_loss is None and len(work.acknowledged) < ENTRIES:
            work.ask()
        work.log.close()
        if disk.after_power_loss is not None:
            work.check(disk.after_power_loss, set())


def test_j4_a_sync_that_fails_ends_the_log_and_nothing_else() -> None:
    for step in range(1, steps_of_work(BEFORE, 0) + 1):
        disk, work = simulated(BEFORE)
        disk.fails = {step: errno.EIO}
        for _ in range(ENTRIES):
            work.ask()
        told = [problem for problem in work.acknowledged.values() if problem]
        if told:  # it was a sync that failed
            assert disk.happened == [step]
            assert "could not keep" in told[0]
            assert work.log.problem == told[0]
            assert work.log.record(work.change()) == 0
            assert set(work.safe()).isdisjoint({max(work.given)})
        work.check(disk, work.safe())
        work.log.close()


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["no room", "an error"])
@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
def test_j5_a_record_that_cannot_be_written_is_refused_whole(error: int, for_ever: bool) -> None:
    for step in range(1, steps_of_work(NEVER, 1) + 1):
        disk, work = simulated(NEVER, 1)
        if for_ever:
            disk.fails_from = step, error
        else:
            disk.fails = {step: error}
        problems = [work.log.problem for _ in range(ENTRIES) if not work.ask()]
        assert disk.happened
        assert all(os.strerror(error) in str(problem) for problem in problems)
        if not for_ever:
            assert len(problems) <= 1
            assert work.ask()
            assert work.log.problem is None
        read = History(work.log.folder, disk=disk, key=KEY).entries(work.log.id, 1)
        assert {entry.number for entry in read.entries} == set(work.given)
        assert len(disk.files("sessions")) <= 2  # nor does each that is tried leave a file behind
        last = max(work.given, default=0)
        assert read.missing == last - len(work.given)  # what was not logged is told
        work.check(disk, set(work.given))
        work.log.close()


def test_j5_a_real_file_that_may_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every byte: what `write` took of a record is taken away again."""
    work = Work(LocalDisk(tmp_path), NEVER, tmp_path)
    for _ in range(5):
        assert work.ask()
    real = os.write
    room = 40

    def write(descriptor: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken, room = data[:room], max(0, room - len(data))
        return real(descriptor, taken)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write)
        assert work.ask() == 0
        assert "No space left" in str(work.log.problem)
    assert work.ask() == 7
    assert work.log.problem is None
    assert {entry.number for entry in work.check(LocalDisk(tmp_path), set())} == {1, 2, 3, 4, 5, 7}
    read = History(tmp_path, key=KEY).entries(work.log.id, 1)
    assert (read.missing, read.damage) == (1, {})
    work.log.close()


def test_j6_a_short_write_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, short = os.write, []

    def write(descriptor: int, data: bytes) -> int:
        short.append(len(data) > 1)
        return real(descriptor, data[: len(data) // 2 or 1])

    work = Work(LocalDisk(tmp_path), NEVER, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write)
        for _ in range(ENTRIES):
            assert work.ask()
    assert any(short)
    work.check(LocalDisk(tmp_path), set(work.given))
    read = History(tmp_path, key=KEY).entries(work.log.id, 1)
    assert (read.missing, read.damage) == (0, {})
    work.log.close()


def test_a_record_that_can_neither_be_completed_nor_taken_back_spoils_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(LocalDisk(tmp_path), NEVER, tmp_path)
    assert work.ask()
    real, torn = os.write, []

    def write(descriptor: int, data: bytes) -> int:
        if torn:
            raise OSError(errno.EIO, "gone")
        torn.append(data)
        return real(descriptor, data[:20])

    def ftruncate(descriptor: int, size: int) -> None:
        raise OSError(errno.EIO, "gone")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write)
        patched.setattr(os, "ftruncate", ftruncate)
        assert work.ask() == 0
    for _ in range(ENTRIES):
        assert work.ask()
    work.check(LocalDisk(tmp_path), set(work.given))
    work.log.close()


def test_a_disk_that_takes_long_makes_nobody_wait_for_ever() -> None:
    _, work = simulated(BEFORE)
    work.ask()
    told: list[str | None] = []
    number = work.log.record(work.change())
    work.log._syncing._safe = -1  # the sync has not ended
    work.log.when_safe(number, told.append)
    work.pump.timers[-1]()
    assert "not yet safe" in str(told[0])
    work.log.close()
    assert len(told) == 1


def test_nothing_is_written_before_there_is_an_entry(tmp_path: Path) -> None:
    log = ChangeLog(tmp_path, key=KEY)
    log.begin_life("3.12")
    log.end_life("restarted")
    log.close()
    assert not any(tmp_path.iterdir())
