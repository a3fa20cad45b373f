"""What a session does for someone: each job is sent to the worker and ends with one answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from relive.session.answers import (
    DefinitionChange,
    Error,
    Evaluation,
    EvaluationStatus,
    Redefinition,
    StatementResult,
    Undo,
    file_path,
)
from relive.session.death import unable
from relive.session.errors import to_error, to_range
from relive.session.events import ANYTHING, Event, ResultReady, Started, Touched, Traced, result_id
from relive.session.keeping import keep_of
from relive.session.record import OutputRecord
from relive.session.recording import NOT_RECORDED
from relive.session.requests import EvaluateRequest, RedefineRequest, RevertRequest
from relive.session.settings import DependencyPolicy, Settings
from relive.session.stacks import Line
from relive.session.texts import Texts
from relive.session.translate import as_undo, to_redefinition, to_result, to_undo
from relive.source import definitions, dependencies, forms
from relive.source.margins import margin
from relive.source.positions import LineTable, range_of

_CHANGED = ("redefined", "added", "removed")


class Job(ABC):
    """One request while it waits, runs and ends."""

    interruptible = False
    is_quiet = False
    """Whether it is too small to be told of: the session does not count as busy with it."""
    takes_output = False
    """Whether what is written meanwhile is its own affair and not shown."""
    ops: frozenset[str] = frozenset()
    """The worker's messages about it, all but the last of which may come several times."""

    def __init__(self, number: int) -> None:
        self.id = number
        self.is_done = False
        self.recorded = NOT_RECORDED
        self.begun: float | None = None
        """When the worker was given it."""
        self._made = perf_counter()

    @abstractmethod
    def message(self) -> dict[str, Any]:
        """Return the message that asks the worker for it."""

    def begin(self) -> None:
        """Note that the worker has it now."""
        self.begun = perf_counter()

    @property
    def duration_ms(self) -> float:
        """How long the worker has had it, or it has waited for one."""
        begun = self._made if self.begun is None else self.begun
        return round((perf_counter() - begun) * 1000, 3)

    @abstractmethod
    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Take a message of the worker about this job; return what to send back, if anything."""

    @abstractmethod
    def finish(self) -> None:
        """Hand over the final answer."""

    @abstractmethod
    def died(self, error: Error) -> None:
        """Hand over the final answer of a job whose worker is gone."""

    @property
    def running(self) -> Line | None:
        """What runs, if it is user code."""
        return None

    @property
    def document(self) -> str | None:
        """The text of the file whose code runs."""
        return None

    @property
    def touched(self) -> Touched | None:
        """Whose meaning it may have changed, when it has ended."""
        return None

    def cancel(self) -> None:  # noqa: B027 - only interruptible jobs are cancelled
        """Hand over the final answer of a job that was dropped while it waited."""


class Evaluating(Job):
    """An evaluation."""

    interruptible = True
    ops = frozenset(("running", "result", "traced", "need", "done"))

    def __init__(
        self,
        number: int,
        request: EvaluateRequest,
        settings: Settings,
        listener: Callable[[Event], None],
        done: Callable[[Evaluation], None],
        workspace: str,
    ) -> None:
        super().__init__(number)
        self._workspace = Path(workspace)
        self.output = OutputRecord(number, listener)
        self._request = request
        self._texts = Texts(request)
        self._settings = settings
        self._listener = listener
        self._done = done
        self._results: list[StatementResult] = []
        self._touched: set[tuple[str | None, str]] = set()
        """What it has bound, as its own text, what that needs, and its traces tell."""
        self._status: EvaluationStatus = "ok"
        self._module = ""
        self._error: Error | None = None
        self._statement = range_of(request.text, (request.line, request.column))
        """The one that runs; of a single one no word comes."""

    def message(self) -> dict[str, Any]:
        """See Job."""
        request, settings = self._request, self._settings
        return {
            "op": "evaluate",
            "id": self.id,
            "file": request.file,
            "text": request.text,
            "line": request.line,
            "column": request.column,
            "document": request.document,
            "futures": list(dependencies.futures(request.document or "")),
            "detached": request.detached or request.file is None,
            "guard": request.guard,
            "dependencies": request.document is not None and settings.dependencies != "none",
            "limits": settings.limits(),
            "terminal": settings.terminal,
            "keep": keep_of(request, self._workspace, settings),
            "trace": settings.staleness,
        }

    def begin(self) -> None:
        """See Job."""
        super().begin()
        self._listener(Started(self.id, None))

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        op = message["op"]
        if op == "running":
            statement = self._statement = to_range(message["span"])
            self._listener(Started(self.id, statement))
            self.output.begin_statement(message["number"])
        elif op == "result":
            self._add(message["result"])
        elif op == "traced":
            self._take_trace(message)
        elif op == "need":
            return {"op": "provide", "forms": self._provide(set(message["names"]))}
        elif op == "done":
            for result in message["results"]:
                self._add(result)
            self._conclude(message)
        return None

    def _take_trace(self, message: dict[str, Any]) -> None:
        trace = message["trace"]
        self._touched.update((file, name) for file, name in trace["writes"] + trace["changed"])
        self._listener(self._traced(message))

    def _add(self, data: dict[str, Any]) -> None:
        number = result_id(self.id, len(self._results) + 1)
        result = to_result(data, self._settings, number)
        self._results.append(result)
        self._listener(ResultReady(self.id, result))

    def _traced(self, message: dict[str, Any]) -> Traced:
        number, file, results = message["number"], self._request.file, self._results
        result = results[number - 1] if 0 < number <= len(results) else None
        range_ = self._statement if result is None else result.range
        text = self._texts.of(range_, "requested" if result is None else result.origin)
        return Traced(self.id, number, message["trace"], file, range_, text, result)

    def _provide(self, names: set[str]) -> list[dict[str, Any]]:
        document, table = self._request.document or "", self._texts.document
        found = dependencies.providers(document, names, self._policy)
        self._touched.update((self._request.file, name) for form in found for name in form.binds)
        return [
            {
                "text": table.slice(form.range),
                "line": form.range.start[0],
                "column": form.range.start[1],
            }
            for form in found
        ]

    @property
    def _policy(self) -> DependencyPolicy:
        policy = self._settings.dependencies
        return "definitions" if self._request.careful and policy == "all" else policy

    def _conclude(self, message: dict[str, Any]) -> None:
        self.is_done = True
        self._status = message["status"]
        self._module = message["module"]
        if message["error"] is not None:
            self._error = to_error(message["error"], self._request.file, self._request.document)

    def finish(self) -> None:
        """See Job."""
        self.output.end()
        answer = Evaluation(
            id=self.id,
            status=self._status,
            module=self._module,
            results=tuple(self._results),
            output=self.output.chunks(),
            output_truncated=self.output.dropped > 0,
            output_dropped=self.output.dropped,
            error=self._error,
            duration_ms=self.duration_ms,
        )
        self._done(self.recorded.evaluated(answer, begun=self.begun is not None))

    def died(self, error: Error) -> None:
        """See Job."""
        self._status, self._error = "died", error
        self.finish()

    @property
    def running(self) -> Line | None:
        """See Job."""
        line = self._statement.start[0]
        return Line(self._request.file or f"<evaluation {self.id}>", line)

    @property
    def document(self) -> str | None:
        """See Job."""
        return self._request.document

    @property
    def touched(self) -> Touched | None:
        """See Job."""
        if not self._settings.staleness:  # else its traces have told it all
            bound = forms.top_level_forms(self._request.text)
            self._touched.update(
                (self._request.file, name) for each in bound for name in each.binds
            )
        return Touched(frozenset(self._touched), "evaluation")

    def cancel(self) -> None:
        """See Job."""
        self._status = "interrupted"
        self._error = Error("KeyboardInterrupt", "interrupted while it waited")
        self.finish()


class Changing(Job):
    """What ends in the receipt of a redefinition."""

    ops = frozenset(("redefined",))

    def __init__(self, number: int, done: Callable[[Redefinition], None]) -> None:
        super().__init__(number)
        self._done = done
        self._answer = Redefinition("error", error=unable("it was not carried out"))

    @abstractmethod
    def receipt(self, message: dict[str, Any]) -> Redefinition:
        """Return what the worker's answer says."""

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        self.is_done = True
        self._answer = self.receipt(message)
        return None

    def files(self) -> dict[str, str]:
        """Return the files it is about, with their texts."""
        return {}

    @property
    def touched(self) -> Touched | None:
        """See Job."""
        changed = (each for each in self._answer.definitions if each.outcome in _CHANGED)
        names = {(file_path(each.uri), name) for each in changed for name in self._names(each)}
        return Touched(frozenset(names), "change") if names else None

    def _names(self, change: DefinitionChange) -> tuple[str, ...]:
        """Return what a definition or a statement binds; ANYTHING if its text is not known."""
        if change.kind != "statement":
            return (change.name,)
        text = self.files().get(file_path(change.uri) or "")
        if text is None or change.range is None:
            return (ANYTHING,)
        form = forms.form_at(text, change.range.start)
        return (ANYTHING,) if form is None else form.binds

    def finish(self) -> None:
        """See Job."""
        begun = self.begun is not None
        self._done(self.recorded.changed(self._answer, self.duration_ms, self.files(), begun=begun))

    def died(self, error: Error) -> None:
        """See Job."""
        self._answer = Redefinition("error", error=error)
        self.finish()


