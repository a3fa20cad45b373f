"""What an evaluation has given so far: its output, within a bound."""

from __future__ import annotations

from collections.abc import Callable

from relive.session.answers import OutputChunk, Stream
from relive.session.events import Event, OutputReady
from relive.session.output import OUTPUT_LIMIT


class OutputRecord:
    """Collects output and passes it on until the limit; then says so once and drops the rest."""

    def __init__(self, evaluation: int | None, listener: Callable[[Event], None]) -> None:
        self._evaluation = evaluation
        self._listener = listener
        self._left = OUTPUT_LIMIT
        self._chunks: list[OutputChunk] = []
        self.truncated = False

    def add(self, stream: Stream, text: str) -> None:
        """Take in a piece of output."""
        if self.truncated:
            return
        if len(text) > self._left:
            text = text[: self._left]
            self.truncated = True
        self._left -= len(text)
        self._keep(stream, text)
        self._tell(stream, text)
        if self.truncated:
            self._tell("stderr", f"\n[output cut at {OUTPUT_LIMIT:,} characters]\n")

    def chunks(self) -> tuple[OutputChunk, ...]:
        """Return the output, neighbouring pieces of one stream joined."""
        return tuple(self._chunks)

    def _keep(self, stream: Stream, text: str) -> None:
        if self._evaluation is None:
            return  # nobody will ask for it again
        if self._chunks and self._chunks[-1].stream == stream:
            text = self._chunks.pop().text + text
        self._chunks.append(OutputChunk(stream, text))

    def _tell(self, stream: Stream, text: str) -> None:
        if text:
            self._listener(OutputReady(self._evaluation, OutputChunk(stream, text)))
