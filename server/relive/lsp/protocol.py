"""Every message of ours that LSP does not have. `client/src/protocol.gen.ts` is made from this.

What is said of values is in `value_protocol.py`, of errors in `error_protocol.py`, of the change
log in `log_protocol.py`.

A field with a default may be absent. One of type `… | None` without a default is always there,
and null when there is nothing to say.
"""

from __future__ import annotations

from typing import Any, Literal

import attrs
from lsprotocol.types import Position, Range

from relive.lsp.error_protocol import ErrorInfo, FrameInfo
from relive.lsp.quick_attrs import message
from relive.lsp.value_protocol import Display, Value

PROGRESS = "relive/progress"
OUTPUT = "relive/output"
RESULT = "relive/result"
SESSION_CHANGED = "relive/session"
REDEFINED = "relive/redefined"
TARGET = "relive/target"
INPUT = "relive/input"
UNRESPONSIVE = "relive/unresponsive"
RESOLVED = "relive/resolved"
DISPLAY = "relive/display"

CODE_ACTION_KIND = "refactor.relive"


def is_optional(field: attrs.Attribute[Any]) -> bool:
    """Whether `field` is absent from the message when it is None."""
    return field.default is None


# -- answers --------------------------------------------------------------------------------------


@message
class Kept:
    """What became of a form that is marked with `# relive: keep`."""

    state: Literal["taken", "stored", "refused"]
    """`taken`: the value was stored before, and the form did not run."""
    reason: str | None = None
    """Why it is not kept; of a stored one why what had been kept before was not taken."""
    at: str | None = None
    """When the value was stored, as ISO 8601."""
    took_ms: float | None = None
    """How long the form ran for it."""


@message
class StatementResult:
    """What one top-level statement gave."""

    id: str
    """Names it in `relive/stale` and `relive/fresh`: the evaluation's id, a colon, its number."""
    range: Range
    """In the document as it stands when this is sent."""
    value: Value | None
    """Null for a statement that has no value, such as an import."""
    duration_ms: float
    origin: Literal["requested", "dependency"]
    """`dependency`: evaluated because the requested code needs it."""
    kept: Kept | None = None


@message
class OutputChunk:
    """A piece of text the evaluation wrote."""

    stream: Literal["stdout", "stderr"]
    text: str


@message
class Evaluation:
    """The one answer to one request to run code."""

    id: int
    status: Literal["ok", "error", "interrupted", "died", "held"]
    module: str
    """The module whose namespace the code ran in."""
    results: list[StatementResult]
    """One for each top-level statement, in order."""
    output: list[OutputChunk]
    """Up to its end. What it has started may write on: `relive/output` tells."""
    output_truncated: bool
    output_dropped: int
    """Characters of output beyond the bound, which are not kept."""
    error: ErrorInfo | None
    duration_ms: float
    version: int | None = None
    """The version of the document that its places are in; absent for text that is in none."""
    inside: str | None = None
    """The frame that it ran in, in words, if it did not run in the module."""
    not_logged: str | None = None
    """Why it is not safe in the change log: it ran nevertheless, but could not be recovered."""
    hold: int | None = None
    """Of one that is held: the number to resume it by."""


@message
class DefinitionChange:
    """What became of one definition."""

    name: str
    """Qualified, as `Class.method`."""
    kind: Literal["function", "class", "method", "statement"]
    outcome: Literal["redefined", "added", "removed", "unchanged", "refused"]
    functions_updated: int
    instances_updated: int
    references_updated: int
    reason: str | None = None
    """Why it was refused, or what could not follow."""
    at_least: bool | None = None
    """Whether there was no time to count all instances and references: there may be more."""
    uri: str | None = None
    """The file whose text it is in."""
    range: Range | None = None
    """The line of its `def` or `class`, or the statement's first, in the text as it stands."""
    patch: Literal["patched", "reverted"] | None = None
    """Outside the workspace: it now differs from what the process loaded, or no longer does."""
    before: str | None = None
    """The text that ran until then, unless it is very long."""


