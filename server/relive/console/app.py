"""Puts a console together: the daemon, the session in it, and what is typed, block by block."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from relive.console import colours, daemons
from relive.console.asking import LeaveError, Prompt, ThrownAwayError
from relive.console.client import DaemonGoneError, Json, RefusedError
from relive.console.commands import COMMANDS, Commands
from relive.console.daemons import Link
from relive.console.desk import Desk
from relive.console.interrupts import Interrupts
from relive.console.joining import Joined, Joiner
from relive.console.modules import find
from relive.console.names import Names
from relive.console.news import News
from relive.console.plain import Lines, PlainPrompt
from relive.console.running import Runner
from relive.console.screen import Screen
from relive.console.session import Session
from relive.console.streams import usable


def run(
    folder: str | None, module: str | None, python: str | None, keep_s: float, starts_up: bool
) -> int:
    """Run a console until its user leaves; return the exit code."""
    usable()
    root = Path(folder or ".").resolve()
    if not root.is_dir():
        print(f"relive: {root} is no folder", file=sys.stderr)  # noqa: T201 - before there is a screen
        return 2
    return asyncio.run(Console(root, module, python, keep_s, starts_up).run())


class TooLateError(Exception):
    """The daemon that was joined has ended before it had heard of us: nothing of ours was in it."""


class Console:
    """One console, from its begin to its end."""

    def __init__(
        self, folder: Path, module: str | None, python: str | None, keep_s: float, starts_up: bool
    ) -> None:
        self._folder = folder
        self._module = module
        self._python = python or daemons.interpreter(folder, os.environ)
        self._screen = Screen(colours=colours.wanted(sys.stdout, os.environ))
        self._is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        self._keep_s = keep_s
        self._starts_up = starts_up
        self._failed = False
        self._is_leaving = False

    async def run(self) -> int:
        """Read, evaluate, print, until there is no more."""
        on_hangup(self._hang_up)
        self._interrupts = Interrupts()
        self._main = asyncio.current_task()
        self._screen.lost = self._hang_up
        prompt = self._prompt()
        try:
            await self._sessions(prompt)
        except asyncio.CancelledError:  # nobody is left to tell
            return 128 + 1
        return 1 if self._failed and not self._is_terminal else 0

    async def _sessions(self, prompt: Prompt) -> None:
        # What comes of a pipe is a program: it has a process of its own, which ends with it.
        keep_s = self._keep_s if self._is_terminal else None
        joiner = Joiner(self._folder, self._screen, prompt, keep_s)
        while True:
            joined = await joiner.join()
            try:
                await self._talk(joined, prompt)
                return
            except TooLateError:
                continue
            except DaemonGoneError:
                self._failed = True
            finally:
                await joined.link.close()
            if not await prompt.confirm(self._loss(joiner)):
                return

    def _loss(self, joiner: Joiner) -> str:
        if joiner.is_there():
            self._screen.complaint("The connection is lost.")
            return "Join again?"
        self._screen.complaint("The daemon is gone, and its sessions with it.")
        return "Start another?"

    def _prompt(self) -> Prompt:
        if not self._is_terminal or os.environ.get("TERM") == "dumb":
            lines, is_terminal = Lines(sys.stdin), self._is_terminal
            return PlainPrompt(lines, self._screen, self._interrupts, is_terminal=is_terminal)
        # Late, for its libraries.
        from relive.console.completing import SessionCompleter
        from relive.console.history import BlockHistory, place
        from relive.console.prompt import EditingPrompt

        history = BlockHistory(place(self._folder, os.environ))
        completer = SessionCompleter(COMMANDS)
        return EditingPrompt(self._screen, history, completer, self._interrupts)

    async def _talk(self, joined: Joined, prompt: Prompt) -> None:
        session = Session(joined.link.client, joined.folder)
        News(session, self._screen)
        runner = Runner(session, self._screen, prompt, self._interrupts)
        desk = Desk(session, runner, self._screen, prompt)
        commands = Commands(desk, Names(session, runner))
        prompt.attach(session, commands.help)
        await self._greet(session, joined)
        self._note_startup(joined)
        if not self._has_entered(session) and not self._is_terminal:
            self._failed = True  # no program is run in another module than its own
            return
        while True:
            try:
                block = await _unless_lost(joined.link, prompt.block(_prompt_of(session)))
                if block is None:
                    return
                await self._carry_out(block, commands, runner)
            except ThrownAwayError:
                self._screen.note("KeyboardInterrupt")
            except LeaveError:
                return

    async def _greet(self, session: Session, joined: Joined) -> None:
        try:
            await session.greet(self._options())
        except DaemonGoneError:
            if joined.ran_before:
                raise TooLateError from None
            raise

    def _note_startup(self, joined: Joined) -> None:
        """Say that there is start-up code, where this console alone could have it run."""
        is_there = (joined.folder / ".relive" / "startup.py").is_file()
        if is_there and not joined.ran_before and not self._starts_up:
            self._screen.complaint(".relive/startup.py is not run; with --startup it is")

    async def _carry_out(self, block: str, commands: Commands, runner: Runner) -> None:
        if not block.strip():
            return
        before = self._screen.complaints
        try:
            if not await self._unless_interrupted(commands.take(block)):
                self._failed |= not await runner.run(block)
        except RefusedError as refused:
            self._screen.complaint(str(refused))
        self._failed |= self._screen.complaints > before

    async def _unless_interrupted(self, taken: Coroutine[Any, Any, bool]) -> bool:
        """Return whether a block was a command, and let Ctrl+C end one."""
        taking = asyncio.ensure_future(taken)
        with self._interrupts.mean(taking.cancel):
            await asyncio.wait([taking])
        if taking.cancelled():
            raise ThrownAwayError
        return await taking

    def _has_entered(self, session: Session) -> bool:
        """Enter the module to begin with, if one was named; return whether it is there."""
        if self._module is None:
            return True
        session.module = find(self._folder, self._module)
        if session.module is None:
            self._screen.complaint(f"There is no module {self._module} in {self._folder}.")
        return session.module is not None

    def _options(self) -> Json:
        settings = {"output": {"terminal": sys.stdout.isatty()}}
        startup = "run" if self._starts_up else "off"
        about = {"console": True, "startup": startup}
        return {"interpreter": self._python, "settings": settings, **about}

    def _hang_up(self) -> None:
        assert self._main is not None
        if not self._is_leaving:  # a second time it would cut the leaving short
            self._is_leaving = True
            self._main.cancel()


async def _unless_lost(link: Link, block: Coroutine[Any, Any, str | None]) -> str | None:
    """Return the block once it is there, unless the daemon is gone before."""
    typed = asyncio.ensure_future(block)
    try:
        either: list[asyncio.Future[Any]] = [typed, link.client.lost]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if typed.done():
            return await typed
        raise DaemonGoneError
    finally:
        if not typed.done():
            typed.cancel()
            await asyncio.wait([typed])


def on_hangup(stop: Callable[[], None]) -> None:
    """Have the end of the terminal, and a polite kill, end the console in order."""
    loop = asyncio.get_running_loop()
    for name in ("SIGHUP", "SIGTERM"):
        with suppress(NotImplementedError, AttributeError):  # Windows
            loop.add_signal_handler(getattr(signal, name), stop)


def _prompt_of(session: Session) -> str:
    return ">>> " if session.module is None else f"{session.module.name} >>> "
