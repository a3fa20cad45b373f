"""Running code: `relive.evaluate`, `relive.evaluateText`, and what is told while it runs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from time import monotonic

from relive.lsp import commands, convert, protocol, stale_protocol
from relive.lsp.capture_protocol import RUN_AGAIN, RunAgainParams
from relive.lsp.connection_protocol import ASKED
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, file_of
from relive.lsp.elsewhere import asked_params, beginning, find_place, standing
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.in_frame import frame_of, part_of_body, with_hint
from relive.lsp.problems import Failed
from relive.lsp.run_news import RunNews
from relive.lsp.runs import Run
from relive.lsp.shared import Asked
from relive.lsp.targets import code_for
from relive.session import answers, requests
from relive.session.capturing import calling_again
from relive.session.events import (
    Displayed,
    Event,
    HeldAgain,
    NotObeyed,
    OutputReady,
    ResultReady,
    Resumed,
    Started,
    StateChanged,
    Traced,
)
from relive.session.holds import Hold, Refused
from relive.session.requests import EvaluateRequest, InCall, InFrame, ResumeRequest
from relive.source.positions import Range, with_line_feeds

_PROGRESS_INTERVAL_S = 1.0
_WHILE_IT_RUNS = (Started, ResultReady, Traced, Displayed, NotObeyed, OutputReady)
_TOKENS_KEPT = 1000
"""Of evaluations that have ended: what they have started may still write."""

Answered = asyncio.Future[protocol.Evaluation]


def register(daemon: Daemon) -> None:
    """Offer evaluation to the client."""
    evaluations = Evaluations(daemon)
    daemon.sessions.listen(evaluations.on_event, *_WHILE_IT_RUNS)
    daemon.sessions.listen(evaluations.on_held, HeldAgain, Resumed, StateChanged)
    daemon.sessions.elsewhere = evaluations
    daemon.at_end.append(evaluations.stop)
    daemon.evaluate = evaluations.evaluate
    daemon.evaluate_text = evaluations.evaluate_text
    daemon.run_again = evaluations.run_again
    daemon.queue = evaluations.queue
    daemon.resume = evaluations.resume
    daemon.held_document = evaluations.held_document
    daemon.server.on_command(commands.EVALUATE, commands.EvaluateParams, evaluations.evaluate)
    daemon.server.on_command(commands.QUEUE, commands.QueueParams, evaluations.queue)
    daemon.server.on_command(RUN_AGAIN, RunAgainParams, evaluations.call_again)
    daemon.server.on_command(
        commands.EVALUATE_TEXT, commands.EvaluateTextParams, evaluations.evaluate_text
    )


class Evaluations:
    """The evaluations under way. Tells the client of each until its answer."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._news = RunNews(daemon)
        self._runs: dict[tuple[FolderSession, int], Run] = {}
        self._held: dict[tuple[FolderSession, int], Run] = {}
        """Evaluations that were answered with what they are held at: they may go on, and a rewind
        may have them be held again."""
        self._tokens: dict[tuple[FolderSession, int], str | None] = {}
        """Of all evaluations, the latest at the end."""
        self._begun_early: tuple[FolderSession, int] | None = None
        """What an idle session has begun before it returned the id it goes by."""

    async def evaluate(
        self, params: commands.EvaluateParams, cause: requests.Cause = requests.BY_COMMAND
    ) -> protocol.Evaluation:
        """Run a part of a document."""
        document = self._daemon.documents.get(params.uri)
        part = part_of_body(params, document, self._daemon.codec)
        existing = self._daemon.sessions.existing(params.uri)
        frame = await frame_of(part, params.call, document, existing, self._daemon.captures)
        code = frame.code if frame else code_for(params, document, self._daemon.codec)
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
            inside=None if frame is None else frame.inside,
            cause=cause,
        )
        places = self._daemon.places(snapshot)
        begins = beginning(request.text)
        run = Run(places, document.uri, code.range, code.only, params.token, begins)
        session = self._daemon.sessions.of_document(document.uri)
        answer = await self._submit(session, request, run)
        return with_hint(answer, part)

    async def evaluate_text(self, params: commands.EvaluateTextParams) -> protocol.Evaluation:
        """Run text that stands in no document, in the module of one or in the scratch module."""
        if params.frame is not None and not self._daemon.sessions.chosen(params.uri).holds:
            raise RefusedError("No frame is held. Leave out `frame` to run the text in a module.")
        file = None if params.uri is None else file_of(params.uri)
        opened = self._daemon.documents.of_file(file)
        document = None if opened is None else opened.text
        text = with_line_feeds(params.text)
        in_call = None if params.call is None else InCall(params.call)
        inside = in_call if params.frame is None else InFrame(params.frame, params.hold)
        request = EvaluateRequest(text, file, document=document, detached=True, inside=inside)
        # Its places are in the text itself, which nobody edits.
        places = self._daemon.places(
            Document("", params.text).snapshot(), None if opened is None else opened.snapshot()
        )
        run = Run(places, None, None, None, params.token, beginning(text))
        return await self._submit(self._daemon.sessions.chosen(params.uri), request, run)

    async def call_again(self, params: RunAgainParams) -> protocol.Evaluation:
        """Call the function of a captured call with its arguments."""
        session = self._daemon.sessions.chosen(params.uri)
        call = self._daemon.captures.call(session, params.call)
        if call is None:
            await self._daemon.captures.now(session)
            call = self._daemon.captures.call(session, params.call)
        if call is None:
            raise RefusedError("The call is not kept any more. Call the function again.")
        request = calling_again(call)
        places = self._daemon.places(Document("", request.text).snapshot())
        run = Run(places, None, None, None, params.token, request.text)
        return await self._submit(session, request, run)

    async def run_again(
        self, session: FolderSession, request: EvaluateRequest, token: str
    ) -> protocol.Evaluation:
        """Run an evaluation of the change log, where its text stands, or stood."""
        return await self._submit(session, request, standing(self._daemon, request, token))

    async def resume(
        self, session: FolderSession, hold: Hold, request: ResumeRequest, token: str | None
    ) -> protocol.Evaluation:
        """Have what is held go on, and return what comes of its evaluation."""
        answered: Answered = asyncio.get_running_loop().create_future()
        run = self._going_on(session, hold, token)

        def done(answer: answers.Evaluation | Refused) -> None:
            if isinstance(answer, Refused):
                self._runs.pop((session, run.id), None)
                self._held[session, run.id] = run
                if not answered.done():
                    answered.set_exception(RefusedError(f"It is held still: {answer.reason}."))
            else:
                self._end(session, run, answered, answer)

        session.resume(request, done)
        return await answered

    def held_document(self, session: FolderSession, hold: Hold) -> str | None:
        """Return the document whose evaluation is held, if it is one's."""
        run = None if hold.thread else self._held.get((session, hold.evaluation or 0))
        return None if run is None else run.uri

    def _going_on(self, session: FolderSession, hold: Hold, token: str | None) -> Run:
        """Return the evaluation that is held as one under way again."""
        key = (session, hold.evaluation or 0)
        run = self._held.get(key) if hold.thread is None else None
        if run is None:  # it is held on a thread, which nobody waits for
            nowhere = self._daemon.places(Document("", "").snapshot())
            return Run(nowhere, None, None, None, token, "")
        run.started = run.ticking = None
        run.token = token or run.token
        self._runs[key] = run
        self._keep_token(session, run)
        return run

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
        session.evaluated.note(run.id, run.mark(run.target))
        if not answered.done():  # as it is when the worker cannot be started
            self._take_up(session, run)
        return await answered

    def _take_up(self, session: FolderSession, run: Run) -> None:
        self._runs[session, run.id] = run
        self._keep_token(session, run)
        self._news.tell_progress(run)
        if self._begun_early == (session, run.id):
            self._begin(session, run, None)

    def _keep_token(self, session: FolderSession, run: Run) -> None:
        self._tokens[session, run.id] = run.token
        if len(self._tokens) > _TOKENS_KEPT:
            del self._tokens[next(iter(self._tokens))]

    def _end(
        self, session: FolderSession, run: Run, answered: Answered, answer: answers.Evaluation
    ) -> None:
        told = self._conclude(session, run, answer)
        self._daemon.outbox.flush()  # what was told of it comes before the answer
        if not answered.done():  # the client may have given up waiting
            answered.set_result(told)
        self._daemon.image.refresh_after_evaluation(session)

    def _conclude(
        self, session: FolderSession, run: Run, answer: answers.Evaluation
    ) -> protocol.Evaluation:
        self._runs.pop((session, answer.id), None)
        if answer.status == "held":
            self._held[session, answer.id] = run
        if run.ticking is not None:
            run.ticking.cancel()
        told = convert.evaluation(answer, run.places)
        self._diagnose(session, run, answer, told)
        return told

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
        if told.error is not None and run.fails_anew(told):
            target, statement = run.mark(run.target), run.mark(run.statement)
            document = None if run.uri is None or target is None else target.document
            failed = Failed(session, told.error, run.id, run.token, document, target, statement)
            problems.add(failed)
        problems.flush()

    def stop(self) -> None:
        """Tell no more: the client is gone."""
        for run in self._runs.values():
            if run.ticking is not None:
                run.ticking.cancel()
        self._runs, self._held = {}, {}

    # -- what other connections ask for ----------------------------------------------------------

    def asked(self, session: FolderSession, asked: Asked) -> None:
        """Follow an evaluation that another connection has asked for, or has go on."""
        run = self._held.pop((session, asked.evaluation), None)
        if run is None:
            run = standing(self._daemon, asked.request, asked.token)
            run.id = asked.evaluation
        run.started = run.ticking = None
        run.token = run.token or asked.token
        session.evaluated.note(run.id, run.mark(run.target))
        self._daemon.outbox.post(ASKED, asked_params(asked, run, self._daemon.codec))
        self._take_up(session, run)
        if asked.begun is not None:
            self._begin(session, run, asked.begun.statement, asked.begun.at)

    def opened(self, session: FolderSession, document: Document) -> None:
        """Tell of what stands in a document that is open by now."""
        for (of, _), run in self._runs.items():
            if of is session and find_place(self._daemon, run, document):
                session.evaluated.note(run.id, run.mark(run.target))
                self._news.tell_progress(run)

    def answered(self, session: FolderSession, answer: answers.Evaluation) -> None:
        """Tell what came of it."""
        key = (session, answer.id)
        run = self._runs.get(key) or self._held.get(key)
        if run is not None:
            self._held.pop(key, None)
            told = self._conclude(session, run, answer)
            params = stale_protocol.EvaluatedParams(run.uri, run.token or "", told)
            self._daemon.outbox.post(stale_protocol.EVALUATED, params)
            self._daemon.image.refresh_after_evaluation(session)

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
                    self._news.tell_result(run, result)
                    self._note_duration(run, result)
            case Traced(evaluation):
                run = self._runs.get((session, evaluation))
                if run is not None:
                    session.results.note(event.unit, run.place(event.range, event.origin))
            case Displayed(evaluation):
                run = None if evaluation is None else self._runs.get((session, evaluation))
                self._news.tell_displayed(run, event)
            case NotObeyed(about):
                self._news.tell_not_obeyed(self._runs.get((session, about.evaluation)), about)
            case OutputReady(evaluation, chunk):
                token = None if evaluation is None else self._tokens.get((session, evaluation))
                self._news.tell_output(evaluation, chunk, token)

    def on_held(self, session: FolderSession, event: Event) -> None:
        """Follow what is held in a session."""
        if isinstance(event, Resumed):
            self._tell_resumed(session, event.evaluation)
        elif isinstance(event, HeldAgain):
            self._note_held_again(session, event)
        elif isinstance(event, StateChanged):
            self._forget_held(session, event.info)

    def _tell_resumed(self, session: FolderSession, answer: answers.Evaluation) -> None:
        """Tell what came of an evaluation that went on without anybody asking for it here."""
        run = self._held.get((session, answer.id))
        if run is None:
            return
        told = convert.evaluation(answer, run.places)
        self._diagnose(session, run, answer, told)
        if run.uri is not None and run.token is not None:
            params = stale_protocol.EvaluatedParams(run.uri, run.token, told)
            self._daemon.outbox.post(stale_protocol.EVALUATED, params)

    def _note_held_again(self, session: FolderSession, event: HeldAgain) -> None:
        """Have what ran again on the way back go on at the code that it was shown at."""
        former = (self._held.get((session, each)) for each in event.known_as)
        run = next(filter(None, former), None)
        if run is not None:
            run = replace(run, id=event.evaluation, started=None, ticking=None)
            self._held[session, event.evaluation] = run

    def _forget_held(self, session: FolderSession, info: answers.SessionInfo) -> None:
        """Let go of what was held by a process that has ended, and is not gone back from."""
        if info.state in ("dead", "idle") and info.pid is None:
            self._held = {key: run for key, run in self._held.items() if key[0] is not session}

    def _note_duration(self, run: Run, result: answers.StatementResult) -> None:
        slow = self._daemon.slow
        if result.origin == "requested" and slow.concerns(result.duration_ms):
            mark = run.mark(result.range)
            if mark is not None:
                slow.ran(mark, result.duration_ms)

    def _begin(
        self,
        session: FolderSession,
        run: Run,
        statement: Range | None,
        at: float | None = None,
    ) -> None:
        if run.started is None:
            run.started = at or monotonic()
            self._daemon.problems.ran(session, run.mark(run.target))
            self._tick_later(run)
        begun = statement or run.only
        if begun is not None:
            run.statement = begun
            self._news.tell_progress(run)

    def _tick_later(self, run: Run) -> None:
        def tick() -> None:
            self._news.tell_progress(run)
            self._tick_later(run)

        run.ticking = asyncio.get_running_loop().call_later(_PROGRESS_INTERVAL_S, tick)


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
