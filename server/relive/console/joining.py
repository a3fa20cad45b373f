"""Which daemon a console is to talk to: asked where several run, started where none does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from relive.console import daemons
from relive.console.asking import Prompt, ThrownAwayError
from relive.console.daemons import CannotStartError, Link
from relive.console.screen import Screen
from relive.lsp.rendezvous import IS_POSSIBLE, Found


@dataclass(frozen=True)
class Joined:
    """A daemon that can be talked to, and the folder whose session is meant."""

    link: Link
    folder: Path
    ran_before: bool
    """Whether it was there before the console, and may end for reasons of its own."""


@dataclass(frozen=True)
class Joiner:
    """Finds a daemon for a folder, or starts one."""

    folder: Path
    screen: Screen
    prompt: Prompt
    keep_s: float | None
    """How long one that is started goes on alone; None: it ends with the console."""

    async def join(self) -> Joined:
        """Return a daemon. Raises CannotStartError."""
        found = await self._chosen(daemons.running(self.folder))
        if found is not None:
            try:
                link = await daemons.join(found.socket)
            except OSError:  # it has just ended, or is stopped
                self.screen.note(f"process {found.pid} does not answer; another is started")
            else:
                folder = daemons.folder_of(found, self.folder)
                self.screen.note(f"joined process {found.pid} in {folder}")
                return Joined(link, folder, ran_before=True)
        return Joined(await self._started(), self.folder, ran_before=False)

    def is_there(self) -> bool:
        """Return whether there is one to join."""
        return bool(daemons.running(self.folder))

    async def _started(self) -> Link:
        if self.keep_s is None or not IS_POSSIBLE:
            return await daemons.start(self.folder)
        try:
            return await daemons.serve(self.folder, self.keep_s)
        except (CannotStartError, OSError) as error:
            self.screen.complaint(f"Nobody else can join this console: {error}")
            return await daemons.start(self.folder)

    async def _chosen(self, found: list[Found]) -> Found | None:
        if len(found) < 2 or self.keep_s is None:
            return found[0] if found else None
        numbered = {str(number): each for number, each in enumerate(found, 1)}
        for number, each in numbered.items():
            since = time.strftime("%H:%M", time.localtime(each.started))
            folders = ", ".join(each.folders)
            self.screen.line(f"{number}  process {each.pid}, since {since}: {folders}")
        while True:
            try:
                answer = await self.prompt.ask("Which one? [1] ", password=False)
            except ThrownAwayError:
                return found[0]
            if not answer:
                return found[0]
            if answer.strip() in numbered:
                return numbered[answer.strip()]
