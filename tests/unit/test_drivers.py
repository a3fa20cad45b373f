"""Who waits for descriptors: what may gather for a moment is read after it, and nothing is lost."""

from __future__ import annotations

import asyncio
import fcntl
import os
import threading
from collections.abc import Iterator

import pytest

from relive.session import output
from relive.session.driver import REST_S, CallerDriver, Driver, LoopDriver
from relive.session.output import Pipe


class Gathered:
    """What is read of a descriptor that rests after each read."""

    def __init__(self, driver: Driver, fd: int) -> None:
        self._driver, self._fd = driver, fd
        self.reads: list[bytes] = []

    def read(self) -> None:
        """Be called when there is something, and have more gather."""
        self.reads.append(os.read(self._fd, 100))
        self._driver.rest(self._fd)


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """Return the ends of a pipe, to read from and to write to."""
    read, write = os.pipe()
    yield read, write
    os.close(read)
    os.close(write)


def test_loop_reads_after_a_rest(ends: tuple[int, int]) -> None:
    async def reads() -> list[bytes]:
        driver = LoopDriver(asyncio.get_running_loop())
        gathered = Gathered(driver, ends[0])
        driver.watch(ends[0], gathered.read)
        for each in (b"one", b"two"):
            before = len(gathered.reads)
            os.write(ends[1], each)
            while len(gathered.reads) == before:
                await asyncio.sleep(0)
        driver.unwatch(ends[0])
        return gathered.reads

    assert asyncio.run(reads()) == [b"one", b"two"]


def test_loop_gathers_while_it_rests(ends: tuple[int, int]) -> None:
    async def reads() -> list[bytes]:
        driver = LoopDriver(asyncio.get_running_loop())
        gathered = Gathered(driver, ends[0])
        driver.watch(ends[0], gathered.read)
        driver.rest(ends[0])
        os.write(ends[1], b"one")
        await asyncio.sleep(0)
        os.write(ends[1], b"two")
        while not gathered.reads:
            await asyncio.sleep(0)
        driver.unwatch(ends[0])
        return gathered.reads

    assert asyncio.run(reads()) == [b"onetwo"]


def test_loop_forgets_what_rests(ends: tuple[int, int]) -> None:
    """Its number may be another's by then."""

    async def watched_again() -> bool:
        loop = asyncio.get_running_loop()
        driver = LoopDriver(loop)
        gathered = Gathered(driver, ends[0])
        driver.watch(ends[0], gathered.read)
        driver.rest(ends[0])
        driver.unwatch(ends[0])
        os.write(ends[1], b"for another")
        await asyncio.sleep(2 * REST_S)  # a timer of the loop's, due after that of the rest
        return bool(gathered.reads)

    assert not asyncio.run(watched_again())


def test_caller_reads_after_a_rest(ends: tuple[int, int]) -> None:
    driver = CallerDriver(threading.RLock())
    gathered = Gathered(driver, ends[0])
    driver.watch(ends[0], gathered.read)
    for number, each in enumerate((b"one", b"two"), start=1):
        os.write(ends[1], each)
        driver.run_until(lambda wanted=number: len(gathered.reads) == wanted)
    driver.unwatch(ends[0])
    driver.close()
    assert gathered.reads == [b"one", b"two"]


def test_caller_forgets_what_rests(ends: tuple[int, int]) -> None:
    driver = CallerDriver(threading.RLock())
    gathered = Gathered(driver, ends[0])
    driver.watch(ends[0], gathered.read)
    driver.rest(ends[0])
    driver.unwatch(ends[0])
    os.write(ends[1], b"for another")
    other_read, other_write = os.pipe()
    heard: list[bytes] = []
    driver.watch(other_read, lambda: heard.append(os.read(other_read, 100)))
    os.write(other_write, b".")
    driver.run_until(lambda: bool(heard))
    driver.close()
    os.close(other_read)
    os.close(other_write)
    assert not gathered.reads


class Clock:
    """Time as a test has it."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Be what a pipe asks."""
        return self.now


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="no pipe takes a flood here")
def test_only_a_flood_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line now and then, or a bar that is drawn anew, is shown at once; so is a flood's first."""
    pipe, clock = Pipe(), Clock()
    monkeypatch.setattr(output, "time", clock)

    def rests(pause_s: float, size: int) -> bool:
        clock.now += pause_s
        os.write(pipe.write_end, b"x" * size)
        pipe.read()
        return pipe.comes_in_crumbs()

    now_and_then = [rests(0.01, 80) for _ in range(50)]
    flood = [rests(0.0001, 80) for _ in range(50)]
    blocks = [rests(0.0001, 64 * 1024) for _ in range(10)]
    afterwards = rests(0.01, 80)
    pipe.close_write_end()
    pipe.close()
    assert not any(now_and_then)
    assert not flood[0]
    assert flood[-1]
    assert not any(blocks)
    assert not afterwards
