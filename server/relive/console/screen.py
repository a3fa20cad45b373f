"""What the console writes: output as it comes, its own words on lines, never into a prompt."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TextIO

Above = Callable[[Callable[[], None]], None]
"""Calls a function while the prompt is out of the way."""

_LONGEST_LINE = 1000
"""Characters that are remembered of a line."""
_DIM, _RED, _PLAIN = "\x1b[2m", "\x1b[31m", "\x1b[0m"


class Screen:
    """The two standard streams, of which one terminal shows both."""

    def __init__(
        self,
        *,
        colours: bool,
        output: TextIO | None = None,
        errors: TextIO | None = None,
    ) -> None:
        self.colours = colours
        self._output = output or sys.stdout
        self._errors = errors or sys.stderr
        self._above: Above | None = None
        self._held: list[tuple[str, TextIO]] = []
        """The begin of a line that came while a prompt stood there, which has lines of its own."""
        self._begun = ""
        """The line that has not ended yet."""
        self.complaints = 0
        """How often it was said that something failed, or could not be done."""
        self.lost: Callable[[], None] = lambda: None
        """Called once nothing can be written any more; set by who can end what is shown here."""

    def output(self, text: str, stream: str = "stdout") -> None:
        """Write what a program has written, as it is."""
        self._put(text, self._errors if stream == "stderr" else self._output)

    def line(self, text: str) -> None:
        """Write something of our own, on lines of its own."""
        self._put_line(text, self._output)

    def note(self, text: str) -> None:
        """Write a line beside the matter, such as news."""
        self._put_line(f"{_DIM}{text}{_PLAIN}" if self.colours else text, self._output)

    def complaint(self, text: str) -> None:
        """Write that something could not be done, to the stream of errors."""
        self.complaints += 1
        self._put_line(f"{_RED}{text}{_PLAIN}" if self.colours else text, self._errors)

    def failure(self, text: str) -> None:
        """Write an error, coloured already, to the stream of errors."""
        self.complaints += 1
        self._put_line(text, self._errors)

    def clear(self) -> None:
        """Leave nothing on the terminal but the prompt that follows."""
        if self._output.isatty():
            self._put("\x1b[H\x1b[2J\x1b[3J", self._output)
            self._begun = ""

    def fresh(self) -> None:
        """End the line that has begun, if one has."""
        if self._begun:
            self._put("\n", self._output)

    def typed(self) -> None:
        """Take note that the user has ended the line, which the terminal has shown."""
        self._begun = ""

    def take_line(self) -> str:
        """Take the line that has begun off the terminal, for a prompt that is to go on with it."""
        begun, self._begun = self._begun, ""
        if begun:
            self._write("\r\x1b[K", self._output)
        return begun

    def prompting(self, above: Above) -> None:
        """Take note that a prompt is shown; what is written goes above it."""
        self.fresh()
        self._above = above

    def prompted(self) -> None:
        """Take note that the prompt is gone, and its line ended."""
        self._above = None
        held, self._held = self._held, []
        for text, stream in held:
            self._put(text, stream)

    def _put_line(self, text: str, stream: TextIO) -> None:
        if self._above is None:
            self.fresh()
        self._put(text if text.endswith("\n") else f"{text}\n", stream)

    def _put(self, text: str, stream: TextIO) -> None:
        if not text:
            return
        if self._above is not None:
            self._put_above(text, stream)
            return
        self._write(text, stream)
        _, newline, rest = text.rpartition("\n")
        self._begun = (rest if newline else self._begun + rest)[-_LONGEST_LINE:]

    def _put_above(self, text: str, stream: TextIO) -> None:
        lines, newline, rest = text.rpartition("\n")
        if newline:
            whole = [*self._held, (lines + newline, stream)]
            self._held = []
            assert self._above is not None
            self._above(partial(self._write_all, whole))
        if rest:
            self._held.append((rest, stream))

    def _write_all(self, pieces: list[tuple[str, TextIO]]) -> None:
        for text, stream in pieces:
            self._write(text, stream)

    def _write(self, text: str, stream: TextIO) -> None:
        try:
            stream.write(text)
            stream.flush()
        except OSError as error:
            self._give_up(stream, error)

    def _give_up(self, stream: TextIO, error: OSError) -> None:
        """Write nothing more to a stream that takes nothing: nobody reads it, or a disk is full."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # what is left in its buffer goes there, at the end
        os.close(nowhere)
        if not isinstance(error, BrokenPipeError) and stream is not self._errors:
            with suppress(OSError):
                self._errors.write(f"relive: output cannot be written: {error.strerror}\n")
        self.lost()
