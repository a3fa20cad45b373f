"""One evaluation: the forms it needs, then statement by statement, each result sent at once."""

from __future__ import annotations

import _ast as ast  # the classes of nodes alone: `ast` itself loads much more
import builtins
from time import perf_counter

from relive.worker.names import bound_names, missing_names
from relive.worker.namespace import flags_of
from relive.worker.scoping import names_bound
from relive.worker.statements import Text, docstring, is_main_guard, open_guard
from relive.worker.streams import flush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from relive.worker.evaluate import Evaluator
    from relive.worker.inside import Inside
    from relive.worker.marked import Marked
    from relive.worker.namespace import Namespace
    from relive.worker.statements import Statement

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
NO_VALUE = object()
"""What a statement gives that is no expression and no assignment."""


class Run:
    """One evaluation while it runs."""

    def __init__(self, owner: Evaluator, message: dict[str, Any]) -> None:
        self._owner = owner
        self._message = message
        self.id: int = message["id"]
        self.held = 0.0
        """Seconds for which errors of it were held."""
        self._started = perf_counter()
        self.file: str | None = message["file"]
        self.source_name = self.file or ""
        """What the code's frames are named after."""
        if message["detached"]:
            self.source_name = f"<evaluation {message['id']}>"
        self.document: str | None = message["document"]
        """The text of its file."""
        self.module_name = ""
        self.unsent: list[dict[str, Any]] = []
        """Results that go out with the next message."""
        self._shown = 0
        self._announced = 0
        self._ran = 0
        """Statements that ran, or began to."""
        self._is_stopped = False
        """Whether an interrupt came when a statement had run already: the next one does not."""
        self._inside: Inside | None = None
        """What else than the module the text runs in: a captured call, or a frame that is held."""
        self._silent = False
        """A single statement needs no word that it begins: the daemon knows where it is."""

    def clock(self) -> float:
        """Return for how many seconds it has run, without those for which it was held."""
        return perf_counter() - self._started - self.held

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
        if message["call"] is not None:
            self._inside = owner.captures.inside(message["call"])
        elif message["frame"] is not None:
            self._inside = owner.inside_frame(*message["frame"])
        if self._inside is not None:
            self._inside.prepare(statements)
        own = self._names_bound_by(statements, namespace)
        for statement in statements:
            if owner._renderer.was_interrupted or self._is_stopped:
                raise KeyboardInterrupt
            if message["dependencies"]:
                self._run_dependencies(namespace, statement, own)
            is_last = statement is statements[-1]
            self._run_statement(namespace, statement, dependency=False, is_last=is_last)
        if self._inside is None and self._was_the_whole_file():
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
        """Return what the text itself will bind: it needs no form from elsewhere for that.

        Nor for the variables that it runs in.
        """
        known = set() if self._inside is None else set(self._inside.names)
        if len(statements) == 1 or not self._message["dependencies"]:
            return known
        if self._inside is not None:
            return known.union(*(names_bound(statement.node) for statement in statements))
        flags = namespace.future_flags
        return known.union(*(bound_names(statement.compile(flags)[0]) for statement in statements))

    def _run_dependencies(self, namespace: Namespace, target: Statement, own: set[str]) -> None:
        """Run the forms that `target` needs, transitively, in the order of the file."""
        wanted = self._missing(namespace, target, own)
        forms: dict[tuple[int, int], Statement] = {}
        asked: set[str] = set()
        while wanted - asked:
            new = sorted(wanted - asked)
            asked |= wanted
            for form in self._ask_for(new):
                for statement in self._parse(form, namespace, self.file or ""):
                    forms[(form["line"], form["column"])] = statement
                    wanted = wanted | self._missing(namespace, statement, own)
        if forms:
            self._silent = False
        for _, statement in sorted(forms.items(), key=lambda item: item[0]):
            self._run_statement(namespace, statement, dependency=True)

    def _missing(self, namespace: Namespace, statement: Statement, own: set[str]) -> set[str]:
        code = self._code(namespace, statement)
        return missing_names(code, namespace.module.__dict__, builtins.__dict__, own)

    def _code(self, namespace: Namespace, statement: Statement) -> CodeType:
        flags = namespace.future_flags
        if self._inside is None:
            return statement.compile(flags)[0]
        return self._inside.code(statement, flags)

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
        self._owner.note_rest(waits=not is_last)
        if not self._silent:
            self._announce(statement)
        self._ran += 1
        if not self._message["trace"]:
            self._owner.traces.forget()
            self._give_result(namespace, statement, dependency=dependency, is_last=is_last)
            return
        code = self._code(namespace, statement)
        with self._owner.traces.of(self._message["id"], self._ran, code, namespace) as traced:
            traced.value = self._give_result(
                namespace, statement, dependency=dependency, is_last=is_last
            )
            self._send_results()

    def _give_result(
        self, namespace: Namespace, statement: Statement, *, dependency: bool, is_last: bool
    ) -> Any:
        """Run a statement, note its result, and return its value."""
        started = self.clock()
        marked = self._owner._marked.find(self._message["keep"], statement)
        value = self._value(namespace, statement, marked)
        seconds = self.clock() - started
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
        if value is not NO_VALUE:
            result["value"] = shown = self._render(value)
            scope = namespace.module.__dict__ if self._inside is None else self._inside.scope
            self._owner.shelf.put(shown["ref"], value, scope, _held_by(statement.node))
            if isinstance(statement.node, ast.Expr) and not dependency:
                self._display(value, shown, is_last=is_last)
        return value

    def _value(self, namespace: Namespace, statement: Statement, marked: Marked | None) -> Any:
        if self._inside is None:
            return self._owner._run(namespace, statement, marked)
        return self._inside.run(statement, namespace.future_flags, self._owner.call)

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


def bound_by(node: ast.stmt) -> list[str]:
    """Return the names that a definition or an assignment gives a new object."""
    if isinstance(node, DEFINITIONS):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [each.id for each in targets if isinstance(each, ast.Name)]


def _held_by(node: ast.stmt) -> list[str]:
    """Return the names that hold the value of a statement: assigned to, or read from."""
    read = getattr(node, "value", None) if isinstance(node, ast.Expr) else None
    return [read.id] if isinstance(read, ast.Name) else bound_by(node)
