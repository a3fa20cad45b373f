"""What an evaluation has given so far: its output, within a bound."""

from __future__ import annotations

from collections.abc import Callable

from relive.session.answers import OutputChunk, Stream
from relive.session.events import Event, OutputReady
from relive.session.output import OUTPUT_LIMIT


class OutputRecord:
    """Collects output and passes it on until the limit; then says so, and at the end how much."""

    def __init__(self, evaluation: int | None, listener: Callable[[Event], None]) -> None:
        self._evaluation = evaluation
        self._listener = listener
        self._left = OUTPUT_LIMIT
        self._chunks: list[OutputChunk] = []
        self.dropped = 0
        """Characters beyond the limit."""

    def add(self, stream: Stream, text: str) -> None:
        """Take in a piece of output."""
        was_whole, kept = not self.dropped, text[: self._left]
        self._left -= len(kept)
        self.dropped += len(text) - len(kept)
        self._keep(stream, kept)
        self._tell(stream, kept)
        if was_whole and self.dropped:
            self._tell("stderr", f"\n[output cut at {OUTPUT_LIMIT:,} characters]\n")

    def end(self) -> None:
        """Say how much was dropped, when no more is to come."""
        if self.dropped:
            self._tell("stderr", f"[{self.dropped:,} characters more were dropped]\n")

    def start_over(self) -> None:
        """Have the limit begin anew, for what is kept by nobody."""
        self.end()
        self._left, self.dropped = OUTPUT_LIMIT, 0

    def chunks(self) -> tuple[OutputChunk, ...]:
        """Return the output, neighbouring pieces of one stream joined."""
        return tuple(self._chunks)

    def _keep(self, stream: Stream, text: str) -> None:
        if self._evaluation is None or not text:
            return  # nobody will ask for it again
        if self._chunks and self._chunks[-1].stream == stream:
            text = self._chunks.pop().text + text
        self._chunks.append(OutputChunk(stream, text))

    def _tell(self, stream: Stream, text: str) -> None:
        if text:
            self._listener(OutputReady(self._evaluation, OutputChunk(stream, text)))
