"""The commands, and the one argument that each takes; their answers are in `protocol.py`.

As there: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Position, Range

from relive.lsp.quick_attrs import message

EVALUATE = "relive.evaluate"
EVALUATE_TEXT = "relive.evaluateText"
REDEFINE = "relive.redefine"
INTERRUPT = "relive.interrupt"
RESTART = "relive.restart"
STOP = "relive.stop"
SESSION = "relive.session"
INTERPRETERS = "relive.interpreters"
PATCHES = "relive.patches"
FORGET_KEPT = "relive.forgetKept"
KEEP_VALUE = "relive.keepValue"
REVERT_PATCH = "relive.revertPatch"
UNDO = "relive.undo"
VERSIONS = "relive.versions"
REDEFINE_TO = "relive.redefineTo"
COMPARE = "relive.compare"
DEFINITIONS = "relive.definitions"
OLD_INSTANCES = "relive.oldInstances"
RERUN_STALE = "relive.rerunStale"
BRING_UP_TO_DATE = "relive.bringUpToDate"
DISMISS = "relive.dismiss"
SHOW_FRAME = "relive.showFrame"
INSPECT = "relive.inspect"
VALUE_TEXT = "relive.valueText"
VALUE_MIMES = "relive.valueMimes"
VALUE_MIME = "relive.valueMime"
VALUE_CHILDREN = "relive.valueChildren"
VALUE_TABLE = "relive.valueTable"
QUEUE = "relive.queue"
HISTORY = "relive.history"
ENTRY = "relive.entry"
LIVES = "relive.lives"
RECOVERABLE = "relive.recoverable"
RECOVER = "relive.recover"
DISMISS_RECOVERY = "relive.dismissRecovery"


@message
class EvaluateParams:
    """Argument of `relive.evaluate`."""

    uri: str
    scope: Literal["selection", "form", "cell", "toHere", "file"]
    """`selection` needs `range`; `form`, `cell` and `toHere` need `position`."""
    range: Range | None = None
    position: Position | None = None
    token: str | None = None
    """Comes back in every notification about this evaluation."""
    call: int | None = None
    """In a function's body: the captured call to run in; absent: the latest, if there is one."""
    anew: bool | None = None
    """Whether forms that are marked with `# relive: keep` run in any case, and are kept anew."""


@message
class EvaluateTextParams:
    """Argument of `relive.evaluateText`: text that stands in no document."""

    text: str
    uri: str | None = None
    """Whose module it runs in; absent: the session's scratch module."""
    frame: int | None = None
    """A held frame to run it in; 0 is the innermost."""
    hold: int | None = None
    """Of which error that is held; absent: the last."""
    call: int | None = None
    """A captured call to run it in: with its variables."""
    token: str | None = None


@message
class RedefineParams:
    """Argument of `relive.redefine`. No `position` and no `name`: all that changed in the file."""

    uri: str | None = None
    position: Position | None = None
    name: str | None = None
    """Qualified, as `Class.method`."""
    uris: list[str] | None = None
    """Several files as one step, instead of `uri`."""
    token: str | None = None


@message
class KeepValueParams:
    """Argument of `relive.keepValue`: puts `# relive: keep` at a form, or takes it away."""

    uri: str
    position: Position
    """In the form."""


@message
class ForgetKeptParams:
    """Argument of `relive.forgetKept`."""

    uri: str | None = None
    """A document of the folder that is meant; absent: the session used last."""


@message
class ForgottenValues:
    """How many values were kept, and are no more."""

    removed: int


@message
class PatchesParams:
    """Argument of `relive.patches`."""

    uri: str | None = None
    """A document whose patches alone are meant."""


@message
class RevertPatchParams:
    """Argument of `relive.revertPatch`. Without `uri`: all that is patched."""

    uri: str | None = None
    """The document need not be open, unless `position` is given."""
    name: str | None = None
    """Qualified, as `Class.method`; with what is patched inside it."""
    position: Position | None = None
    """In the definition that is meant. Neither it nor `name`: all that is patched in the file."""


@message
class UndoParams:
    """Argument of `relive.undo`: the last step that changed definitions, and was not undone yet."""

    uri: str | None = None
    """Any document of the session; absent: the session used last."""


@message
class VersionsParams:
    """Argument of `relive.versions`. It needs `name` or `position`."""

    uri: str
    name: str | None = None
    """Qualified, as `Class.method`; it need not be in the document any more."""
    position: Position | None = None
    """In the definition that is meant."""


@message
class RedefineToParams:
    """Argument of `relive.redefineTo`: one definition, as an entry of the log brought it."""

    uri: str
    name: str
    entry: str | None = None
    """As `Version.entry` names it; absent: the version the file was loaded with."""


@message
class CompareParams:
    """Argument of `relive.compare`: process and disk."""

    uri: str | None = None
    """One file alone; a workspace folder: all that its session has loaded of it; absent: of the
    session used last."""


@message
class DefinitionsRequestParams:
    """Argument of `relive.definitions`: what is known of definitions; no process is waited for."""

    uri: str | None = None
    """One file alone; absent: all that are open, and all of the workspace that are loaded."""


@message
class OldInstancesParams:
    """Argument of `relive.oldInstances`: objects that a change of a definition left behind."""

    uri: str
    name: str
    """Qualified, as `Class.method`."""
    start: int = 0
    count: int = 100
    """At most 1,000."""


