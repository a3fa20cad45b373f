"""The messages between daemon and worker, one typed dict each; `op` names the kind.

Two channels join them. On the *main* channel the worker's main thread takes requests one at a
time and every message about an evaluation goes out. On the *control* channel a second thread
answers questions while user code runs; its end of file is the sign that the daemon is gone.

A third, the *life* channel, joins the daemon with the warden, the worker's parent process.

A document goes over the wire as its difference to the last one of that file on the same channel:
see `wire/texts.py`.

A span is `[line, column, end_line, end_column]`, 0-based, columns in code points, in the
coordinates of the file.

The daemon checks what it gets against these shapes. The worker does not load this module: it has
no need to, and its start counts.

Apart are: questions about values (`values.py`), receipts and texts that run (`receipts.py`), what
statements did (`traces.py`), examples, captured calls (`capturing.py`), what is held
(`holding.py`), checkpoints, and what a spare worker is told (`spare.py`).
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from relive.wire import capturing, checkpoints, holding, testing
from relive.wire.errors import Error
from relive.wire.examples import Tried
from relive.wire.keeping import Keep, Kept
from relive.wire.receipts import Redefined, TextsAnswer, Undone
from relive.wire.segments import File, Segment
from relive.wire.spans import Span
from relive.wire.traces import Traced
from relive.wire.values import ANSWERS, Data, Limits, Value

# -- daemon to worker, main channel --------------------------------------------------------


class Evaluate(TypedDict):
    """Run `text`, which stands at (`line`, `column`) of `file`."""

    op: Literal["evaluate"]
    id: int
    file: str | None
    text: str
    line: int
    column: int
    document: str | None
    """The file's whole text, if the text to run belongs to one."""
    futures: list[str]
    """The `__future__` features the file asks for: they hold for each of its forms."""
    detached: bool
    """The text does not stand in the file: errors name it by a name of its own."""
    guard: bool
    dependencies: bool
    """Whether to ask (`need`) for the forms of names that are not there."""
    limits: Limits
    terminal: bool
    """Whether the standard streams say that they are a terminal."""
    keep: Keep | None
    """Which of the forms are to be kept; None: none of them."""
    capture: list[capturing.Wish]
    """The functions whose calls are to be kept: these and no others."""
    call: capturing.InCall | None
    """The captured call whose variables the text runs in; None: those of the module."""
    trace: bool
    """Whether to tell what each statement read and changed: see `traces.py`."""
    outdated: list[tuple[str | None, str]]
    """Names that are others by an edit: caches of functions that use them are emptied first."""
    hold: Literal["workspace", "evaluated", "off"]
    """In which code exceptions are held that nobody would catch: see `holding.py`."""
    frame: list[int] | None
    """The number of a hold and of a frame in it: the text runs with that frame's names."""


class Redefine(TypedDict):
    """Bring definitions into the image. Also on the control channel, while code runs."""

    op: Literal["redefine"]
    id: int
    files: list[File]
    """One file, or several to be changed as one step."""
    name: str | None
    """A qualified name in the only file, or None: everything that changed."""
    segments: list[Segment]
    """The named definition, and others of the name: errors elsewhere in the file do not matter."""
    imports: list[str] | None
    """The file's import statements: those of names the definition needs are run with it.
    None: they can be told from what stands at the margin of its text."""
    unasked: bool
    """Saved or changed on disk, and nobody asked for just this: nothing runs that has not run
    before, and of several files one that does not parse is left out."""
    leaves_new: bool
    """Definitions that are new, and whose statements run decorators and the like, stay out."""


class Revert(TypedDict):
    """Bring what is patched back to what was loaded. Also on the control channel."""

    op: Literal["revert"]
    id: int
    file: str | None
    """None: in all files."""
    name: str | None
    """A qualified name in the file, or None: everything."""


class Undo(TypedDict):
    """Undo the last step that changed definitions. Also on the control channel."""

    op: Literal["undo"]
    id: int


class Provide(TypedDict):
    """The answer to `need`: forms in document order."""

    op: Literal["provide"]
    forms: list[Form]


class Form(TypedDict):
    """Text and where it stands."""

    text: str
    line: int
    column: int


# -- daemon to worker, control channel -----------------------------------------------------


class InputLine(TypedDict):
    """The answer to `input`; None is end of file."""

    op: Literal["line"]
    question: int
    text: str | None
    cancelled: bool
    """Whether the user did not want to answer, which interrupts whoever asked."""


class Interrupt(TypedDict):
    """A signal was sent for this evaluation: see that it arrives."""

    op: Literal["interrupt"]
    id: int


class Definitions(TypedDict):
    """Ask which definitions of `files` the image holds; null: of all the workspace's own files."""

    op: Literal["definitions"]
    id: int
    files: list[str] | None
    known: dict[str, str]
    """The revisions of files that were told last."""


class Interrupts(TypedDict):
    """Ask what became of the interrupts of the evaluation that runs."""

    op: Literal["interrupts"]
    id: int


class Loaded(TypedDict):
    """Ask which of `files` have modules; null: which files have one at all."""

    op: Literal["loaded"]
    id: int
    files: list[str] | None


class Patches(TypedDict):
    """Ask what is patched."""

    op: Literal["patches"]
    id: int


class Texts(TypedDict):
    """Ask for the definitions of `file` as they run; None: of all the workspace's files."""

    op: Literal["texts"]
    id: int
    file: str | None


# -- worker to daemon ----------------------------------------------------------------------


