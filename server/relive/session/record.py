"""Output within a bound: an evaluation's own, and what comes when there is none to take it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from relive.session.answers import OutputChunk, Stream
from relive.session.events import Event, OutputReady
from relive.session.output import OUTPUT_LIMIT
from relive.session.redrawing import drawn


class _Bounded:
    """Passes output on until the limit; then says so, and at the end how much was dropped."""

    def __init__(self, listener: Callable[[Event], None]) -> None:
        self._listener = listener
        self._left = OUTPUT_LIMIT
        self.dropped = 0
        """Characters beyond the limit."""

    def take(self, evaluation: int | None, stream: Stream, text: str) -> str:
        """Pass on what is within the limit, and return it."""
        was_whole, kept = not self.dropped, text[: self._left]
        self._left -= len(kept)
        self.dropped += len(text) - len(kept)
        self._tell(evaluation, stream, kept)
        if was_whole and self.dropped:
            note = f"\n[output cut at {OUTPUT_LIMIT:,} characters]\n"
            self._tell(evaluation, "stderr", note)
        return kept

    def tell_dropped(self, evaluation: int | None) -> None:
        """Say how much was dropped, when no more is to come."""
        if self.dropped:
            note = f"[{self.dropped:,} characters more were dropped]\n"
            self._tell(evaluation, "stderr", note)

    def _tell(self, evaluation: int | None, stream: Stream, text: str) -> None:
        if text:
            self._listener(OutputReady(evaluation, OutputChunk(stream, text)))


class OutputRecord(_Bounded):
    """The output of an evaluation up to its end, kept for its answer.

    The worker may be ahead of what it has told: what a statement writes waits until that one is
    told to run, or it would be shown at an earlier one.
    """

    def __init__(self, evaluation: int, listener: Callable[[Event], None]) -> None:
        super().__init__(listener)
        self._evaluation = evaluation
        self._chunks: list[OutputChunk] = []
        self._statement = 0
        """The number of the statement that is told to run, the latest that wrote to each stream."""
        self._writing: dict[Stream, int] = {}
        self._waiting: list[tuple[int, Stream, str]] = []

    def go_on_after(self, held: OutputRecord) -> None:
        """Count statements on from where the evaluation was when it was held."""
        self._statement, self._writing = held._statement, dict(held._writing)

    def mark_statement(self, stream: Stream) -> None:
        """Note that what comes from `stream` now is the next statement's."""
        self._writing[stream] = self._writing.get(stream, 0) + 1

    def begin_statement(self, number: int) -> None:
        """Take in what has come of this statement, which is told to run, and of those before."""
        self._statement = number
        waiting, self._waiting = self._waiting, []
        for writing, stream, text in waiting:
            self._take_in_turn(writing, stream, text)

    def add(self, stream: Stream, text: str) -> None:
        """Take in a piece of output."""
        self._take_in_turn(self._writing.get(stream, 0), stream, text)

    def _take_in_turn(self, writing: int, stream: Stream, text: str) -> None:
        if writing > self._statement:
            self._waiting.append((writing, stream, text))
        else:
            self._add(stream, text)

    def _add(self, stream: Stream, text: str) -> None:
        if len(text) > self._left and not self.dropped:
            text = drawn(text)
            self._make_room()
        kept = self.take(self._evaluation, stream, text)
        if not kept:
            return
        if self._chunks and self._chunks[-1].stream == stream:
            kept = self._chunks.pop().text + kept
        self._chunks.append(OutputChunk(stream, kept))

    def _make_room(self) -> None:
        """Let go of what nobody sees any more, so that a bar goes on for hours."""
        self._chunks = [replace(chunk, text=drawn(chunk.text)) for chunk in self._chunks]
        self._left = OUTPUT_LIMIT - sum(len(chunk.text) for chunk in self._chunks)

    def end(self) -> None:
        """Take in what still waits, and say how much was dropped: no more is to come."""
        for _, stream, text in self._waiting:
            self._add(stream, text)
        self._waiting = []
        self.tell_dropped(self._evaluation)

    def chunks(self) -> tuple[OutputChunk, ...]:
        """Return the output, neighbouring pieces of one stream joined."""
        return tuple(self._chunks)


class BackgroundOutput(_Bounded):
    """What comes while nothing runs, or from what an evaluation that has ended left running.

    Nobody will ask for it again. Its limit starts anew with each evaluation.
    """

    def add(self, evaluation: int | None, stream: Stream, text: str) -> None:
        """Take in a piece; `evaluation` has started what wrote it, if that is known."""
        self.take(evaluation, stream, text)

    def start_over(self) -> None:
        """Have the limit begin anew."""
        self.tell_dropped(None)
        self._left, self.dropped = OUTPUT_LIMIT, 0
