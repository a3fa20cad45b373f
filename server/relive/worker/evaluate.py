"""Running evaluations: statement by statement, each result sent as soon as it is there."""

from __future__ import annotations

import _ast as ast  # the classes of nodes alone: `ast` itself loads much more
import builtins
from functools import partial
from time import perf_counter
from types import CodeType

from relive.worker.displays import Displays
from relive.worker.errors.describe import describe_error
from relive.worker.history import Cause
from relive.worker.marked import MarkedForms
from relive.worker.names import bound_names, missing_names, used_names
from relive.worker.namespace import flags_of
from relive.worker.process_state import ProcessState, running_threads
from relive.worker.recent import RecentValues
from relive.worker.render import Renderer
from relive.worker.reserve import Reserve
from relive.worker.shelf import Shelf
from relive.worker.sources import read
from relive.worker.statements import VALUE, Text, docstring, is_main_guard, open_guard
from relive.worker.streams import flush
from relive.worker.traces import Traces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.channel import Channel
    from relive.worker.interrupt import Interrupts
    from relive.worker.late_image import LateImage
    from relive.worker.marked import Marked
    from relive.worker.namespace import Namespace, Namespaces
    from relive.worker.sources import Sources
    from relive.worker.statements import Statement
    from relive.worker.streams import Streams
    from relive.worker.waiting import Waiting

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_HOLD_DEFINITIONS = (*_DEFINITIONS, ast.If, ast.Try, ast.With)
_NO_VALUE = object()
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
        self.shelf = Shelf(self._recent)
        """Where the values that were shown are to be found."""
        self._reserve = Reserve()
        self._marked = MarkedForms(image)
        self.traces = Traces(channel, namespaces, interrupts)
        namespaces.complete = self._complete

    def evaluate(self, message: dict[str, Any]) -> None:
        """Run the message's text and send `done`, whatever happens in it."""
        started = perf_counter()
        self._reserve.hold()
        run = Run(self, message)
        self._interrupts.install()
        self.shelf.begin()
        self.displays.begin(message["id"])
        self._streams.begin(message["id"], terminal=message["terminal"])
        status, error = "ok", None
        cause = Cause("evaluation", self._sources.known_as(run.file))
        self._image.history.begin(cause)
        try:
            run.all_statements()
        except BaseException as failure:  # SystemExit too: user code may not end the worker
            if issubclass(type(failure), MemoryError):
                self._reserve.release()
            status = "interrupted" if self._was_interrupted(failure) else "error"
            error = describe_error(failure, run.source_name, self._image)
            if status == "interrupted":
                error["notes"] += running_threads()
        self._interrupts.end()
        self._image.history.end()
        self._streams.end()
        self._channel.send(
            {
                "op": "done",
                "id": message["id"],
                "status": status,
                "module": run.module_name,
                "results": run.unsent,
                "error": error,
                "seconds": perf_counter() - started,
                "undoable": self._image.history.has(cause),
                "notes": [*self._process_state.differences(), *self._waiting.running_tasks()],
            }
        )

    def _was_interrupted(self, failure: BaseException) -> bool:
        return issubclass(type(failure), KeyboardInterrupt) or self._streams.questions.gave_up

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
            return _NO_VALUE
        code, mode = statement.compile(namespace.future_flags)
        former = (
            self._image.now.held_by(namespace, node) if isinstance(node, _DEFINITIONS) else None
        )
        try:
            if marked is None:
                value = self._execute(namespace, code, mode)
            else:
                run = partial(self._execute, namespace, code, mode)
                value = marked.value(code, mode, namespace.module.__dict__, run, _NO_VALUE)
        finally:
            self.shelf.note_ran(node, code, namespace.module.__dict__)
        namespace.future_flags |= code.co_flags & _FUTURE_MASK
        namespace.note_bound(_bound_by(node))
        if isinstance(node, _HOLD_DEFINITIONS):
            self._image.now.note(namespace, statement, former)
        if not isinstance(node, _DEFINITIONS) and namespace.file == statement.file:
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
        if not (isinstance(node, _DEFINITIONS) and self._image.now.holds(namespace, node)):
            return False
        if not isinstance(node, ast.ClassDef) and namespace.is_newer(
            _decorated_by(node, namespace.module.__dict__), node.name
        ):
            return False  # such as a route of an application that was made anew
        return _times_defined(node.name, self._sources.shown(statement.file) or "") < 2

    def _execute(self, namespace: Namespace, code: CodeType, mode: str) -> Any:
        scope = namespace.module.__dict__
        value = eval(code, scope)
        if code.co_flags & 0x80:  # CO_COROUTINE: it awaits at the top level
            value = self._waiting.run(value)
        if mode == "eval":
            return value
        return scope.pop(VALUE) if mode == "assign" else _NO_VALUE


