"""Blocks from plain lines: of a pipe, of a file, of a terminal that cannot edit."""

from __future__ import annotations

import asyncio
import getpass
import threading
from collections import deque
from collections.abc import Callable
from typing import TextIO

from relive.console.asking import ThrownAwayError
from relive.console.blocks import goes_on, is_whole
from relive.console.interrupts import Interrupts
from relive.console.screen import Screen
from relive.console.session import Session


class Lines:
    """The lines of a stream, read by a thread of their own: nothing waits for one but who asks.

    It is no thread of a pool's: one that waits for a line must not keep the process alive.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._arrived: asyncio.Queue[str | None] = asyncio.Queue()
        self._back: deque[str | None] = deque()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, name="console-lines", daemon=True).start()

    async def next(self) -> str | None:
        """Return the next line without its end; None: there is none."""
        line = self._back.popleft() if self._back else await self._arrived.get()
        if line is None:
            self.put_back(None)
        return line

    def put_back(self, line: str | None) -> None:
        """Have `next` return `line` once more."""
        self._back.appendleft(line)

    def _read(self) -> None:
        try:
            for line in self._stream:
                self._hand_over(line.rstrip("\n"))
        finally:
            self._hand_over(None)

    def _hand_over(self, line: str | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._arrived.put_nowait, line)


class PlainPrompt:
    """Asks for blocks line by line."""

    def __init__(
        self, lines: Lines, screen: Screen, interrupts: Interrupts, *, is_terminal: bool
    ) -> None:
        self._lines = lines
        self._screen = screen
        self._interrupts = interrupts
        self._is_terminal = is_terminal

    def attach(self, _session: Session, _show_help: Callable[[], None]) -> None:
        """Take note of nothing: plain lines are not completed."""

    async def block(self, prompt: str) -> str | None:
        """Return the next block; None: there is no more.

        Raises:
            ThrownAwayError: Ctrl+C.
        """
        task = asyncio.ensure_future(self._block(prompt))
        self._interrupts.forget()
        with self._interrupts.mean(task.cancel):
            try:
                return await task
            except asyncio.CancelledError:
                if not task.cancelled():  # it was not Ctrl+C
                    raise
                self._screen.output("\n")
                raise ThrownAwayError from None

    async def ask(self, prompt: str, *, password: bool) -> str | None:
        """Return a line for a program."""
        if password and self._is_terminal:
            return await asyncio.to_thread(getpass.getpass, prompt)
        self._screen.output(prompt)
        return await self._next()

    async def confirm(self, question: str) -> bool:
        """Return whether the user says yes; without one, nobody does."""
        if not self._is_terminal:
            return False
        answer = await self.ask(f"{question} [y/N] ", password=False)
        return answer is not None and answer.strip().lower() in ("y", "yes")

    async def _block(self, prompt: str) -> str | None:
        text = await self._line(prompt)
        if text is None:
            return None
        while not await self._is_whole(text):
            line = await self._line("... ")
            if line is None:
                break
            text = f"{text}\n{line}"
        return text

    async def _line(self, prompt: str) -> str | None:
        if self._is_terminal:
            self._screen.fresh()
            self._screen.output(prompt)
        return await self._next()

    async def _next(self) -> str | None:
        line = await self._lines.next()
        if self._is_terminal:
            self._screen.typed()
        return line

    async def _is_whole(self, text: str) -> bool:
        """Return whether `text` is a block.

        To a person an empty line ends one. In a file it may stand within one: the next line tells.
        """
        if not is_whole(text):
            return False
        if self._is_terminal or not text.endswith("\n"):
            return True
        line = await self._next_of_code()
        return line is not None and not goes_on(line)

    async def _next_of_code(self) -> str | None:
        """Return the next line that is not empty and no comment at the margin, and take none."""
        seen: list[str] = []
        while (line := await self._lines.next()) is not None:
            seen.append(line)
            if line.strip() and not line.startswith("#"):
                break
        for each in reversed(seen):
            self._lines.put_back(each)
        return line
