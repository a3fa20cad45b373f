"""What is typed that is no Python: `%` commands, `:in`, and the words that a REPL knows."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from relive.console import definitions, exporting, past, processes
from relive.console.asking import LeaveError
from relive.console.desk import Desk
from relive.console.helping import HELP
from relive.console.modules import Module, find

_CALLS = re.compile(r"(exit|quit)\(\)$")


class Bound(Protocol):
    """Who knows which names the module has."""

    async def has(self, name: str) -> bool:
        """Return whether the module has given `name` a value."""


@dataclass(frozen=True)
class Command:
    """One `%` command."""

    run: Callable[[Desk, str], Awaitable[None]]
    usage: str
    what: str


def _alone(run: Callable[[Desk], Awaitable[None]], what: str) -> Command:
    """Return a command that takes nothing."""

    async def run_alone(desk: Desk, text: str) -> None:
        if text:
            desk.screen.complaint(f"This command takes nothing, and got {text}.")
        else:
            await run(desk)

    return Command(run_alone, "", what)


COMMANDS = {
    "redefine": Command(
        definitions.redefine,
        "[MODULE] [NAME]",
        "redefine what changed in a file, or one definition",
    ),
    "load": Command(definitions.load, "[MODULE]", "run a module's file, in its module"),
    "compare": Command(definitions.compare, "[MODULE]", "where the process and the files differ"),
    "undo": _alone(definitions.undo, "take the last redefinition back"),
    "patches": _alone(definitions.patches, "what is changed in libraries"),
    "changes": Command(past.changes, "[COUNT]", "what ran, from the change log"),
    "rewind": Command(past.rewind, "[yes]", "back to before the last evaluation"),
    "recover": _alone(past.recover, "run again what a process that died had run"),
    "restart": Command(past.restart, "[replay]", "a fresh process; replay: with what had run"),
    "session": _alone(processes.session, "the process and its interpreter"),
    "queue": _alone(processes.queue, "what runs and what waits"),
    "interrupt": _alone(processes.interrupt, "interrupt what runs, whoever asked for it"),
    "stop": _alone(processes.stop, "end the process; the next block starts another"),
    "shutdown": _alone(processes.shut_down, "end the daemon, with all its sessions"),
    "rerun": _alone(processes.rerun, "run results again that are no longer true"),
    "capture": Command(processes.capture, "NAME", "keep the next calls of a function"),
    "captured": _alone(processes.captured, "the calls that are kept"),
    "frames": _alone(processes.frames, "the stack that is held"),
    "resume": Command(
        processes.resume, "retry | restart | return EXPRESSION | abandon", "have what is held go on"
    ),
    "export": Command(
        exporting.export, "FILE.py | FILE.ipynb", "write down what ran, as a program or a notebook"
    ),
    "whole": _alone(processes.whole, "the value printed last, whole"),
}


class Commands:
    """Carries out what is no Python."""

    def __init__(self, desk: Desk, bound: Bound) -> None:
        self._desk = desk
        self._bound = bound
        self._before: Module | None = None
        self._words: dict[str, Callable[[], None]] = {
            "exit": self._leave,
            "quit": self._leave,
            "copyright": lambda: desk.screen.line(sys.copyright),
            "help": self.help,
            "clear": desk.screen.clear,
        }

    async def take(self, block: str) -> bool:
        """Carry `block` out if it is a command; return whether it was."""
        text = block.strip()
        if text.startswith("%"):
            await self._percent(text[1:])
        elif text.startswith(":"):
            self._colon(text[1:])
        else:
            word = _CALLS.sub(r"\1", text)
            if word not in self._words or await self._bound.has(word):
                return False
            self._words[word]()
        return True

    def help(self) -> None:
        """Print what can be done here."""
        rows = [(f"%{name} {each.usage}".rstrip(), each.what) for name, each in COMMANDS.items()]
        width = max(len(row[0]) for row in rows if len(row[0]) < 30)
        lines = [f"  {usage.ljust(width)}  {what}" for usage, what in rows]
        self._desk.screen.line(HELP.replace("{commands}", "\n".join(lines)))

    async def _percent(self, text: str) -> None:
        name, rest = _first_word(text)
        command = COMMANDS.get(name)
        if name == "help":
            self.help()
        elif command is None:
            close = difflib.get_close_matches(name, COMMANDS, 1)
            hint = f"Did you mean %{close[0]}?" if close else "%help lists those there are."
            self._desk.screen.complaint(f"There is no command %{name}. {hint}")
        else:
            await command.run(self._desk, rest)

    def _colon(self, text: str) -> None:
        word, name = _first_word(text)
        if word != "in":
            self._desk.screen.complaint(
                f"There is no command :{word}. `:in pkg.mod` changes module."
            )
        elif not name:
            self._desk.screen.line(self._desk.session.place)
        else:
            self._enter(name)

    def _enter(self, name: str) -> None:
        session = self._desk.session
        known = {".": None, "-": self._before}
        meant = known[name] if name in known else find(session.folder, name)
        if meant is None and name not in known:
            self._desk.screen.complaint(f"There is no module {name} in {session.folder}.")
            return
        self._before, session.module = session.module, meant
        self._desk.screen.note(session.place)

    def _leave(self) -> None:
        raise LeaveError


def _first_word(text: str) -> tuple[str, str]:
    word, *rest = text.split(None, 1) or [""]
    return word, "".join(rest).strip()
