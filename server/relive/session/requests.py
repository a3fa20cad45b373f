"""What a session can be asked to do."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from relive.changelog.entries import Origin
from relive.source.quick_dataclasses import dataclass

ResumeAction = Literal["retryStatement", "restartFrame", "return", "abandon"]


@dataclass(frozen=True)
class Cause:
    """Who wants something to run, as the change log tells it."""

    origin: Origin = "command"
    of: str | None = None
    """The entry of the log that is replayed."""


BY_COMMAND = Cause()
PYTHON = Cause("python")
BY_ITSELF = Cause("rerun")
"""Nobody has asked for it: it does not stop at an error, and is undone with what came before."""


@dataclass(frozen=True)
class InCall:
    """A captured call that text is about."""

    call: int
    again: bool = False
    """The text calls the function again: it runs in the call's arguments alone, with the function
    itself among them."""
    name: str | None = None
    """The function's, if it is known."""

    @property
    def said(self) -> str:
        """It in words."""
        return f"captured call {self.call}" + (f" of {self.name}" if self.name else "")

    def to_wire(self) -> dict[str, Any]:
        """Return what the worker is told."""
        return {"call": self.call, "again": self.again}


@dataclass(frozen=True)
class InFrame:
    """A frame of what is held, with whose names text runs: what it binds is the frame's."""

    frame: int
    """0 is the innermost."""
    hold: int | None = None
    """Of which error; None: the last on the main thread, or else on any."""
    name: str | None = None
    """The function's, if it is known."""

    @property
    def said(self) -> str:
        """It in words."""
        return "a held frame" + (f" of {self.name}" if self.name else "")

    def to_wire(self) -> list[int]:
        """Return what the worker is told; where nothing is held, it says so."""
        return [self.hold or 0, self.frame]


@dataclass(frozen=True)
class EvaluateRequest:
    """Text to run in the namespace of its file's module."""

    text: str
    file: str | None = None
    """An absolute path, an untitled document's URI, or None for the session's scratch module."""
    line: int = 0
    """0-based line of the text's first character in the file."""
    column: int = 0
    """Code points before the text's first character on that line."""
    document: str | None = None
    """The whole current text of the file: dependencies are found in it, tracebacks quote it."""
    detached: bool = False
    """The text does not stand in the file, which only names the module to run in."""
    guard: bool = True
    """Whether a main guard in the text runs its body."""
    anew: bool = False
    """Whether forms that are marked to be kept run in any case, and what they give is kept."""
    inside: InCall | InFrame | None = None
    """What else than the module it runs in: a captured call, or a frame that is held."""
    careful: bool = False
    """Of what the code needs only imports and definitions run, whatever the settings say."""
    cause: Cause = BY_COMMAND


@dataclass(frozen=True)
class RedefineRequest:
    """Definitions to bring into the running process."""

    file: str
    document: str
    """The whole current text of the file."""
    name: str | None = None
    """A qualified name, as `Class.method`; None: all that changed in the file."""
    line: int | None = None
    """First line, 0-based, of the one definition meant, where several share the name, as the parts
    of a property do; None: all of them."""
    others: tuple[tuple[str, str], ...] = ()
    """Further files of the same step with their texts; then `name` is None."""
    unasked: bool = False
    """The files were saved or changed on disk, and nobody asked for just this: nothing runs that
    has not run before, and of several files one that does not parse is left out."""
    cause: Cause = BY_COMMAND
    leaves_new: bool = False
    """Definitions that are new, and whose statements run more than themselves, such as decorators,
    are left to be evaluated."""


@dataclass(frozen=True)
class RevertRequest:
    """Patches to bring back to what was loaded."""

    file: str | None = None
    """None: those of all files."""
    name: str | None = None
    """A qualified name in the file, with what is patched inside it; None: all of the file."""
    cause: Cause = BY_COMMAND


@dataclass(frozen=True)
class UndoRequest:
    """The last step that changed definitions is to be undone."""

    cause: Cause = BY_COMMAND


@dataclass(frozen=True)
class ResumeRequest:
    """What is held is to go on."""

    action: ResumeAction
    frame: int = 0
    """Which of the stack's: 0 is the innermost."""
    value: str | None = None
    """Of `return`: the expression whose value the frame returns; None: it returns None."""
    line: int | None = None
    """Of `retryStatement`: where to go on in the new text, 0-based; None: where it failed."""
    hold: int | None = None
    """Which hold; None: the last on the main thread, or else on any."""
    document: str | None = None
    """Of `retryStatement` in top-level code: what its file has now; None: it runs as it was."""
    cause: Cause = BY_COMMAND


@dataclass(frozen=True)
class InputRequest:
    """User code waits for a line of input."""

    evaluation: int | None
    prompt: str
    password: bool


class Reply(Protocol):
    """Takes the answer to an `InputRequest`."""

    def __call__(self, text: str | None, *, cancelled: bool = False) -> None:
        """Hand over the line; None is end of file, `cancelled` raises KeyboardInterrupt."""
