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
