"""Collecting, settling and keeping watch: the logic, with a clock and a disk of the test's own."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Callable
from typing import Any

import pytest

from relive.lsp.watching import intake
from relive.lsp.watching.intake import LONGEST_S, QUIET_S, TRUSTED_EVENTS, Batch, Intake
from relive.lsp.watching.observer import is_watched
from relive.lsp.watching.settling import LOOKS, Settling, Stand
from relive.lsp.watching.watcher import RESTARTS, Owner, Watcher


class Clock:
    """An event loop's timers, whose time passes when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self._timers: list[Timer] = []
        self._soon: list[Callable[[], None]] = []
        self.woken = 0

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        self._timers.append(Timer(self.now + delay, callback))
        return self._timers[-1]

    def call_soon_threadsafe(self, callback: Callable[[], None]) -> None:
        self.woken += 1
        self._soon.append(callback)

    def turn(self) -> None:
        """Do what other threads asked for."""
        soon, self._soon = self._soon, []
        for callback in soon:
            callback()

    def pass_by(self, seconds: float) -> None:
        end = self.now + seconds
        self.turn()
        while due := [each for each in self._timers if not each.cancelled and each.at <= end]:
            first = min(due, key=lambda each: each.at)
            self._timers.remove(first)
            self.now = max(self.now, first.at)
            first.callback()
            self.turn()
        self.now = end


class Timer:
    def __init__(self, at: float, callback: Callable[[], None]) -> None:
        self.at = at
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Scene:
    def __init__(self) -> None:
        self.clock = Clock()
        self.batches: list[Batch] = []
        self.intake = Intake(self.clock, self.batches.append)

    def add(self, *files: str) -> None:
        for file in files:
            self.intake.add(file)
        self.clock.turn()

    @property
    def files(self) -> list[set[str]]:
        return [set(batch.files) for batch in self.batches]


def test_what_comes_within_a_moment_is_one_batch() -> None:
    scene = Scene()
    for number in range(500):
        scene.add(f"{number}.py")
        scene.clock.pass_by(QUIET_S / 200)
    assert scene.batches == []
    scene.clock.pass_by(QUIET_S)
    assert scene.files == [{f"{number}.py" for number in range(500)}]


def test_rain_that_does_not_stop_is_not_waited_for() -> None:
    scene = Scene()
    while not scene.batches:
        scene.add("a.py")
        scene.clock.pass_by(QUIET_S / 2)
        assert scene.clock.now <= LONGEST_S + QUIET_S


def test_while_a_batch_is_carried_out_the_next_one_gathers() -> None:
    scene = Scene()
    scene.add("a.py")
    scene.clock.pass_by(QUIET_S)
    for _ in range(10_000):
        scene.intake.add("b.py")
        scene.intake.add("c.py")
    scene.clock.pass_by(LONGEST_S * 3)
    assert scene.files == [{"a.py"}]
    assert scene.clock.woken == 2  # once for each batch, not for each report
    scene.intake.done()
    scene.clock.pass_by(QUIET_S)
    assert scene.files == [{"a.py"}, {"b.py", "c.py"}]
    scene.intake.done()
    scene.clock.pass_by(LONGEST_S * 3)
    assert len(scene.batches) == 2


def test_what_comes_while_a_batch_is_read_may_join_it() -> None:
    scene = Scene()
    scene.add("a.py")
    scene.clock.pass_by(QUIET_S)
    assert scene.intake.more() is None
    scene.add("b.py")
    assert scene.intake.more() == Batch(frozenset({"b.py"}))
    scene.intake.done()
    scene.clock.pass_by(LONGEST_S * 2)
    assert scene.files == [{"a.py"}]


