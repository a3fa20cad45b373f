"""What messages say of the change log: its entries, what can be recovered, how a replay goes.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Range

from relive.lsp.error_protocol import ErrorInfo
from relive.lsp.protocol import SessionInfo
from relive.lsp.quick_attrs import message

RECOVERY_OFFERED = "relive/recoverable"
REPLAY_PROGRESS = "relive/replay"


@message
class EntryDefinition:
    """What became of one definition by what an entry is about."""

    uri: str | None
    """The file whose text it is in."""
    name: str
    """Qualified, as `Class.method`."""
    kind: Literal["function", "class", "method", "statement"]
    outcome: Literal["redefined", "added", "removed", "unchanged", "refused"]


@message
class HistoryEntry:
    """An entry of the change log: something that ran, or changed what runs."""

    id: str
    """Its session's id, a colon, and its number there."""
    session: str
    current: bool
    """Whether it is of the session that runs now."""
    life: int
    """Which of its session's processes it was for."""
    kind: Literal["evaluate", "redefine", "revert", "undo", "resume", "rewind"]
    uri: str | None
    """The document whose text it is, or in whose module it ran; null: the scratch module."""
    range: Range | None
    """Where its text stands now, if it `stands`, else where it stood; null: in no document."""
    text: str
    """The code that ran; of a redefinition the definition's, or nothing for whole files."""
    text_truncated: bool
    """Whether there is more of it, which `relive.entry` tells."""
    name: str | None
    """Of a redefinition: the definition's qualified name; null: all that had changed. Of a
    `resume`: the action."""
    definitions: list[EntryDefinition]
    at: str
    """ISO 8601."""
    origin: Literal["command", "save", "disk", "replay", "rewind", "python", "startup", "rerun"]
    status: Literal[
        "ok", "error", "interrupted", "died", "refused", "partial", "cancelled", "held", "unknown"
    ]
    """`cancelled`: it never ran; `unknown`: the log does not say how it ended, as it was running
    when all ended, or runs now."""
    duration_ms: float | None
    effects: Literal["definition", "import", "data", "unknown"]
    """What running it again can do: `unknown` may act on files, the network, anything."""
    stands: bool
    """Whether its text still stands in the file as it is now: in the editor, else on disk. Text
    that stood in none, such as `relive.evaluateText` takes, has no `range` either."""
    hidden: bool
    """Whether the log keeps its text out, as `# relive: nolog` asks: it cannot be replayed."""
    of: str | None = None
    """The entry that it replays or undoes."""
    error: str | None = None
    """Of what failed: the error's last line."""
    uris: list[str] | None = None
    """Of a redefinition of several files: all of them."""


@message
class EntryText:
    """The whole of what an entry recorded."""

    entry: HistoryEntry
    """With its text whole."""
    document: str | None
    """The text of its file as it was then; null: not known, or none."""


@message
class Life:
    """A process that was given something to do: what `relive.recover` can run again."""

    session: str
    life: int
    at: str
    """When it was first given something: ISO 8601."""
    ended: str | None
    """When it ended; null: it runs, or nobody saw its end."""
    how: Literal["died", "stopped", "restarted", "closed", "running", "unseen"]
    """`died`, or ended because somebody stopped it, restarted or closed the session; `unseen`: with
    Relive itself, as when the machine fails."""
    reason: str | None
    """The same in words, where more is known."""
    evaluations: int
    """How many entries it has."""
    mark: Literal["recovered", "dismissed"] | None = None
    """What was done about it since."""


@message
class RecoverableEntry(HistoryEntry):
    """An entry of a life that can be replayed."""

    replays: bool = False
    """Whether it is replayed unless something else is asked for."""
    why: str | None = None
    """Why it is not, in words."""
    suspect: bool = False
    """Whether it was running when its process ended."""


@message
class Recoverable:
    """A process's life that can be replayed into the one that runs, or a new one."""

    session: str
    life: int
    folder: str | None
    """The URI of the workspace folder; null when none is open."""
    reason: str
    """How it ended, in words."""
    at: str
    """When: ISO 8601."""
    entries: list[RecoverableEntry]
    """Oldest first."""
    damaged: int
    """Records of it that cannot be read and are left out."""


@message
class FailedEntry:
    """The entry at which a replay stopped."""

    entry: HistoryEntry
    error: ErrorInfo


@message
class SkippedEntry:
    """An entry that was not replayed, because it was not to be."""

    id: str
    why: str


@message
class Replay:
    """How a replay went."""

    total: int
    """Entries that were to be replayed."""
    done: int
    failed: FailedEntry | None
    """Null: it went through, or was stopped."""
    left: list[str]
    """What was to be replayed and was not: the failed entry, then those after it. To go on without
    the failed one: `relive.recover {entries}` with the others."""
    skipped: list[SkippedEntry]


@message
class ReplayedSession(SessionInfo):
    """A session's state, and how a replay into it went."""

    replay: Replay | None = None
    """Absent when none was asked for."""


@message
class RecoveryOfferedParams:
    """`relive/recoverable`: a process ended against the user's wish, and can be recovered."""

    session: str
    life: int
    evaluations: int
    """How many entries there are."""
    reason: str
    """How it ended, in words."""
    folder: str | None = None
    """The URI of the workspace folder; absent when none is open."""


@message
class ReplayParams:
    """`relive/replay`: a replay begins with an entry, or has ended."""

    total: int
    done: int
    entry: HistoryEntry | None
    """The one that runs now; null: the replay has ended."""
    folder: str | None = None
    """The URI of the session's workspace folder; absent when none is open."""
