"""The answers a session gives, as typed objects; `to_json()` gives their wire shape.

Those about definitions are in `definition_answers.py`. Positions are `Range` objects (0-based, in
code points); the LSP layer maps them for its client.
"""

from __future__ import annotations

import dataclasses
from dataclasses import field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from relive.source.positions import Range
from relive.source.quick_dataclasses import dataclass

EvaluationStatus = Literal["ok", "error", "interrupted", "died", "held"]
Stream = Literal["stdout", "stderr"]
Origin = Literal["requested", "dependency"]
SessionState = Literal["idle", "busy", "held", "dead", "starting"]

OMIT_NONE: dict[str, Any] = {"omit": None}
"""Field metadata: the key is absent from the JSON, not null, when there is no value."""
OMIT_FALSE: dict[str, Any] = {"omit": False}
OMIT_ZERO: dict[str, Any] = {"omit": 0}
OMIT_EMPTY: dict[str, Any] = {"omit": ()}
"""The same for what is mostly empty."""


class Answer:
    """What every answer shares: a wire shape derived from its fields."""

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON data, keys in camelCase."""
        return {
            _camel(item.name): _json(getattr(self, item.name))
            for item in dataclasses.fields(self)  # type: ignore[arg-type]
            if not ("omit" in item.metadata and getattr(self, item.name) == item.metadata["omit"])
        }


@dataclass(frozen=True)
class Value(Answer):
    """A value as text, cut to the session's limits."""

    text: str
    """A one-piece repr, at most the setting `results.maxLength` characters."""
    type: str
    """The qualified name of the value's class."""
    truncated: bool
    """Whether `text` lacks something of the whole repr."""
    mimes: tuple[str, ...]
    """Richer forms the object offers."""
    ref: str
    """Names this value among those of the session; the worker does not keep it alive for that."""
    length: int | None = field(default=None, metadata=OMIT_NONE)
    """`len()` of a container or string."""
    detail: str | None = None
    """A longer text, at most `results.hoverMaxLength` characters; None when `text` is whole."""
    summary: str | None = field(default=None, metadata=OMIT_NONE)
    """One line on what is in it, as `DataFrame 1,000 rows × 3 columns`."""
    has_table: bool | None = field(default=None, metadata=OMIT_NONE)
    """Whether its rows can be asked for."""
    has_children: bool | None = field(default=None, metadata=OMIT_NONE)
    """Whether it has parts that can be asked for."""


@dataclass(frozen=True)
class Kept(Answer):
    """What became of a form that is marked to be kept."""

    state: Literal["taken", "stored", "refused"]
    """`taken`: the value was stored before, and the form did not run."""
    reason: str | None = field(default=None, metadata=OMIT_NONE)
    """Why it is not kept; of a stored one why what had been kept before was not taken."""
    at: str | None = field(default=None, metadata=OMIT_NONE)
    """When the value was stored, as ISO 8601."""
    took_ms: float | None = field(default=None, metadata=OMIT_NONE)
    """How long the form ran for it."""


@dataclass(frozen=True)
class StatementResult(Answer):
    """What one top-level statement gave."""

    id: str
    """`"<evaluation>:<n>"`, n being its number there."""
    range: Range
    value: Value | None
    duration_ms: float
    origin: Origin = "requested"
    """`dependency`: evaluated because the requested code needs it."""
    kept: Kept | None = field(default=None, metadata=OMIT_NONE)
    """Of a form that is marked to be kept."""


@dataclass(frozen=True)
class OutputChunk(Answer):
    """A piece of text the evaluation wrote."""

    stream: Stream
    text: str


@dataclass(frozen=True)
class Local(Answer):
    """A variable of a frame, as it was when the exception came through."""

    name: str
    text: str
    """A bounded repr."""
    truncated: bool = False


@dataclass(frozen=True)
class Frame(Answer):
    """One entry of an error's stack, outermost first."""

    file: str | None
    """The source file's absolute path, an untitled document's URI, or None."""
    name: str
    line: int
    """0-based."""
    text: str
    """The line as it ran."""
    place: tuple[str, int] | None = None
    """The live definition the line belongs to, and the line's distance from its first line."""
    range: Range | None = field(default=None, metadata=OMIT_NONE)
    """The part of the line that failed; unknown before CPython 3.11, or once it was edited."""
    own: bool = False
    """Whether it is in the user's own code, and not in a library's."""
    locals: tuple[Local, ...] = field(default=(), metadata=OMIT_EMPTY)
    locals_omitted: int = field(default=0, metadata=OMIT_ZERO)
    omitted: int = field(default=0, metadata=OMIT_ZERO)
    """Frames left out just before this one, which repeat those above."""

    def to_json(self) -> dict[str, Any]:
        """Return the frame with its file as a URI."""
        told = super().to_json()
        del told["file"], told["place"]
        return {"uri": file_uri(self.file), **told}


@dataclass(frozen=True)
class Missing(Answer):
    """A name that is not there yet, and the line that would make it."""

    name: str
    line: int


