"""Who is asked for blocks, for a program's lines of input, and before what cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from relive.console.session import Session


class ThrownAwayError(Exception):
    """Ctrl+C: what was typed is not to count.

    It is not KeyboardInterrupt, which would go through the event loop and end it.
    """


class LeaveError(Exception):
    """The user leaves the console."""


class Prompt(Protocol):
    """Where what is typed comes from."""

    def attach(self, session: Session, show_help: Callable[[], None]) -> None:
        """Take note of the session that blocks are for."""

    async def block(self, prompt: str) -> str | None:
        """Return the next block; None: there is no more. Raises ThrownAwayError."""

    async def ask(self, prompt: str, *, password: bool) -> str | None:
        """Return a line for a program; None: there are no more. Raises ThrownAwayError."""

    async def confirm(self, question: str) -> bool:
        """Return whether the user says yes."""