def test_reports_come_from_any_thread() -> None:
    scene = Scene()
    threads = [
        threading.Thread(target=scene.intake.add, args=(f"{number}.py",)) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scene.clock.pass_by(QUIET_S)
    assert scene.files == [{f"{number}.py" for number in range(8)}]


def test_after_a_storm_reports_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake.time, "time", lambda: 77.0)
    scene = Scene()
    for _ in range(TRUSTED_EVENTS):
        scene.intake.add("a.py")
    scene.clock.pass_by(QUIET_S)
    scene.intake.done()
    for _ in range(TRUSTED_EVENTS + 1):
        scene.intake.add("a.py")
    scene.clock.pass_by(QUIET_S)
    assert [batch.missed_since for batch in scene.batches] == [None, 77.0]


def test_what_may_have_been_missed_is_a_batch_by_itself() -> None:
    scene = Scene()
    scene.intake.miss(5.0)
    scene.intake.miss(3.0)
    scene.intake.miss(4.0)
    scene.clock.pass_by(QUIET_S)
    assert scene.batches == [Batch(frozenset(), 3.0)]


@pytest.mark.parametrize("busy", [False, True])
def test_a_closed_intake_hands_over_nothing(busy: bool) -> None:
    scene = Scene()
    scene.add("a.py")
    if busy:
        scene.clock.pass_by(QUIET_S)
        scene.add("b.py")
    scene.intake.close()
    scene.add("c.py")
    scene.intake.done()
    scene.clock.pass_by(LONGEST_S * 2)
    assert scene.files == ([{"a.py"}] if busy else [])


class Disk:
    """Files whose texts at each look a test lays down; the last text of each stays."""

    def __init__(self, stands: dict[str, list[Stand]] | None = None, **files: Any) -> None:
        self.looks = 0
        self._files = {f"{name}.py": texts for name, texts in files.items()}
        self._stands = {f"{name}.py": each for name, each in (stands or {}).items()}

    async def read(self, files: list[str]) -> dict[str, str | None]:
        self.looks += 1
        return {file: self._at(self._files[file]) for file in files}

    def stand(self, file: str, text: str) -> Stand:
        return self._at(self._stands.get(file, ["shown"]))

    def _at(self, values: list[Any]) -> Any:
        return values[min(self.looks, len(values)) - 1]

    def settle(self) -> Settling:
        async def pause() -> None:
            pass

        found = Settling(self.read, self.stand, pause)
        asyncio.run(found.look_at(self._files))
        return found


def test_a_file_is_taken_when_two_looks_find_the_same() -> None:
    disk = Disk(a=["de", "def", "def f", "def f"], b=["whole"])
    assert disk.settle().texts == {"a.py": "def f", "b.py": "whole"}
    assert disk.looks == 4


def test_a_file_that_is_emptied_first_is_given_time() -> None:
    assert Disk(a=["", "", "", "x = 1", "x = 1"]).settle().texts == {"a.py": "x = 1"}


def test_a_file_that_stays_empty_is_empty() -> None:
    disk = Disk(a=[""])
    assert disk.settle().texts == {"a.py": ""}
    assert disk.looks == LOOKS


def test_a_file_that_never_rests_is_left_for_the_next_batch() -> None:
    found = Disk(a=[str(number) for number in range(LOOKS * 2)], b=["whole"]).settle()
    assert (found.texts, found.restless) == ({"b.py": "whole"}, {"a.py"})


def test_files_that_are_looked_at_later_join_and_what_was_taken_may_change() -> None:
    disk = Disk(a=["x = 1", "x = 1", "x = 2"], b=["y = 1"])

    async def pause() -> None:
        pass

    async def look() -> dict[str, str]:
        found = Settling(disk.read, disk.stand, pause)
        await found.look_at(["a.py"])
        assert found.texts == {"a.py": "x = 1"}
        await found.look_at(["a.py", "b.py"])
        return found.texts

    assert asyncio.run(look()) == {"a.py": "x = 2", "b.py": "y = 1"}


