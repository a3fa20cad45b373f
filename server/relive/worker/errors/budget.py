"""What describing one error may take in all, however many exceptions, frames and values it has."""

from __future__ import annotations

from time import monotonic

from relive.worker.timelimit import within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

SECONDS = 1.0
"""Of the exceptions' own code, such as a `__str__`, and of that of the values in their frames."""
CHARACTERS = 150_000
"""A window of an editor shows a thousandth of it."""
MAX_TEXT = 20_000
"""Characters of a message, a note or a formatted traceback."""


class Budget:
    """The time and the room that are left."""

    def __init__(self, seconds: float = SECONDS, characters: int = CHARACTERS) -> None:
        self._deadline = monotonic() + seconds
        self._room = characters

    def seconds(self, most: float) -> float:
        """Return how long the next piece may take: a share of what is left, `most` at most."""
        return min(most, max(self._deadline - monotonic(), 0.001))

    @property
    def is_used_up(self) -> bool:
        """Whether no time is left, or no room."""
        return self._room <= 0 or monotonic() >= self._deadline

    def ask(
        self, most: float, question: Callable[[], T], failed: Callable[[BaseException], T]
    ) -> T:
        """Return the answer, or what `failed` makes of why there is none in time."""
        try:
            return within(self.seconds(most), question)
        except BaseException as failure:  # user code may raise anything
            return failed(failure)

    def take(self, text: str, most: int = MAX_TEXT) -> str:
        """Return `text`, cut where there is no more room for it."""
        room = max(min(most, self._room), 0)
        self._room -= min(len(text), room)
        return text if len(text) <= room else text[:room] + "…"