class Redefining(Changing):
    """A redefinition."""

    def __init__(
        self, number: int, request: RedefineRequest, done: Callable[[Redefinition], None]
    ) -> None:
        super().__init__(number, done)
        self._request = request
        self._files = dict([(request.file, request.document), *request.others])

    def files(self) -> dict[str, str]:
        """See Changing."""
        return self._files

    def receipt(self, message: dict[str, Any]) -> Redefinition:
        """See Changing."""
        return to_redefinition(message, self._files)

    def message(self) -> dict[str, Any]:
        """See Job."""
        request, files = self._request, self._files
        return {
            "op": "redefine",
            "id": self.id,
            "files": [{"file": file, "document": document} for file, document in files.items()],
            "name": request.name,
            "segments": self._segments(),
            "imports": self._imports(),
            "unasked": request.unasked,
        }

    def _imports(self) -> list[str] | None:
        """Return the file's imports, if it takes more than the margin to tell them."""
        document = self._request.document
        if self._request.name is None or margin(document).is_certain:
            return None
        table = LineTable(document)
        found = [form for form in forms.top_level_forms(document) if form.kind == "import"]
        return [table.slice(form.range) for form in found if form.range.start[1] == 0]

    def _segments(self) -> list[dict[str, Any]]:
        request = self._request
        if request.name is None:
            return []
        return [
            {
                "text": each.source,
                "line": each.range.start[0],
                "scopes": [list(scope) for scope in each.scopes],
            }
            for each in definitions.named(request.document, request.name, request.line)
        ]


