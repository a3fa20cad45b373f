"""What a client is told of an evaluation before its answer."""

from __future__ import annotations

from relive.lsp import convert, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.runs import Run
from relive.session import answers
from relive.session.events import Displayed


class RunNews:
    """Puts it into messages, and these on their way."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def tell_progress(self, run: Run) -> None:
        """Tell what it does now."""
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

    def tell_not_obeyed(self, run: Run | None, about: answers.Unresponsive) -> None:
        """Tell that it goes on in spite of an interrupt."""
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

    def tell_displayed(self, run: Run | None, event: Displayed) -> None:
        """Tell what was shown; `run` is None: by none that the client knows."""
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

    def tell_result(self, run: Run, result: answers.StatementResult) -> None:
        """Tell what a statement of it gave."""
        told = convert.result(result, run.places)
        params = protocol.ResultParams(run.id, run.uri, told, run.token, run.places.version)
        self._daemon.outbox.post(protocol.RESULT, params)

    def tell_output(
        self, evaluation: int | None, chunk: answers.OutputChunk, token: str | None
    ) -> None:
        """Tell what was written; `token`: of the evaluation, which may have ended long ago."""
        params = protocol.OutputParams(evaluation, chunk.stream, chunk.text, token)
        self._daemon.outbox.post(protocol.OUTPUT, params)