def _bound_by(node: ast.stmt) -> list[str]:
    """Return the names that a definition or an assignment gives a new object."""
    if isinstance(node, _DEFINITIONS):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [each.id for each in targets if isinstance(each, ast.Name)]


def _held_by(node: ast.stmt) -> list[str]:
    """Return the names that hold the value of a statement: assigned to, or read from."""
    read = getattr(node, "value", None) if isinstance(node, ast.Expr) else None
    return [read.id] if isinstance(read, ast.Name) else _bound_by(node)


def _decorated_by(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: dict[str, Any]) -> set[str]:
    """Return the names that decorators begin with, as `app` in `@app.route("/")`.

    Of those that are functions also the names they use, such as of a list they register in.
    """
    used: set[str] = set()
    for each in node.decorator_list:
        root: ast.expr = each
        while isinstance(root, (ast.Call, ast.Attribute)):
            root = root.func if isinstance(root, ast.Call) else root.value
        if isinstance(root, ast.Name):
            code = getattr(scope.get(root.id), "__code__", None)
            used |= {root.id, *(used_names(code) if type(code) is CodeType else ())}
    return used


def _times_defined(name: str, text: str) -> int:
    """Count the definitions of `name` at the margin of `text`, without parsing it."""
    heads = (f"\ndef {name}(", f"\nasync def {name}(", f"\nclass {name}(", f"\nclass {name}:")
    return sum(f"\n{text}".count(head) for head in heads)


def _count(counts: dict[str, int], text: str) -> None:
    counts[text] = counts.get(text, 0) + 1


