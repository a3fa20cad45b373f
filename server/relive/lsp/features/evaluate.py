"""Running code: `relive.evaluate`, `relive.evaluateText`, and what is told while it runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Literal

from lsprotocol import types

from relive.lsp import commands, convert, protocol
from relive.lsp.convert import Places
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, Mark, file_of
from relive.lsp.failures import RefusedError
from relive.lsp.problems import Failed
from relive.lsp.sessions import FolderSession
from relive.lsp.targets import code_for
from relive.session import answers
from relive.session.events import (
    Displayed,
    Event,
    NotObeyed,
    OutputReady,
    ResultReady,
    Started,
    Traced,
)
from relive.session.requests import EvaluateRequest
from relive.source.forms import top_level_forms
from relive.source.positions import Range, range_of, with_line_feeds

_PROGRESS_INTERVAL_S = 1.0
_CODE_LENGTH = 200
"""Characters of its code that a waiting evaluation is told with."""
_TOKENS_KEPT = 1000
"""Of evaluations that have ended: what they have started may still write."""

Answered = asyncio.Future[protocol.Evaluation]


def register(daemon: Daemon) -> None:
    """Offer evaluation to the client."""
    evaluations = Evaluations(daemon)
    daemon.sessions.listen(evaluations.on_event)
    daemon.evaluate = evaluations.evaluate
    daemon.run_again = evaluations.run_again
    daemon.server.on_command(commands.EVALUATE, commands.EvaluateParams, evaluations.evaluate)
    daemon.server.on_command(commands.QUEUE, commands.QueueParams, evaluations.queue)
    daemon.server.on_command(
        commands.EVALUATE_TEXT, commands.EvaluateTextParams, evaluations.evaluate_text
    )


@dataclass
class Run:
    """An evaluation that has no answer yet."""

    places: Places
    uri: str | None
    """The document whose text runs; None for text that stands in none."""
    target: Range | None
    only: Range | None
    """The statement, if there is just one: then no word comes that it begins."""
    token: str | None
    code: str
    """How its text begins."""
    id: int = 0
    statement: Range | None = None
    """What runs now."""
    started: float | None = None
    """When it left the queue."""
    ticking: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def state(self) -> Literal["queued", "running"]:
        """What it is doing."""
        return "queued" if self.started is None else "running"

    @property
    def elapsed_ms(self) -> float:
        """How long it has run."""
        return 0.0 if self.started is None else round((monotonic() - self.started) * 1000, 3)

    def mark(self, range_: Range | None) -> Mark | None:
        """Return a part of its text as a place that goes along with edits."""
        return None if range_ is None or self.uri is None else self.places.mark(range_)

    def place(self, range_: Range, origin: answers.Origin) -> Mark | None:
        """Return a statement that ran, if it stands in an open document."""
        if origin == "requested":
            return self.mark(range_)
        return self.places.module.mark(range_) if self.places.module.uri else None

    @property
    def target_now(self) -> types.Range | None:
        """Where the code it was asked to run is by now."""
        return None if self.target is None else self.places.range(self.target)


class Evaluations:
    """The evaluations under way. Tells the client of each until its answer."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._runs: dict[tuple[FolderSession, int], Run] = {}
        self._tokens: dict[tuple[FolderSession, int], str | None] = {}
        """Of all evaluations, the latest at the end."""
        self._begun_early: tuple[FolderSession, int] | None = None
        """What an idle session has begun before it returned the id it goes by."""

    async def evaluate(self, params: commands.EvaluateParams) -> protocol.Evaluation:
        """Run a part of a document."""
        document = self._daemon.documents.get(params.uri)
        code = code_for(params, document, self._daemon.codec)
        snapshot = document.snapshot()
        line, column = code.range.start
        request = EvaluateRequest(
            text=snapshot.table.slice(code.range),
            file=document.file,
            line=line,
            column=column,
            document=document.text,
            guard=code.means_guard,
            anew=bool(params.anew),
        )
        places = self._daemon.places(snapshot)
        begins = _beginning(request.text)
        run = Run(places, document.uri, code.range, code.only, params.token, begins)
        return await self._submit(self._daemon.sessions.of_document(document.uri), request, run)

    async def evaluate_text(self, params: commands.EvaluateTextParams) -> protocol.Evaluation:
        """Run text that stands in no document, in the module of one or in the scratch module."""
        if params.frame is not None:
            raise RefusedError("No frame is held. Leave out `frame` to run the text in a module.")
        file = None if params.uri is None else file_of(params.uri)
        opened = self._daemon.documents.of_file(file)
        document = None if opened is None else opened.text
        text = with_line_feeds(params.text)
        request = EvaluateRequest(text, file, document=document, detached=True)
        # Its places are in the text itself, which nobody edits.
        places = self._daemon.places(
            Document("", params.text).snapshot(), None if opened is None else opened.snapshot()
        )
        run = Run(places, None, None, None, params.token, _beginning(text))
        return await self._submit(self._daemon.sessions.chosen(params.uri), request, run)

    async def run_again(
        self, session: FolderSession, request: EvaluateRequest, token: str
    ) -> protocol.Evaluation:
        """Run an evaluation of the change log, where its text stands, or stood."""
        opened = self._daemon.documents.of_file(request.file)
        if request.detached or request.document is None:
            text, module = request.text, opened
        else:
            text, module = request.document, None
        stands = module is None and opened is not None and opened.text == text
        document = opened if stands and opened is not None else Document("", text)
        around = None if module is None else module.snapshot()
        places = self._daemon.places(document.snapshot(), around)
        target = range_of(request.text, (request.line, request.column))
        only = target if len(top_level_forms(request.text)) == 1 else None
        uri = document.uri or None
        run = Run(places, uri, target, only, token, _beginning(request.text))
        return await self._submit(session, request, run)

    async def queue(self, params: commands.QueueParams) -> protocol.Queue:
        """Return what runs and what waits."""
        only = None if params.uri is None else self._daemon.sessions.chosen(params.uri)
        runs = [(session, run) for (session, _), run in self._runs.items()]
        runs.sort(key=lambda item: item[0].folder or "")  # within a session the order stays
        return protocol.Queue(
            [_queued(session, run) for session, run in runs if only in (None, session)]
        )

    async def _submit(
        self, session: FolderSession, request: EvaluateRequest, run: Run
    ) -> protocol.Evaluation:
        answered: Answered = asyncio.get_running_loop().create_future()
        run.id = session.evaluate(request, partial(self._end, session, run, answered))
        if not answered.done():  # as it is when the worker cannot be started
            self._runs[session, run.id] = run
            self._keep_token(session, run)
            self._tell_progress(run)
            if self._begun_early == (session, run.id):
                self._begin(session, run, None)
        return await answered

    def _keep_token(self, session: FolderSession, run: Run) -> None:
        self._tokens[session, run.id] = run.token
        if len(self._tokens) > _TOKENS_KEPT:
            del self._tokens[next(iter(self._tokens))]

    def _end(
        self, session: FolderSession, run: Run, answered: Answered, answer: answers.Evaluation
    ) -> None:
        self._runs.pop((session, answer.id), None)
        if run.ticking is not None:
            run.ticking.cancel()
        told = convert.evaluation(answer, run.places)
        self._diagnose(session, run, answer, told)
        self._daemon.outbox.flush()  # what was told of it comes before the answer
        if not answered.done():  # the client may have given up waiting
            answered.set_result(told)
        self._daemon.image.refresh_soon(session, only_open=True)

    def _diagnose(
        self,
        session: FolderSession,
        run: Run,
        answer: answers.Evaluation,
        told: protocol.Evaluation,
    ) -> None:
        """Have the failing line shown until something is done about it."""
        problems = self._daemon.problems
        for result in answer.results:
            if result.origin == "dependency":  # it stands elsewhere, and has run as well
                problems.ran(session, run.places.module.mark(result.range))
        if told.status == "error" and told.error is not None:
            target, statement = run.mark(run.target), run.mark(run.statement)
            document = None if run.uri is None or target is None else target.document
            failed = Failed(session, told.error, run.id, run.token, document, target, statement)
            problems.add(failed)
        problems.flush()

    # -- while it runs ---------------------------------------------------------------------------

    def on_event(self, session: FolderSession, event: Event) -> None:
        """Pass on what happens in a session."""
        match event:
            case Started(evaluation, statement):
                run = self._runs.get((session, evaluation))
                if run is not None:
                    self._begin(session, run, statement)
                else:
                    self._begun_early = (session, evaluation)
            case ResultReady(evaluation, result):
                run = self._runs.get((session, evaluation))
                if run is not None:
                    self._tell_result(run, result)
                    self._note_duration(run, result)
            case Traced(evaluation):
                run = self._runs.get((session, evaluation))
                if run is not None:
                    session.results.note(event.unit, run.place(event.range, event.origin))
            case Displayed(evaluation):
                run = None if evaluation is None else self._runs.get((session, evaluation))
                self._tell_displayed(run, event)
            case NotObeyed(about):
                self._tell_not_obeyed(self._runs.get((session, about.evaluation)), about)
            case OutputReady(evaluation, chunk):
                token = None if evaluation is None else self._tokens.get((session, evaluation))
                params = protocol.OutputParams(evaluation, chunk.stream, chunk.text, token)
                self._daemon.outbox.post(protocol.OUTPUT, params)

    def _note_duration(self, run: Run, result: answers.StatementResult) -> None:
        slow = self._daemon.slow
        if result.origin == "requested" and slow.concerns(result.duration_ms):
            mark = run.mark(result.range)
            if mark is not None:
                slow.ran(mark, result.duration_ms)

    def _begin(self, session: FolderSession, run: Run, statement: Range | None) -> None:
        if run.started is None:
            run.started = monotonic()
            self._daemon.problems.ran(session, run.mark(run.target))
            self._tick_later(run)
        begun = statement or run.only
        if begun is not None:
            run.statement = begun
            self._tell_progress(run)

    def _tick_later(self, run: Run) -> None:
        def tick() -> None:
            self._tell_progress(run)
            self._tick_later(run)

        run.ticking = asyncio.get_running_loop().call_later(_PROGRESS_INTERVAL_S, tick)

    def _tell_progress(self, run: Run) -> None:
        where = run.places
        params = protocol.ProgressParams(
            id=run.id,
            uri=run.uri,
            state=run.state,
            statement=None if run.statement is None else where.range(run.statement),
            target=run.target_now,
            elapsed_ms=run.elapsed_ms,
            token=run.token,
            version=where.version,
        )
        self._daemon.outbox.post(protocol.PROGRESS, params)

    def _tell_not_obeyed(self, run: Run | None, about: answers.Unresponsive) -> None:
        where = self._daemon.places(Document("", "").snapshot()) if run is None else run.places
        params = protocol.UnresponsiveParams(
            id=about.evaluation,
            uri=None if run is None else run.uri,
            message=about.message,
            frames=[where.frame(frame) for frame in about.frames],
            traceback=about.traceback,
            token=None if run is None else run.token,
        )
        self._daemon.outbox.post(protocol.UNRESPONSIVE, params)

    def _tell_displayed(self, run: Run | None, event: Displayed) -> None:
        where = None if run is None or event.range is None else run.places.range(event.range)
        params = protocol.DisplayParams(
            id=event.evaluation,
            uri=None if run is None else run.uri,
            range=where,
            ref=event.ref,
            displays=[convert.display(each) for each in event.displays],
            token=None if run is None else run.token,
            version=None if run is None else run.places.version,
        )
        self._daemon.outbox.post(protocol.DISPLAY, params)

    def _tell_result(self, run: Run, result: answers.StatementResult) -> None:
        told = convert.result(result, run.places)
        params = protocol.ResultParams(run.id, run.uri, told, run.token, run.places.version)
        self._daemon.outbox.post(protocol.RESULT, params)


def _beginning(text: str) -> str:
    """Return the first line with anything on it, which is what tells one from another."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return first.strip()[:_CODE_LENGTH]


def _queued(session: FolderSession, run: Run) -> protocol.QueuedEvaluation:
    return protocol.QueuedEvaluation(
        id=run.id,
        session=session.folder or "",
        uri=run.uri,
        range=run.target_now,
        state=run.state,
        code=run.code,
        elapsed_ms=run.elapsed_ms,
    )