@message
class LeftOut:
    """A file that does not parse or cannot be decoded, of several; the others are redefined."""

    uri: str
    error: ErrorInfo


@message
class Redefinition:
    """The receipt of a redefinition. On an error nothing has changed."""

    status: Literal["ok", "partial", "refused", "error"]
    definitions: list[DefinitionChange]
    error: ErrorInfo | None
    left_out: list[LeftOut] | None = None
    """Only of a redefinition nobody asked for by command."""
    not_logged: str | None = None
    """Why it is not safe in the change log: it was made, but could not be recovered."""


@message
class Patch:
    """A definition outside the workspace that runs as something else than what was loaded."""

    uri: str
    name: str
    """Qualified, as `Class.method`."""
    kind: Literal["function", "class", "method", "statement"]
    line: int
    """0-based, in the document as it stands; in one that is not open, in the text that runs."""
    original: str | None
    """The text it was loaded from; null: it was added."""
    running: str | None
    """The text that runs; null: it was removed."""


@message
class Patches:
    """All that is patched in the running processes."""

    items: list[Patch]


@message
class Checkpoint:
    """A state that can be gone back to."""

    evaluation: int
    at: str
    """ISO 8601."""


@message
class LogInfo:
    """The change log of a session."""

    folder: str
    """The path of the folder it is kept in."""
    problem: str | None = None
    """Why nothing is written to it."""


@message
class LostStep:
    """What had run, and is not in the state any more."""

    label: str
    """Its code, in short."""
    entry: str | None
    """Its entry in the change log, for `relive.recover {entries}`; null: it has none."""


@message
class CameBack:
    """That the process has gone back to its last checkpoint by itself, when it had ended."""

    reason: str
    """How it had ended, as one says it of the worker."""
    lost: list[LostStep]
    """What had run since and has not run again; not what it ended in."""


@message
class SessionInfo:
    """A session: a worker, its queue and its namespaces."""

    state: Literal["idle", "busy", "held", "dead", "starting"]
    pid: int | None
    """The worker's; null while there is none."""
    python: str
    """The path of the worker's interpreter."""
    generation: int
    """Counts the workers this session has had."""
    checkpoints: list[Checkpoint]
    evaluations: int
    queued: int
    """Evaluations that wait for their turn."""
    version: str | None
    """The interpreter's version, once it has started."""
    reason: str | None = None
    """Why the session is dead."""
    python_changed: bool = False
    """Whether the interpreter is another by now than the one that runs, as after an upgrade."""
    other_python: str | None = None
    """The path of the one that is chosen by now, if it is another: a restart takes it."""
    notes: list[str] = attrs.field(factory=list)
    """What user code has changed of the process as a whole, and what of it runs on by itself."""
    unresponsive: str | None = None
    """Why what runs does not obey an interrupt."""
    log: LogInfo | None = None
    """Absent where none is kept."""
    holds: list[int] | None = None
    """The numbers of the errors that are held, the latest last."""
    rewinds: int = 0
    """How many of those workers came of going back: results from before stay true."""
    no_checkpoint: str | None = None
    """Why the last checkpoint that was due could not be made."""
    came_back: CameBack | None = None
    """The process goes on in the place of one that ended."""


@message
class QueuedEvaluation:
    """An evaluation that runs or waits. `relive.interrupt {id, uri: session}` ends it alone."""

    id: int
    session: str
    """The URI of the session's workspace folder; empty when none is open."""
    uri: str | None
    """The document whose text it is; null for text that stands in none."""
    range: Range | None
    """In the document as it stands."""
    state: Literal["queued", "running"]
    code: str
    """How its text begins."""
    elapsed_ms: float
    """Since it left the queue."""


@message
class Queue:
    """What the sessions have to do: of each what runs, then what waits, in its order."""

    items: list[QueuedEvaluation]