class Run:
    """One evaluation while it runs."""

    def __init__(self, owner: Evaluator, message: dict[str, Any]) -> None:
        self._owner = owner
        self._message = message
        self.file: str | None = message["file"]
        self.source_name = self.file or ""
        """What the code's frames are named after."""
        if message["detached"]:
            self.source_name = f"<evaluation {message['id']}>"
        self.module_name = ""
        self.unsent: list[dict[str, Any]] = []
        """Results that go out with the next message."""
        self._shown = 0
        self._announced = 0
        self._ran = 0
        """Statements that ran, or began to."""
        self._is_stopped = False
        """Whether an interrupt came when a statement had run already: the next one does not."""
        self._silent = False
        """A single statement needs no word that it begins: the daemon knows where it is."""

    def all_statements(self) -> None:
        """Run the forms the text needs, and then its statements."""
        owner, message = self._owner, self._message
        owner._interrupts.begin(message["id"])
        if message["document"] is not None and self.file is not None:
            owner._sources.show(self.file, message["document"])
        namespace = owner._namespaces.of(self.file)
        self.module_name = namespace.module.__name__
        namespace.future_flags |= flags_of(message["futures"])
        if message["detached"]:
            owner._sources.show_detached(self.source_name, message["text"])
        statements = self._guarded(self._parse(message, namespace, self.source_name))
        self._silent = len(statements) == 1
        owner._renderer.was_interrupted = False
        statements = self._take_docstring(statements, namespace)
        own = self._names_bound_by(statements, namespace)
        for statement in statements:
            if owner._renderer.was_interrupted or self._is_stopped:
                raise KeyboardInterrupt
            if message["dependencies"]:
                self._run_dependencies(namespace, statement, own)
            is_last = statement is statements[-1]
            self._run_statement(namespace, statement, dependency=False, is_last=is_last)
        if self._was_the_whole_file():
            owner._image.now.loaded_whole(namespace, message["text"])

    def _was_the_whole_file(self) -> bool:
        message = self._message
        at_start = message["line"] == 0 and message["column"] == 0 and not message["detached"]
        shown = None if self.file is None else self._owner._sources.shown(self.file)
        return bool(at_start and message["text"] == shown)

    def _parse(self, form: dict[str, Any], namespace: Namespace, name: str) -> list[Statement]:
        text = Text(form["text"], name, form["line"], form["column"], namespace.future_flags)
        return text.statements

    def _guarded(self, statements: list[Statement]) -> list[Statement]:
        """Leave main guards out, or make them run, as the request says."""
        if not self._message["guard"]:
            return [each for each in statements if not is_main_guard(each.node)]
        for statement in statements:
            if is_main_guard(statement.node):
                open_guard(statement)
        return statements

    def _take_docstring(self, statements: list[Statement], namespace: Namespace) -> list[Statement]:
        """Give a module that is run from its first line its docstring, which is no result."""
        whole = len(statements) > 1 and self._message["line"] == 0 and not self._message["detached"]
        text = docstring(statements[0]) if whole else None
        if text is None:
            return statements
        namespace.module.__doc__ = text
        return statements[1:]

    def _names_bound_by(self, statements: list[Statement], namespace: Namespace) -> set[str]:
        """Return what the text itself will bind: it needs no form from elsewhere for that."""
        if len(statements) == 1 or not self._message["dependencies"]:
            return set()
        flags = namespace.future_flags
        return set().union(*(bound_names(statement.compile(flags)[0]) for statement in statements))

    def _run_dependencies(self, namespace: Namespace, target: Statement, own: set[str]) -> None:
        """Run the forms that `target` needs, transitively, in the order of the file."""
        wanted = self._missing(namespace, target) - own
        forms: dict[tuple[int, int], Statement] = {}
        asked: set[str] = set()
        while wanted - asked:
            new = sorted(wanted - asked)
            asked |= wanted
            for form in self._ask_for(new):
                for statement in self._parse(form, namespace, self.file or ""):
                    forms[(form["line"], form["column"])] = statement
                    wanted = wanted | (self._missing(namespace, statement) - own)
        if forms:
            self._silent = False
        for _, statement in sorted(forms.items(), key=lambda item: item[0]):
            self._run_statement(namespace, statement, dependency=True)

    def _missing(self, namespace: Namespace, statement: Statement) -> set[str]:
        code, _ = statement.compile(namespace.future_flags)
        return missing_names(code, namespace.module.__dict__, builtins.__dict__)

    def _ask_for(self, names: list[str]) -> list[dict[str, Any]]:
        channel = self._owner._channel
        with self._owner._interrupts.held_back():  # question and answer belong together
            channel.send({"op": "need", "id": self._message["id"], "names": names})
            forms: list[dict[str, Any]] = channel.receive()["forms"]
        return forms

    def _run_statement(
        self,
        namespace: Namespace,
        statement: Statement,
        *,
        dependency: bool,
        is_last: bool = False,
    ) -> None:
        self._owner.displays.at(statement.span)
        if not self._silent:
            self._announce(statement)
        self._ran += 1
        if not self._message["trace"]:
            self._give_result(namespace, statement, dependency=dependency, is_last=is_last)
            return
        code, _ = statement.compile(namespace.future_flags)
        with self._owner.traces.of(self._message["id"], self._ran, code, namespace) as traced:
            traced.value = self._give_result(
                namespace, statement, dependency=dependency, is_last=is_last
            )
            self._send_results()

    def _give_result(
        self, namespace: Namespace, statement: Statement, *, dependency: bool, is_last: bool
    ) -> Any:
        """Run a statement, note its result, and return its value."""
        started = perf_counter()
        marked = self._owner._marked.find(self._message["keep"], statement)
        value = self._owner._run(namespace, statement, marked)
        seconds = perf_counter() - started
        result: dict[str, Any] = {
            "span": statement.span,
            "value": None,
            "seconds": seconds,
            "dependency": dependency,
            "kept": None if marked is None else marked.told,
        }
        self.unsent.append(result)
        self._is_stopped = marked is not None and marked.was_interrupted
        if isinstance(statement.node, ast.Expr) and not dependency:
            self._owner._recent.note(value)
        if value is not _NO_VALUE:
            result["value"] = shown = self._render(value)
            scope = namespace.module.__dict__
            self._owner.shelf.put(shown["ref"], value, scope, _held_by(statement.node))
            if isinstance(statement.node, ast.Expr) and not dependency:
                self._display(value, shown, is_last=is_last)
        return value

    def _display(self, value: Any, shown: dict[str, Any], *, is_last: bool) -> None:
        displays = self._owner.displays
        if displays.wants(value, shown["mimes"], is_last=is_last):
            self._send_results()
            displays.show_value(value, shown["ref"])

    def _announce(self, statement: Statement) -> None:
        """Send the results so far and say which statement begins."""
        self._send_results()
        self._announced += 1
        self._owner._streams.begin_statement()
        about = {"op": "running", "id": self._message["id"], "number": self._announced}
        self._owner._channel.send({**about, "span": statement.span})

    def _send_results(self) -> None:
        flush()
        while self.unsent:
            about = {"op": "result", "id": self._message["id"]}
            self._owner._channel.send({**about, "result": self.unsent.pop(0)})

    def _render(self, value: Any) -> dict[str, Any]:
        self._shown += 1
        ref = f"{self._message['id']}:{self._shown}"
        return self._owner._renderer.render(value, ref, self._message["limits"])