@dataclass(frozen=True)
class LinkedError(Answer):
    """An exception that led to another one, or that a group holds."""

    relation: Literal["cause", "context", "member"]
    type: str
    message: str
    frames: tuple[Frame, ...] = ()
    notes: tuple[str, ...] = ()
    causes: tuple[LinkedError, ...] = ()
    exceptions: tuple[LinkedError, ...] = ()
    omitted: int = field(default=0, metadata=OMIT_ZERO)
    """Exceptions linked to this one that are not told."""


@dataclass(frozen=True)
class Error(Answer):
    """Why something failed, in the user's terms."""

    type: str
    message: str
    frames: tuple[Frame, ...] = ()
    notes: tuple[str, ...] = ()
    range: Range | None = None
    """The place of a syntax error, or the failing line, in the file that was asked for."""
    missing: Missing | None = None
    traceback: str = ""
    causes: tuple[LinkedError, ...] = ()
    """What it was raised from, or while what was handled: the nearest first."""
    exceptions: tuple[LinkedError, ...] = ()
    """What a group holds."""
    omitted: int = field(default=0, metadata=OMIT_ZERO)


@dataclass(frozen=True)
class Evaluation(Answer):
    """The one answer to one request to run code."""

    id: int
    status: EvaluationStatus
    module: str
    results: tuple[StatementResult, ...]
    output: tuple[OutputChunk, ...]
    output_truncated: bool
    output_dropped: int
    """Characters of output beyond the bound, which are not kept."""
    error: Error | None
    duration_ms: float
    inside: str | None = field(default=None, metadata=OMIT_NONE)
    """The frame that it ran in, in words, if it did not run in the module."""
    not_logged: str | None = field(default=None, metadata=OMIT_NONE)
    """Why it is not safe in the change log."""
    hold: int | None = field(default=None, metadata=OMIT_NONE)
    """The number of what is held, by which it is resumed."""


@dataclass(frozen=True)
class Unresponsive(Answer):
    """What is known of code that does not obey an interrupt."""

    evaluation: int
    message: str
    frames: tuple[Frame, ...]
    """Where it is, outermost first; empty when the process could not say."""
    traceback: str
    """The stacks of all threads."""


@dataclass(frozen=True)
class LogInfo(Answer):
    """The change log of a session."""

    folder: str
    """The path of the folder it is kept in."""
    problem: str | None = field(default=None, metadata=OMIT_NONE)
    """Why nothing is written to it."""


@dataclass(frozen=True)
class LostStep(Answer):
    """What had run, and is not in the state any more."""

    label: str
    """Its code, in short."""
    entry: str | None
    """Its entry in the change log, by which it can be recovered."""


@dataclass(frozen=True)
class CameBack(Answer):
    """That the process has gone back to its last checkpoint by itself, when it had ended."""

    reason: str
    """How it had ended, as one says it of the worker."""
    lost: tuple[LostStep, ...]
    """What had run since and has not run again; not what it ended in."""


@dataclass(frozen=True)
class SessionInfo(Answer):
    """A session as others see it."""

    state: SessionState
    pid: int | None
    python: str
    """The interpreter's path; with its version once it has started, as `version`."""
    generation: int
    """Counts the workers this session has had."""
    evaluations: int
    rewinds: int = 0
    """How many of those workers came of going back: they go on with what there was."""
    checkpoints: tuple[dict[str, Any], ...] = ()
    version: str | None = None
    queued: int = 0
    reason: str | None = field(default=None, metadata=OMIT_NONE)
    """Why the session is dead."""
    python_changed: bool = False
    """Whether the interpreter is another by now than the one that runs, as after an upgrade."""
    other_python: str | None = field(default=None, metadata=OMIT_NONE)
    """The path of the one that is chosen by now, if it is another: a restart takes it."""
    notes: tuple[str, ...] = ()
    """What user code has changed of the process as a whole, and what of it runs on by itself."""
    unresponsive: str | None = field(default=None, metadata=OMIT_NONE)
    """Why what runs does not obey an interrupt: the process can be ended, or waited for."""
    holds: tuple[int, ...] = field(default=(), metadata=OMIT_EMPTY)
    """The numbers of the errors that are held, the latest last."""
    log: LogInfo | None = field(default=None, metadata=OMIT_NONE)
    """None where none is kept."""
    no_checkpoint: str | None = field(default=None, metadata=OMIT_NONE)
    """Why the last checkpoint that was due could not be made."""
    came_back: CameBack | None = field(default=None, metadata=OMIT_NONE)
    """The process goes on in the place of one that ended."""


def file_uri(file: str | None) -> str | None:
    """Return the URI of `file`: a path becomes `file:`, a URI stays, None stays None."""
    if file is None or not Path(file).is_absolute():
        return file if file is not None and ":" in file else None
    return Path(file).as_uri()


def file_path(uri: str | None) -> str | None:
    """Return what a session calls the file of `uri`: the inverse of `file_uri`."""
    if uri is None or not uri.startswith("file:"):
        return uri
    from urllib.request import url2pathname  # late: it loads a client of HTTP

    return url2pathname(urlsplit(uri).path)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _json(value: Any) -> Any:
    if isinstance(value, Answer):
        return value.to_json()
    if isinstance(value, Range):
        return {"start": _position(value.start), "end": _position(value.end)}
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    return value


def _position(position: tuple[int, int]) -> dict[str, int]:
    return {"line": position[0], "character": position[1]}
