"""What the commands of a console work with."""

from __future__ import annotations

from dataclasses import dataclass

from relive.console.asking import Prompt
from relive.console.modules import Module, find
from relive.console.running import Runner
from relive.console.screen import Screen
from relive.console.session import Session


@dataclass(frozen=True)
class Desk:
    """A console's session, and the ways to run something in it and to say what came of it."""

    session: Session
    runner: Runner
    screen: Screen
    user: Prompt

    def module(self, meant: str) -> Module | None:
        """Return the module that is meant, or without a name the present one; say so if none is."""
        module = find(self.session.folder, meant) if meant else self.session.module
        if module is None:
            self.screen.complaint(
                f"There is no module {meant} in {self.session.folder}."
                if meant
                else "Say which module is meant, or enter one with `:in pkg.mod`."
            )
        return module
