"""Carries out what is to be evaluated, and answers each request; `run.py` is one while it runs."""

from __future__ import annotations

import _ast as ast  # the classes of nodes alone: `ast` itself loads much more
from _functools import partial  # type: ignore[import-not-found]  # in C: it loads less
from time import perf_counter
from types import CodeType

from relive.worker.captures import Captures
from relive.worker.displays import Displays
from relive.worker.errors.beneath import cut_off, handled_here
from relive.worker.errors.describe import describe_error
from relive.worker.history import Cause
from relive.worker.marked import MarkedForms
from relive.worker.names import used_names
from relive.worker.namespace import flags_of
from relive.worker.process_state import ProcessState, running_threads
from relive.worker.program_hooks import ProgramHooks
from relive.worker.recent import RecentValues
from relive.worker.render import Renderer
from relive.worker.reserve import Reserve
from relive.worker.run import DEFINITIONS, NO_VALUE, Run, bound_by
from relive.worker.shelf import Shelf
from relive.worker.sources import read
from relive.worker.statements import VALUE, Text, docstring
from relive.worker.traces import Traces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.channel import Channel
    from relive.worker.held.inside import InsideFrame
    from relive.worker.holding.holding import Holding
    from relive.worker.interrupt import Interrupts
    from relive.worker.late_image import LateImage
    from relive.worker.marked import Marked
    from relive.worker.namespace import Namespace, Namespaces
    from relive.worker.sources import Sources
    from relive.worker.statements import Statement
    from relive.worker.streams import Streams
    from relive.worker.waiting import Waiting

_HOLD_DEFINITIONS = (*DEFINITIONS, ast.If, ast.Try, ast.With)
_HEADS = (("\ndef ", "("), ("\nasync def ", "("), ("\nclass ", "("), ("\nclass ", ":"))
"""What stands before and after a name that is defined at the margin."""
_FUTURE_MASK = flags_of(("annotations", "generator_stop", "barry_as_FLUFL"))