class Reverting(Changing):
    """Patches brought back to what was loaded."""

    def __init__(
        self, number: int, request: RevertRequest, done: Callable[[Redefinition], None]
    ) -> None:
        super().__init__(number, done)
        self._request = request

    def receipt(self, message: dict[str, Any]) -> Redefinition:
        """See Changing."""
        return to_redefinition(message, {})

    def message(self) -> dict[str, Any]:
        """See Job."""
        request = self._request
        return {"op": "revert", "id": self.id, "file": request.file, "name": request.name}


class Undoing(Changing):
    """The last step that changed definitions, taken back."""

    ops = frozenset(("undone",))

    def __init__(self, number: int, done: Callable[[Undo], None]) -> None:
        super().__init__(number, lambda receipt: done(as_undo(receipt)))

    def receipt(self, message: dict[str, Any]) -> Undo:
        """See Changing."""
        return to_undo(message)

    def message(self) -> dict[str, Any]:
        """See Job."""
        return {"op": "undo", "id": self.id}


class Question(Job):
    """A question about what is live, which the worker answers beside whatever runs."""

    def __init__(self, number: int, question: dict[str, Any], done: Callable[[Any], None]) -> None:
        super().__init__(number)
        self.ops = frozenset((question["op"],))
        self._question = question
        self._done = done
        self._answer: Any = None

    def message(self) -> dict[str, Any]:
        """See Job."""
        return {**self._question, "id": self.id}

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        self.is_done = True
        self._answer = message["answer"]
        return None

    def finish(self) -> None:
        """See Job."""
        self._done(self._answer)

    def died(self, error: Error) -> None:
        """See Job."""
        self._done(None)
