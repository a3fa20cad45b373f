"""An evaluation from its request to its answer."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from relive.session.answers import (
    Error,
    Evaluation,
    EvaluationStatus,
    StatementResult,
)
from relive.session.errors import to_error, to_range
from relive.session.events import Event, ResultReady, Started, Touched, Traced, result_id
from relive.session.gave import Gave, RanStatement, bounded_output, ran_statements
from relive.session.jobs import Job
from relive.session.keeping import keep_of
from relive.session.record import OutputRecord
from relive.session.requests import BY_ITSELF, EvaluateRequest, InCall, InFrame
from relive.session.settings import DependencyPolicy, Settings
from relive.session.stacks import Line
from relive.session.texts import Texts
from relive.session.translate import to_result
from relive.session.wishes import Wishes
from relive.source import dependencies, forms
from relive.source.positions import range_of
from relive.wire.traces import Trace


class Evaluating(Job):
    """An evaluation."""

    interruptible = True
    ops = frozenset(("running", "result", "traced", "need", "done", "held"))

    def __init__(
        self,
        number: int,
        request: EvaluateRequest,
        settings: Settings,
        wishes: Wishes,
        listener: Callable[[Event], None],
        done: Callable[[Evaluation], None],
        workspace: str,
    ) -> None:
        super().__init__(number)
        self.workspace = workspace
        self.output = OutputRecord(number, listener)
        self.request = request
        self._texts = Texts(request)
        self.settings = settings
        self.wishes = wishes
        self.listener = listener
        self._done = done
        self._results: list[StatementResult] = []
        self._earlier = 0
        """Results that the evaluation gave before it was held."""
        self._hold: int | None = None
        self._since_s = 0.0
        """When the statement began that runs."""
        self._touched: set[tuple[str | None, str]] = set()
        """What it has bound, as its own text, what that needs, and its traces tell."""
        self._traces: dict[int, Trace] = {}
        """What its statements did, by their numbers among those with results here."""
        self._status: EvaluationStatus = "ok"
        self._module = ""
        self._error: Error | None = None
        self._statement = range_of(request.text, (request.line, request.column))
        """The one that runs; of a single one no word comes."""

    def message(self) -> dict[str, Any]:
        """See Job."""
        request, settings = self.request, self.settings
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
            "dependencies": self._may_need_forms,
            "limits": settings.limits(),
            "terminal": settings.terminal,
            "keep": keep_of(request, self.workspace, settings),
            "capture": self.wishes.told(),
            "call": _told(request.inside, InCall),
            "frame": _told(request.inside, InFrame),
            "trace": settings.staleness and request.inside is None,
            "outdated": [],
            "hold": "off" if request.cause == BY_ITSELF else settings.hold_errors,
        }

    def go_on_after(self, held: Evaluating) -> None:
        """Take up what was known of the evaluation when it was held."""
        self._earlier = held._earlier + len(held._results)
        self._touched, self._statement = set(held._touched), held._statement
        self._module = held._module

    def begin(self) -> None:
        """See Job."""
        super().begin()
        self._since_s = monotonic()
        self.listener(Started(self.subject, None))

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        op = message["op"]
        if op == "running":
            statement = self._statement = to_range(message["span"])
            self._since_s = monotonic()
            self.listener(Started(self.subject, statement))
            self.output.begin_statement(message["number"])
        elif op == "result":
            self._add(message["result"])
        elif op == "traced":
            self._take_trace(message)
        elif op == "need":
            return {"op": "provide", "forms": self._provide(set(message["names"]))}
        elif op in ("done", "held"):
            for result in message["results"]:
                self._add(result)
            self._conclude(message)
        return None

    @property
    def _may_need_forms(self) -> bool:
        """Whether names that are not there are looked for: a frame that is held has its own."""
        request = self.request
        has_forms = request.document is not None and not isinstance(request.inside, InFrame)
        return has_forms and self.settings.dependencies != "none"

    def _take_trace(self, message: dict[str, Any]) -> None:
        trace = self._traces[message["number"] - self._earlier] = message["trace"]
        self._touched.update((file, name) for file, name in trace["writes"] + trace["changed"])
        self.listener(self._traced(message))

    def _add(self, data: dict[str, Any]) -> None:
        number = result_id(self.subject, self._earlier + len(self._results) + 1)
        result = to_result(data, self.settings, number)
        self._results.append(result)
        self.listener(ResultReady(self.subject, result))

    def _traced(self, message: dict[str, Any]) -> Traced:
        number, file, results = message["number"], self.request.file, self._results
        place = number - self._earlier
        result = results[place - 1] if 0 < place <= len(results) else None
        range_ = self._statement if result is None else result.range
        text = self._texts.of(range_, "requested" if result is None else result.origin)
        took = (monotonic() - self._since_s) * 1000 if result is None else result.duration_ms
        return Traced(self.subject, number, message["trace"], file, range_, text, result, took)

    def _provide(self, names: set[str]) -> list[dict[str, Any]]:
        document, table = self.request.document or "", self._texts.document
        found = dependencies.providers(document, names, self._policy)
        self._touched.update((self.request.file, name) for form in found for name in form.binds)
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
        policy = self.settings.dependencies
        return "definitions" if self.request.careful and policy == "all" else policy

    def _conclude(self, message: dict[str, Any]) -> None:
        self.is_done = True
        self._status = message.get("status", "held")
        self._hold = message.get("hold")
        self._module = message["module"]
        if message["error"] is not None:
            self._error = to_error(message["error"], self.request.file, self.request.document)

    def finish(self) -> None:
        """See Job."""
        self.output.end()
        answer = Evaluation(
            id=self.subject,
            status=self._status,
            module=self._module,
            results=tuple(self._results),
            output=self.output.chunks(),
            output_truncated=self.output.dropped > 0,
            output_dropped=self.output.dropped,
            error=self._error,
            duration_ms=self.duration_ms,
            hold=self._hold,
            inside=None if self.request.inside is None else self.request.inside.said,
        )
        self._done(self.recorded.evaluated(answer, begun=self.begun is not None))

    def gave(self) -> Gave:
        """See Job."""
        request, texts = self.request, self._texts
        failed = None
        if self._error is not None:
            text = texts.of(self._statement, "requested") or request.text
            failed = RanStatement(text, None, self._traces.get(len(self._results) + 1))
        return Gave(
            module=self._module,
            futures=dependencies.futures(request.document or ""),
            statements=tuple(ran_statements(request, texts, self._results, self._traces)),
            failed=failed,
            error=self._error,
            output=bounded_output(self.output.chunks()),
            inside=None if request.inside is None else request.inside.said,
        )

    def died(self, error: Error) -> None:
        """See Job."""
        self._status, self._error = "died", error
        self.finish()

    @property
    def running(self) -> Line | None:
        """See Job."""
        line = self._statement.start[0]
        return Line(self.request.file or f"<evaluation {self.subject}>", line)

    @property
    def document(self) -> str | None:
        """See Job."""
        return self.request.document

    @property
    def touched(self) -> Touched | None:
        """See Job."""
        if not self.settings.staleness and self.request.inside is None:  # else traces tell
            bound = forms.top_level_forms(self.request.text)
            self._touched.update((self.request.file, name) for each in bound for name in each.binds)
        return Touched(frozenset(self._touched), "evaluation")

    def cancel(self) -> None:
        """See Job."""
        self._status = "interrupted"
        self._error = Error("KeyboardInterrupt", "interrupted while it waited")
        self.finish()


def _told(inside: InCall | InFrame | None, kind: type) -> Any:
    return inside.to_wire() if inside is not None and isinstance(inside, kind) else None