class Evaluator:
    """Carries out `evaluate` messages on the main thread."""

    def __init__(
        self,
        channel: Channel,
        namespaces: Namespaces,
        sources: Sources,
        image: LateImage,
        interrupts: Interrupts,
        waiting: Waiting,
        streams: Streams,
    ) -> None:
        self._channel = channel
        self._namespaces = namespaces
        self._sources = sources
        self._image = image
        self._interrupts = interrupts
        self._waiting = waiting
        self._streams = streams
        self.displays = Displays(channel, streams.evaluation)
        self._renderer = Renderer(interrupts)
        self._process_state = ProcessState()
        self._recent = RecentValues()
        self.holding: Holding | None = None
        """What holds errors; None: as yet none are."""
        self.inside_frame: Callable[[int, int], InsideFrame]
        """Returns what text runs in for a frame that is held; set by whoever holds them."""
        self.running: Run | None = None
        """The evaluation that the main thread runs, unless it is held."""
        self.shelf = Shelf(self._recent)
        """Where the values that were shown are to be found."""
        self._reserve = Reserve()
        self._marked = MarkedForms(image)
        self._heads = _Heads()
        self._hooks = ProgramHooks()
        self.captures = Captures(channel, image, interrupts, streams.evaluation)
        self.traces = Traces(channel, namespaces, interrupts)
        namespaces.complete = self._complete

    def evaluate(self, message: dict[str, Any]) -> None:
        """Run the message's text and send `done`, whatever happens in it."""
        self._reserve.hold()
        run = self.running = Run(self, message)
        self._interrupts.install()
        self.shelf.begin()
        self.displays.begin(message["id"])
        self._streams.begin(message["id"], terminal=message["terminal"])
        status, error, beneath = "ok", None, handled_here()
        cause = Cause("evaluation", self._sources.known_as(run.file))
        self._image.history.begin(cause)
        self.captures.want(message["capture"])
        try:
            self.traces.drop_caches(message["outdated"])
            with self._hooks, self.captures:
                run.all_statements()
        except BaseException as failure:  # SystemExit too: user code may not end the worker
            cut_off(failure, beneath)
            if issubclass(type(failure), MemoryError):
                self._reserve.release()
            status = "interrupted" if self._was_interrupted(failure, run) else "error"
            error = describe_error(failure, run.source_name, self._image)
            if status == "interrupted":
                error["notes"] += running_threads()
        self._interrupts.end()
        self._image.history.end()
        self._streams.end()
        self.running = None
        self._channel.send(
            {
                "op": "done",
                "id": message["id"],
                "status": status,
                "module": run.module_name,
                "results": run.unsent,
                "error": error,
                "seconds": run.clock(),
                "undoable": self._image.history.has(cause),
                "notes": [*self._process_state.differences(), *self._waiting.running_tasks()],
            }
        )
        self.traces.rest()

    def owners_of_its_state(self) -> list[Callable[[], Callable[[], None]]]:
        """Return what puts away, each its part, what is kept of the evaluation that runs."""
        channels = (self._interrupts, self._streams, self.displays)
        notes = (self._image.history, self.traces, self.captures, self._marked, self._waiting)
        return [self._put_away, *(each.put_away for each in (*channels, *notes))]

    def _put_away(self) -> Callable[[], None]:
        run, self.running = self.running, None
        since = perf_counter()
        rest_waits = self.holding is not None and self.holding.rest_waits

        def bring_back() -> None:
            self.running, self._renderer.was_interrupted = run, False
            if run is not None:
                run.held += perf_counter() - since
            self.note_rest(waits=rest_waits)

        return bring_back

    def note_rest(self, *, waits: bool) -> None:
        """Note whether statements are still to run after the one that begins."""
        if self.holding is not None:
            self.holding.rest_waits = waits

    def _was_interrupted(self, failure: BaseException, run: Run) -> bool:
        """Whether an interrupt ended it: it lets held threads go too, whose errors may be first."""
        is_one = issubclass(type(failure), KeyboardInterrupt)
        return is_one or self._streams.questions.gave_up or self._interrupts.is_to_come(run.id)

    def _complete(self, namespace: Namespace) -> None:
        """Run what is left of an adopted module's file, as an import of it would."""
        namespace.adopted = False  # asking for names meanwhile must not start over
        try:
            self._run_rest(namespace)
        except BaseException:
            namespace.adopted = True  # the next import tries again, from where this one failed
            raise

    def _run_rest(self, namespace: Namespace) -> None:
        file = namespace.file
        assert file is not None
        text = self._sources.shown(file) or read(file)
        if text is None:
            return
        done = dict(namespace.ran)
        statements = Text(text, file, 0, 0, namespace.future_flags).statements
        if statements and namespace.module.__doc__ is None:
            namespace.module.__doc__ = docstring(statements[0])
        for statement in statements:
            if done.get(statement.source):
                done[statement.source] -= 1
            elif not self._is_held(namespace, statement):
                self._run(namespace, statement)
                _count(namespace.ran, statement.source)

    def _run(self, namespace: Namespace, statement: Statement, marked: Marked | None = None) -> Any:
        """Run one statement, redefining in place what the image holds; return its value."""
        node = statement.node
        if self._is_held(namespace, statement) and self._image.now.redefine_statement(
            namespace, statement
        ):
            return NO_VALUE
        code, mode = statement.compile(namespace.future_flags)
        scope = namespace.module.__dict__
        former = self._image.now.held_by(namespace, node) if isinstance(node, DEFINITIONS) else None
        try:
            if marked is None:
                value = self.execute(scope, code, mode)
            else:
                run = partial(self.execute, scope, code, mode)
                value = marked.value(code, mode, scope, run, NO_VALUE)
        finally:
            self.shelf.note_ran(node, code, scope)
        namespace.future_flags |= code.co_flags & _FUTURE_MASK
        namespace.note_bound(bound_by(node))
        if isinstance(node, _HOLD_DEFINITIONS):
            self._image.now.note(namespace, statement, former)
        if not isinstance(node, DEFINITIONS) and namespace.file == statement.file:
            self._image.note_ran(namespace, node, code)
        if isinstance(node, ast.ImportFrom):
            self._sources.note_import(namespace.module.__name__, node)
        if namespace.adopted:
            _count(namespace.ran, statement.source)
        return value

    def _is_held(self, namespace: Namespace, statement: Statement) -> bool:
        """Whether the image holds the definition that the statement would make.

        Of a name that its text defines several times nobody knows which one that is.
        """
        node = statement.node
        if not (isinstance(node, DEFINITIONS) and self._image.now.holds(namespace, node)):
            return False
        if not isinstance(node, ast.ClassDef) and namespace.is_newer(
            _decorated_by(node, namespace.module.__dict__), node.name
        ):
            return False  # such as a route of an application that was made anew
        return self._heads.times(node.name, self._sources.shown(statement.file) or "") < 2

    def execute(self, scope: dict[str, Any], code: CodeType, mode: str) -> Any:
        """Run code of a statement, as its mode says, and return the statement's value."""
        value = eval(code, scope)
        if code.co_flags & 0x80:  # CO_COROUTINE: it awaits at the top level
            value = self._waiting.run(value)
        if mode == "eval":
            return value
        return scope.pop(VALUE) if mode == "assign" else NO_VALUE

    def call(self, function: Callable[[], Any], *, awaits: bool) -> Any:
        """Run text that stands in a function, made one itself, and return what it returns."""
        value = function()
        return self._waiting.run(value) if awaits else value


def _decorated_by(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: dict[str, Any]) -> set[str]:
    """Return the names that decorators begin with, as `app` in `@app.route("/")`.

    Of those that are functions also the names they use, such as of a list they register in, and
    those that the functions use which they name.
    """
    used: set[str] = set()
    for each in node.decorator_list:
        root: ast.expr = each
        while isinstance(root, (ast.Call, ast.Attribute)):
            root = root.func if isinstance(root, ast.Call) else root.value
        if isinstance(root, ast.Name):
            used.add(root.id)
    waiting = list(used)
    while waiting:
        code = getattr(scope.get(waiting.pop()), "__code__", None)
        new = set(used_names(code)) - used if type(code) is CodeType else set()
        used |= new
        waiting += new
    return used


class _Heads:
    """How often names are defined at the margin of the text that was asked about last."""

    def __init__(self) -> None:
        self._asked = ""
        self._times: dict[str, int] | None = None
        """Of all names, once the text is asked about again: a whole file asks of each."""

    def times(self, name: str, text: str) -> int:
        """Count the definitions of `name`, without parsing the text."""
        if text is not self._asked:
            self._asked, self._times = text, None
            return sum(f"\n{text}".count(f"{head}{name}{end}") for head, end in _HEADS)
        if self._times is None:
            self._times = _times_defined(text)
        return self._times.get(name, 0)


def _times_defined(text: str) -> dict[str, int]:
    times: dict[str, int] = {}
    for head, end in _HEADS:
        for after in f"\n{text}".split(head)[1:]:
            name, ends, _ = after.partition(end)
            if ends:
                _count(times, name)
    return times


def _count(counts: dict[str, int], text: str) -> None:
    counts[text] = counts.get(text, 0) + 1
