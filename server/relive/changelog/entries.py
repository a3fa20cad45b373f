"""What the change log tells: an entry is a change somebody asked for, and what came of it."""

from __future__ import annotations

from typing import Literal

from relive.source.quick_dataclasses import dataclass

Kind = Literal["evaluate", "redefine", "revert", "undo", "resume", "rewind"]
Origin = Literal["command", "save", "disk", "replay", "rewind", "python", "startup", "rerun"]
Status = Literal["ok", "partial", "error", "interrupted", "died", "refused", "cancelled", "held"]
Lack = Literal["damage", "size"]


@dataclass(frozen=True)
class Change:
    """What is to run: an intent, recorded before it does."""

    kind: Kind
    file: str | None = None
    """An absolute path, an untitled document's URI, or None for the session's scratch module."""
    text: str | None = None
    """The code; None: a whole file's redefinition, or code that is kept out of the log."""
    line: int = 0
    """0-based line of the text's first character in the file."""
    column: int = 0
    """Code points before the text's first character on that line."""
    document: str | None = None
    """The whole text of the file at that time."""
    name: str | None = None
    """The qualified name of the one definition that is meant."""
    at_line: int | None = None
    """First line, 0-based, of the definition meant, where several share the name."""
    others: tuple[tuple[str, str], ...] = ()
    """Further files of the same step, with their texts."""
    detached: bool = False
    """The text does not stand in the file, which only names the module to run in."""
    inside: str | None = None
    """`call`: it ran in the variables of a captured call, which no other process has."""
    guard: bool = True
    """Whether a main guard in the text runs its body."""
    unasked: bool = False
    """Nobody asked for just this: a file was saved or changed on disk, or the process ended."""
    frame: int | None = None
    """Of the held stack: the frame whose names the text runs with, or which goes on."""
    action: str | None = None
    """How what was held went on; its value is the text, its line `at_line`. Of a redefinition:
    `leave new`, if it left out new definitions whose statements run more than themselves."""
    origin: Origin = "command"
    of: str | None = None
    """The id of the entry that this one replays, undoes, has go on or goes back to before."""

    def document_of(self, file: str | None) -> str | None:
        """Return the text that one of the change's files had."""
        return self.document if file == self.file else dict(self.others).get(file or "")


@dataclass(frozen=True)
class Defined:
    """What a change did to one definition."""

    file: str
    name: str
    kind: str
    outcome: str
    before: str | None = None
    """The source that ran until then, if there was one and it is known."""


@dataclass(frozen=True)
class Outcome:
    """What came of a change."""

    status: Status
    duration_ms: float = 0.0
    error: str | None = None
    """The error in one line."""
    module: str | None = None
    definitions: tuple[Defined, ...] = ()
    passed: int = 0
    """The number of the entry that it was done before, though that one was recorded earlier."""


@dataclass(frozen=True)
class Entry:
    """A change in the log, with its outcome."""

    session: str
    number: int
    """From 1, without gaps within a session."""
    life: int
    """Which of the session's workers it was for, from 1."""
    at: float
    """When it was recorded, in seconds since the epoch."""
    change: Change
    outcome: Outcome | None = None
    """None: it was running when everything ended."""
    hidden: bool = False
    """All or some of its code was kept out of the log, by `# relive: nolog`."""
    lacks: Lack | None = None
    """Why not all of it is there: its document is damaged, or it was too large to be stored."""

    @property
    def id(self) -> str:
        """What names it outside of its session."""
        return f"{self.session}:{self.number}"

    @property
    def place(self) -> tuple[int, bool, int]:
        """What puts the entries of a life in the order in which they were done."""
        passed = 0 if self.outcome is None else self.outcome.passed
        return passed or self.number, not passed, self.number


def parsed_id(entry: str) -> tuple[str, int] | None:
    """Return the session and the number that an entry's id names; None: it is no such id."""
    session, _, number = entry.rpartition(":")
    is_number = number.isascii() and number.isdigit() and len(number) < 16
    return (session, int(number)) if session and is_number else None
