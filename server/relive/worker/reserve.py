"""Memory kept back, so that a worker whose code has used up all there is can still say so.

Room, and no more: pages that nobody has written to count for a limit and take no memory.
"""

from __future__ import annotations

_SIZE = 8 * 2**20
"""Bytes. Several arenas of the interpreter: enough to describe an error and to run a statement."""


class Reserve:
    """Room that is held while there is some to hold."""

    def __init__(self) -> None:
        self._held: bytearray | None = None
        self.hold()

    def hold(self) -> None:
        """Keep room back again, if there is as much."""
        if self._held is None:
            try:
                self._held = bytearray(_SIZE)
            except MemoryError:
                pass  # what lives now needs it; the next time there may be some

    def release(self) -> None:
        """Give the room to whoever needs it."""
        self._held = None
