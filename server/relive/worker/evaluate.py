"""Running evaluations: statement by statement, each result sent as soon as it is there."""

from __future__ import annotations

import ast
import builtins
from time import perf_counter

from relive.worker import streams
from relive.worker.errors import describe_error
from relive.worker.names import bound_names, missing_names
from relive.worker.render import Renderer
from relive.worker.sources import read
from relive.worker.statements import VALUE, Text, docstring, is_main_guard, open_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from relive.worker.channel import Channel
    from relive.worker.image import Image
    from relive.worker.interrupt import Interrupts
    from relive.worker.namespace import Namespace, Namespaces
    from relive.worker.sources import Sources
    from relive.worker.statements import Statement
    from relive.worker.waiting import Waiting

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_HOLD_DEFINITIONS = (*_DEFINITIONS, ast.If, ast.Try, ast.With)
_NO_VALUE = object()
_FUTURE_MASK = 0
for _feature in ("annotations", "generator_stop", "barry_as_FLUFL"):
    _FUTURE_MASK |= getattr(__import__("__future__"), _feature).compiler_flag


class Evaluator:
    """Carries out `evaluate` messages on the main thread."""

    def __init__(
        self,
        channel: Channel,
        namespaces: Namespaces,
        sources: Sources,
        image: Image,
        interrupts: Interrupts,
        waiting: Waiting,
    ) -> None:
        self._channel = channel
        self._namespaces = namespaces
        self._sources = sources
        self._image = image
        self._interrupts = interrupts
        self._waiting = waiting
        self._renderer = Renderer()
        namespaces.complete = self._complete

    def evaluate(self, message: dict[str, Any]) -> None:
        """Run the message's text and send `done`, whatever happens in it."""
        started = perf_counter()
        run = Run(self, message)
        self._interrupts.install()
        status, error = "ok", None
        try:
            run.all_statements()
        except BaseException as failure:  # SystemExit too: user code may not end the worker
            status = "interrupted" if isinstance(failure, KeyboardInterrupt) else "error"
            error = describe_error(failure, run.source_name, self._image.locate)
        self._interrupts.end()
        streams.flush()
        self._channel.send(
            {
                "op": "done",
                "id": message["id"],
                "status": status,
                "module": run.module_name,
                "results": run.unsent,
                "error": error,
                "seconds": perf_counter() - started,
            }
        )

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
        for statement in Text(text, file, 0, 0, namespace.future_flags).statements:
            if done.get(statement.source):
                done[statement.source] -= 1
            elif not self._image.holds(namespace, statement.node):
                self._run(namespace, statement)
                _count(namespace.ran, statement.source)

    def _run(self, namespace: Namespace, statement: Statement) -> Any:
        """Run one statement, redefining in place what the image holds; return its value."""
        node = statement.node
        known = isinstance(node, _DEFINITIONS) and self._image.holds(namespace, node)
        if known and self._image.redefine_statement(namespace, statement):
            return _NO_VALUE
        code, mode = statement.compile(namespace.future_flags)
        value = self._execute(namespace, code, mode)
        namespace.future_flags |= code.co_flags & _FUTURE_MASK
        if isinstance(node, _HOLD_DEFINITIONS):
            self._image.note(namespace, statement)
        if namespace.adopted:
            _count(namespace.ran, statement.source)
        return value

    def _execute(self, namespace: Namespace, code: CodeType, mode: str) -> Any:
        scope = namespace.module.__dict__
        value = eval(code, scope)
        if code.co_flags & 0x80:  # CO_COROUTINE: it awaits at the top level
            value = self._waiting.run(value)
        if mode == "eval":
            return value
        return scope.pop(VALUE) if mode == "assign" else _NO_VALUE


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
        self._silent = False
        """A single statement needs no word that it begins: the daemon knows where it is."""

    def all_statements(self) -> None:
        """Run the forms the text needs, and then its statements."""
        owner, message = self._owner, self._message
        owner._interrupts.begin(message["id"])
        namespace = owner._namespaces.of(self.file)
        self.module_name = namespace.module.__name__
        if message["document"] is not None and self.file is not None:
            owner._sources.show(self.file, message["document"])
        if message["detached"]:
            owner._sources.show_detached(self.source_name, message["text"])
        statements = self._guarded(self._parse(message, namespace, self.source_name))
        self._silent = len(statements) == 1
        owner._renderer.was_interrupted = False
        statements = self._take_docstring(statements, namespace)
        own = self._names_bound_by(statements, namespace)
        for statement in statements:
            if owner._renderer.was_interrupted:
                raise KeyboardInterrupt
            if message["dependencies"]:
                self._run_dependencies(namespace, statement, own)
            self._run_statement(namespace, statement, dependency=False)

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
        self, namespace: Namespace, statement: Statement, *, dependency: bool
    ) -> None:
        if not self._silent:
            self._announce(statement)
        started = perf_counter()
        value = self._owner._run(namespace, statement)
        seconds = perf_counter() - started
        result: dict[str, Any] = {
            "span": statement.span,
            "value": None,
            "seconds": seconds,
            "dependency": dependency,
        }
        self.unsent.append(result)
        if value is not _NO_VALUE:
            result["value"] = self._render(value)

    def _announce(self, statement: Statement) -> None:
        """Send the results so far and say which statement begins."""
        channel, number = self._owner._channel, self._message["id"]
        streams.flush()
        while self.unsent:
            channel.send({"op": "result", "id": number, "result": self.unsent.pop(0)})
        channel.send({"op": "running", "id": number, "span": statement.span})

    def _render(self, value: Any) -> dict[str, Any]:
        self._shown += 1
        ref = f"{self._message['id']}:{self._shown}"
        return self._owner._renderer.render(value, ref, self._message["limits"])
