"""Which entries of the log an undo would undo, as the session's worker tells of its steps."""

from __future__ import annotations

from collections import deque
from typing import Any

from relive.session.jobs import Job

_REMEMBERED = 100
"""As many steps as a worker remembers."""


class Steps:
    """The steps that can be undone, the last one last, by the entries that tell of them."""

    def __init__(self) -> None:
        self._entries: deque[str | None] = deque(maxlen=_REMEMBERED)

    def ended(self, job: Job, message: dict[str, Any]) -> None:
        """Take in the last message of a job."""
        if message["op"] == "undone":
            while len(self._entries) > max(message["left"], 0):
                self._entries.pop()
        elif message.get("undoable"):
            self._entries.append(job.recorded.entry)

    @property
    def last(self) -> str | None:
        """The entry of the last step; None: there is none, or it is not in the log."""
        return self._entries[-1] if self._entries else None

    def went_back(self, undone: set[str | None]) -> None:
        """Note that these entries were undone with all that they did."""
        while self._entries and self._entries[-1] in undone:
            self._entries.pop()

    def forget(self) -> None:
        """Begin anew: another worker has other steps."""
        self._entries.clear()
