"""How long a process serves: as long as somebody is there, and for the time that sessions are kept."""

from __future__ import annotations

import asyncio
from typing import Any

from relive.lsp.host import Host
from relive.lsp.registry import Registry


class Passing:
    """A connection that has gone before anybody looks, and what serves it."""

    def __init__(self) -> None:
        self.server: Any = self
        self.end_all = lambda: None

    async def serve(self, _connection: object) -> int:
        """Return at once."""
        return 0

    def close(self) -> None:
        """Leave nothing."""


class Clock(asyncio.SelectorEventLoop):
    """An event loop whose time passes when it is told to, and not otherwise."""

    now = 0.0

    def time(self) -> float:
        """Return it."""
        return self.now

    async def turn_to(self, now: float) -> None:
        """Have it be later, and all happen that is due by then."""
        self.now = now
        await self.settle()

    async def settle(self) -> None:
        """Have all happen that is due."""
        for _ in range(20):  # turns of the loop
            await asyncio.sleep(0)


class Staying(Passing):
    """A connection that goes when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.goes = asyncio.Event()

    async def serve(self, _connection: object) -> int:
        """Return once it has gone."""
        await self.goes.wait()
        return 0


async def has_ended() -> bool:
    made: Any = Passing
    host = Host(Registry(), made, keep_s=3600.0)
    ended = asyncio.ensure_future(host.until_nobody_is_there())
    for _ in range(3):
        await asyncio.sleep(0)
        await host.serve(made(), made())
    for _ in range(20):  # turns of the loop, none of them later
        await asyncio.sleep(0)
    told = ended.done()
    ended.cancel()
    return told


def test_who_comes_and_goes_at_once_does_not_end_what_is_kept() -> None:
    assert not asyncio.run(has_ended())


async def ends_as_kept(clock: Clock) -> list[bool]:
    """Return whether it has ended, each time that somebody looks."""
    made: Any = Staying
    host = Host(Registry(), made, keep_s=10.0)
    ended = asyncio.ensure_future(host.until_nobody_is_there())
    told = []
    for comes, goes, looks in ((0, 5, 14), (14, 30, 39), (39, 39, 48), (48, 49, 58.9)):
        client: Any = Staying()
        await clock.turn_to(comes)
        serving = asyncio.ensure_future(host.serve(client, client))
        await clock.turn_to(goes)
        client.goes.set()
        await serving
        await clock.turn_to(looks)
        told.append(ended.done())
    await clock.turn_to(59.1)
    return [*told, ended.done()]


def test_it_ends_once_nobody_has_been_there_for_as_long_as_it_is_kept() -> None:
    clock = Clock()
    try:
        told = clock.run_until_complete(ends_as_kept(clock))
    finally:
        clock.close()
    assert told == [False, False, False, False, True]
