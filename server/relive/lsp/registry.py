"""The process's sessions, one for each folder, and the connections that have them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Protocol

from relive.lsp.shared import SharedSession

Key = str | None
"""A folder's path; None for what is in no folder when none is open."""


class Connected(Protocol):
    """A connection's view of the sessions."""

    def paths(self) -> list[str]:
        """Return the paths of the folders that are open."""

    def has(self, key: Key) -> bool:
        """Whether code there runs in a session of this connection's."""

    def join(self, key: Key, shared: SharedSession) -> None:
        """Have the session from now on."""


class Registry:
    """Owns the sessions: they outlive the connections, up to the end of the process."""

    def __init__(self) -> None:
        self._shared: dict[Key, SharedSession] = {}
        self._connections: list[Connected] = []
        self._numbers = itertools.count(1)
        self.changed: Callable[[], None] = lambda: None
        """Called when other folders are open than before."""

    def number(self) -> int:
        """Return the number of another connection."""
        return next(self._numbers)

    def enter(self, connection: Connected) -> None:
        """Take a connection that can be told things, and give it the sessions it has part in."""
        self._connections.append(connection)
        for key, shared in list(self._shared.items()):
            if connection.has(key):
                connection.join(key, shared)

    def leave(self, connection: Connected) -> None:
        """Let a connection go."""
        if connection in self._connections:
            self._connections.remove(connection)

    def folders(self) -> list[str]:
        """Return the paths of the folders that are open, or have a session."""
        opened = (path for each in self._connections for path in each.paths())
        return sorted({*opened, *(key for key in self._shared if key is not None)})

    def find(self, key: Key) -> SharedSession | None:
        """Return the session of a folder, if there is one yet."""
        return self._shared.get(key)

    def add(self, key: Key, shared: SharedSession) -> None:
        """Take a session that was made; every connection that has its folder has it too."""
        self._shared[key] = shared
        for connection in list(self._connections):
            if connection.has(key):
                connection.join(key, shared)

    def drop(self, key: Key) -> None:
        """End the session of a folder that nobody has open any more."""
        shared = self._shared.pop(key, None)
        if shared is not None:
            shared.session.begin_close()

    def close(self) -> None:
        """End all sessions, side by side, and wait until their workers have ended."""
        for shared in self._shared.values():
            shared.session.begin_close()
        for shared in self._shared.values():
            shared.session.close()