@message
class RerunStaleParams:
    """Argument of `relive.rerunStale`: results that are no longer true are run again."""

    uri: str | None = None
    """The document whose results are meant; absent: all."""


@message
class BringUpToDateParams:
    """Argument of `relive.bringUpToDate`: the process is made what a fresh run would give."""

    uri: str


@message
class DismissParams:
    """Argument of `relive.dismiss`: the user has put away what was said of errors."""

    tokens: list[str] | None = None
    """Those of the evaluations that failed; absent: of all."""


@message
class ShowFrameParams:
    """Argument of `relive.showFrame`: a place to show in the editor."""

    uri: str
    range: Range


@message
class InterruptParams:
    """Argument of `relive.interrupt`."""

    uri: str | None = None
    """Any document of the session; absent: whatever runs is interrupted."""
    id: int | None = None
    """This evaluation alone, if it has not ended meanwhile."""
    terminate: bool | None = None
    """End the process instead of interrupting it, at once and with its state."""


@message
class RestartParams:
    """Argument of `relive.restart`."""

    replay: bool | None = None
    """Run the entries of the life that ends in the new process, all but those of unclear ends."""
    omit_last: int | None = None
    """With `replay`: all but that many, the last."""
    entries: list[str] | None = None
    """With `replay`: these entries alone."""
    uri: str | None = None
    """Any document of the session; absent: the session used last."""


@message
class StopParams:
    """Argument of `relive.stop`: the process ends, and the next evaluation starts another."""

    uri: str | None = None
    """Any document of the session, or its folder; absent: the session used last."""


@message
class SessionRequestParams:
    """Argument of `relive.session`."""

    uri: str | None = None
    """Any document of the session; absent: the session used last."""


@message
class InterpretersParams:
    """Argument of `relive.interpreters`: those chosen now, for processes that begin from now on."""

    interpreter: str | None
    """Of what is in no folder, or in one that is not named; null: the one that runs the daemon."""
    interpreters: dict[str, str | None]
    """By the URIs of folders."""


@message
class InspectParams:
    """Argument of `relive.inspect`."""

    uri: str
    """In whose module the expression is evaluated; nothing else of the document runs."""
    expression: str


@message
class ValueParams:
    """Argument of `relive.valueText` and `relive.valueMimes`."""

    ref: str
    """As `Value.ref` names it."""
    uri: str | None = None
    """Any document of the session that the value is of; absent: the session used last."""


@message
class ValueMimeParams:
    """Argument of `relive.valueMime`."""

    ref: str
    mime: str
    uri: str | None = None
    """Any document of the session that the value is of; absent: the session used last."""


@message
class ValueChildrenParams:
    """Argument of `relive.valueChildren`."""

    ref: str
    path: list[int] | None = None
    """Numbers of children, on the way down from the value to the one whose children are meant."""
    start: int = 0
    count: int = 100
    """At most 1,000."""
    uri: str | None = None
    """Any document of the session that the value is of; absent: the session used last."""


@message
class TableSort:
    """What the rows of a table are sorted by."""

    column: int
    """The column's number, since several may share a name; -1: the index."""
    descending: bool | None = None


@message
class ValueTableParams:
    """Argument of `relive.valueTable`."""

    ref: str
    start: int = 0
    """The first row, of those sorted."""
    count: int = 100
    """At most 1,000."""
    sort: TableSort | None = None
    first_column: int | None = None
    column_count: int | None = None
    """At most 1,000; absent: 100."""
    uri: str | None = None
    """Any document of the session that the value is of; absent: the session used last."""


@message
class QueueParams:
    """Argument of `relive.queue`."""

    uri: str | None = None
    """Any document of the session; absent: the queues of all sessions."""


@message
class HistoryParams:
    """Argument of `relive.history`."""

    uri: str | None = None
    """The document whose entries alone are meant, or a workspace folder: all of its; absent: all of
    the session used last."""
    limit: int | None = None
    """At most that many; absent: 100."""
    before: str | None = None
    """An entry's id: only older ones than it."""


@message
class EntryParams:
    """Argument of `relive.entry`."""

    id: str
    uri: str | None = None
    """Any document of the session; absent: the session used last."""


@message
class LivesParams:
    """Argument of `relive.lives`."""

    uri: str | None = None
    """Any document of the session, or its folder; absent: the session used last."""
    limit: int | None = None
    """At most that many; absent: 50."""


@message
class RecoverableParams:
    """Argument of `relive.recoverable`."""

    session: str | None = None
    life: int | None = None
    """Absent: the latest that can be recovered and has not been dismissed."""
    uri: str | None = None
    """Any document of the session, or its folder; absent: the session used last."""


@message
class RecoverParams:
    """Argument of `relive.recover`. No `entries`, no `omit_last`: what runs without a look."""

    entries: list[str] | None = None
    """The ids of those to replay, in their own order: somebody has looked at them."""
    omit_last: int | None = None
    """All but that many, the last, and the one that was running when all ended; 0 is possible."""
    session: str | None = None
    life: int | None = None
    """Absent: as for `relive.recoverable`."""
    uri: str | None = None
    """Any document of the session, or its folder; absent: the session used last."""


@message
class DismissRecoveryParams:
    """Argument of `relive.dismissRecovery`: the offer to recover it is not to come again."""

    session: str
    life: int
    uri: str | None = None
    """Any document of the session, or its folder; absent: the session used last."""