@pytest.mark.parametrize("texts", [[None], ["x", None], ["x = 1", None, None]])
def test_a_file_that_is_gone_is_dropped(texts: list[str | None]) -> None:
    found = Disk(a=texts).settle()
    assert (found.texts, found.restless) == ({}, set())


@pytest.mark.parametrize(
    ("stands", "looks"),
    [
        (["behind", "behind", "behind", "shown"], 4),
        (["behind"], LOOKS),
    ],
    ids=["an editor that reads it is waited for", "one that does not, not for ever"],
)
def test_an_open_file_that_the_editor_has_not_read(stands: list[Stand], looks: int) -> None:
    disk = Disk({"a": stands}, a=["x = 1"])
    assert disk.settle().texts == {"a.py": "x = 1"}
    assert disk.looks == looks


@pytest.mark.parametrize("stand", ["own", "unsaved"])
def test_what_the_editor_has_or_wrote_is_dropped(stand: Stand) -> None:
    found = Disk({"a": [stand]}, a=["x = 1"]).settle()
    assert (found.texts, found.restless) == ({}, set())


@pytest.mark.parametrize(
    ("path", "watched"),
    [
        ("/w/a.py", True),
        ("/w/a.pyw", True),
        ("/w/a.pyc", False),
        ("/w/notes.txt", False),
        ("/w/.venv/lib/python3.12/site-packages/x.py", False),
        ("/usr/lib/python3/dist-packages/x.py", False),
        ("/w/my-site-packages/x.py", True),
    ],
)
def test_which_files_are_watched(path: str, watched: bool) -> None:
    assert is_watched(path) is watched


class Observers:
    """Makes observers that fail, live or die as laid down, and keeps what their owner was told."""

    def __init__(self, *fates: OSError | str) -> None:
        self._fates = list(fates)
        self.made = 0
        self.living = 0
        self.told: list[str] = []
        self.all_done = asyncio.Event()

    def make(self, folder: str, changed: Callable[[str], None]) -> Observers:
        self.made += 1
        return self

    @property
    def _fate(self) -> OSError | str:
        return self._fates[min(self.made, len(self._fates)) - 1]

    def start(self) -> None:
        if isinstance(self._fate, OSError):
            raise self._fate
        self.living += 1

    def is_alive(self) -> bool:
        if self._fate == "lives":
            self.all_done.set()
        return self._fate == "lives"

    def stop(self) -> None:
        self.living -= 1

    def missed(self, since: float) -> None:
        self.told.append("missed")

    def gave_up(self, reason: str) -> None:
        self.told.append(reason)
        self.all_done.set()

    def watch(self) -> list[str]:
        async def watching() -> None:
            owner = Owner(changed=lambda file: None, missed=self.missed, gave_up=self.gave_up)
            watcher = Watcher("/w", self.make, owner, check_s=0)
            watcher.start()
            await asyncio.wait_for(self.all_done.wait(), timeout=60)
            watcher.stop()

        asyncio.run(watching())
        return self.told


LIMIT = OSError(errno.ENOSPC, "inotify watch limit reached")
GONE = OSError(errno.ENOENT, "no such folder")


@pytest.mark.parametrize(
    ("fates", "told", "made"),
    [
        (("lives",), ["missed"], 1),
        (("dies", "lives"), ["missed", "missed"], 2),
        ((GONE, "lives"), ["missed"], 2),
        ((LIMIT,), [str(LIMIT)], 1),
        ((OSError(errno.EMFILE, "too many"),), ["[Errno 24] too many"], 1),
        ((GONE,), [str(GONE)], RESTARTS + 1),
        (("dies",), ["missed"] * (RESTARTS + 1) + ["its threads have ended"], RESTARTS + 1),
    ],
)
def test_an_observer_is_looked_after(
    fates: tuple[OSError | str, ...], told: list[str], made: int
) -> None:
    observers = Observers(*fates)
    assert observers.watch() == told
    assert (observers.made, observers.living) == (made, 0)