class Hello(TypedDict):
    """The worker is ready."""

    op: Literal["hello"]
    protocol: int
    pid: int
    version: str
    woken: int | None
    """The checkpoint whose copy it is, which goes on in the place of another worker."""
    warnings: list[str]
    """What is not as it was at that checkpoint."""


class Running(TypedDict):
    """A statement begins."""

    op: Literal["running"]
    id: int
    number: int
    """Of those that were told to begin in this evaluation; as many marks are in what is written."""
    span: Span


class Result(TypedDict):
    """A statement is done."""

    op: Literal["result"]
    id: int
    result: StatementResult


class StatementResult(TypedDict):
    """What a statement gave."""

    span: Span
    value: Value | None
    seconds: float
    dependency: bool
    kept: Kept | None
    """Of a form that is marked to be kept."""


class Display(TypedDict):
    """Pictures, at any time: user code may show them on any thread."""

    op: Literal["display"]
    id: int | None
    """The evaluation that shows them; None: none ran."""
    span: Span | None
    """The statement."""
    ref: str | None
    """The result's of whose value they are; None: user code has shown them."""
    displays: list[Data]
    """The same in one form or several, the best first."""


class Need(TypedDict):
    """Names that the code to run uses and the module has not."""

    op: Literal["need"]
    id: int
    names: list[str]


class Input(TypedDict):
    """User code asks for a line."""

    op: Literal["input"]
    question: int
    prompt: str
    password: bool


class Done(TypedDict):
    """The evaluation has ended; the results not sent yet are here."""

    op: Literal["done"]
    id: int
    status: Literal["ok", "error", "interrupted"]
    module: str
    results: list[StatementResult]
    error: Error | None
    seconds: float
    notes: list[str]
    """What user code has changed of the process as a whole, and what of it runs on."""
    undoable: bool
    """Whether definitions that were live already ran again in it, which an undo can take back."""


class DefinitionsAnswer(TypedDict):
    """What the image holds, by file, of those that are loaded; None: it cannot be said."""

    op: Literal["definitions"]
    id: int
    answer: dict[str, LiveDefinitions] | None


class InterruptState(TypedDict):
    """How often one was raised in it, and whether user code handles SIGINT itself."""

    raised: int
    taken: bool


class InterruptsAnswer(TypedDict):
    """Comes only when no C code keeps the interpreter's lock."""

    op: Literal["interrupts"]
    id: int
    answer: InterruptState | None


class LoadedAnswer(TypedDict):
    """The files that have modules."""

    op: Literal["loaded"]
    id: int
    answer: list[str] | None


class LiveDefinitions(TypedDict):
    """The live definitions of a file, by qualified name."""

    revision: str
    since: str | None
    """The revision that the fingerprints are news to; null: they are all there are."""
    fingerprints: dict[str, list[str]]
    """Of news, none are told of what is gone."""
    patched: list[str]
    running: dict[str, list[str]]
    """Who goes on with an old body of a definition, in words."""
    old_instances: dict[str, int]
    """How many objects there are that were made before their constructor or fields changed."""
    holders: dict[str, int]
    """How many places hold an object that a definition has been replaced by another of."""
    rebound: dict[str, str]
    """Definitions that the program has put something else in the place of, with what, in words."""


class PatchesAnswer(TypedDict):
    """All that is patched; None: it cannot be said."""

    op: Literal["patches"]
    id: int
    answer: list[Patch] | None


class Patch(TypedDict):
    """A definition outside the workspace that runs as something else than what was loaded."""

    file: str
    name: str
    kind: Literal["function", "class", "method"]
    line: int
    """0-based, in the text that runs; of one that has gone, in the text it was loaded from."""
    original: str | None
    """None: it was added."""
    running: str | None
    """None: it was removed."""


# -- daemon to warden, life channel ---------------------------------------------------------


class Signal(TypedDict):
    """Send the worker a signal."""

    op: Literal["signal"]
    number: int


class End(TypedDict):
    """Kill the worker unless it has ended within so many seconds."""

    op: Literal["end"]
    within: float
    worker_alone: bool
    """Whether a copy of it may go on in its place."""


# -- warden to daemon, life channel ---------------------------------------------------------


class Started(TypedDict):
    """The worker's process is there, and the warden watches over it."""

    op: Literal["started"]
    pid: int


class Signalled(TypedDict):
    """The worker was sent the signal, if it had not ended."""

    op: Literal["signalled"]
    number: int


class Ended(TypedDict):
    """The worker has ended."""

    op: Literal["ended"]
    status: int
    """Its exit status, or the number of the signal that killed it, below zero."""
    forced: bool
    """Whether the warden killed it."""
    peak_kb: int
    """The most memory it had."""
    left: list[str]
    """Processes it had started, which are killed now."""


Message = dict[str, Any]

FROM_WORKER = (
    Hello,
    Running,
    Result,
    Traced,
    Display,
    Need,
    Input,
    Done,
    Redefined,
    Undone,
    Tried,
    *ANSWERS,
    *holding.ANSWERS,
    *checkpoints.TO_DAEMON,
    *testing.ANSWERS,
    *testing.AT_ANY_TIME,
    capturing.CallsCaptured,
)
"""What may come on the main channel."""
FROM_CONTROL = (
    Redefined,
    Undone,
    DefinitionsAnswer,
    TextsAnswer,
    InterruptsAnswer,
    LoadedAnswer,
    PatchesAnswer,
    capturing.CapturesAnswer,
    testing.StopAnswer, *holding.OF_THREADS,
)  # fmt: skip
"""What may come on the control channel."""
FROM_WARDEN = (Started, Signalled, Ended, *checkpoints.OF_WARDEN)
"""What may come on the life channel."""