@message
class InterruptAnswer:
    """Whether anything was running."""

    interrupted: bool


# -- notifications and requests -------------------------------------------------------------------


@message
class ProgressParams:
    """`relive/progress`: on receipt, when a statement begins, and once a second while it runs."""

    id: int
    uri: str | None
    """The document whose text runs; null for text that stands in none."""
    state: Literal["queued", "running"]
    statement: Range | None
    """What runs now."""
    target: Range | None
    """All that this evaluation was asked to run."""
    elapsed_ms: float
    """Since it left the queue."""
    token: str | None = None
    version: int | None = None
    """The version of the document that its places are in."""


@message
class OutputParams:
    """`relive/output`: text that user code wrote."""

    id: int | None
    """The evaluation it is of, which may have ended; null when it is of none."""
    stream: Literal["stdout", "stderr"]
    text: str
    token: str | None = None


@message
class ResultParams:
    """`relive/result`: one result, as soon as it is there."""

    id: int
    uri: str | None
    """The document whose text runs; null for text that stands in none."""
    result: StatementResult
    token: str | None = None
    version: int | None = None
    """The version of the document that its places are in."""


@message
class RedefinedParams:
    """`relive/redefined`: definitions followed their text without being asked by command."""

    origin: Literal["save", "disk"]
    """`save`: of a document, in the editor; `disk`: files were changed by other programs."""
    uris: list[str]
    """The files that were looked at and whose modules are loaded."""
    redefinition: Redefinition
    """Without the definitions that are unchanged."""


@message
class SessionParams(SessionInfo):
    """`relive/session`: a session is in another state."""

    folder: str | None = None
    """The URI of the session's workspace folder; absent when none is open."""


@message
class UnresponsiveParams:
    """`relive/unresponsive`: code goes on two seconds after an interrupt; see InterruptParams."""

    id: int
    uri: str | None
    """The document whose text runs; null for text that stands in none."""
    message: str
    """Where it is, and why it does not stop, as far as it is known."""
    frames: list[FrameInfo]
    """Where it is; empty when the process could not say."""
    traceback: str
    """The stacks of all threads."""
    token: str | None = None


@message
class DisplayParams:
    """`relive/display`: pictures of a value, just after its result, or shown by `plt.show()`."""

    id: int | None
    """The evaluation that shows it; null when none was running."""
    uri: str | None
    """The document whose text runs; null for text that stands in none."""
    range: Range | None
    """The statement that shows it."""
    ref: str | None
    """The result's, of whose value it is a picture; null: user code has shown it."""
    displays: list[Display]
    """The same in one form or several, the best first."""
    token: str | None = None
    version: int | None = None
    """The version of the document that its places are in."""


@message
class ResolvedParams:
    """`relive/resolved`: an error that was diagnosed does not stand any more."""

    id: int
    """The evaluation that failed."""
    token: str | None = None


@message
class TargetParams:
    """`relive/target`: what a command would take, without running it."""

    uri: str
    scope: Literal["selection", "form", "cell", "toHere", "file", "definition", "class"]
    """`definition`: what redefining at the position would take; `class`: the class around it."""
    position: Position | None = None
    range: Range | None = None


@message
class Target:
    """The code a command would take."""

    range: Range
    kind: str
    """`expression`, `assignment`, `function`, `class`, `method`, …, or `selection`, `file`."""
    name: str | None
    """Of a definition: its qualified name."""
    next: Position | None
    """Where the next form begins."""


@message
class InputParams:
    """`relive/input`, from the server: user code waits for a line."""

    id: int | None
    """The evaluation that asks."""
    prompt: str
    password: bool
    """Whether the text must not be shown while it is typed."""


@message
class InputAnswer:
    """What the user typed; null is end of file."""

    text: str | None
    cancelled: bool | None = None
    """The user did not want to answer: KeyboardInterrupt, where the code asked."""
