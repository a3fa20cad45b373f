"""The results of a session that stand, for whoever comes later: a window that was loaded anew."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Protocol

from relive.lsp.rewind_protocol import REWOUND
from relive.session.answers import Error, Evaluation, OutputChunk, StatementResult
from relive.session.events import (
    Event,
    Judged,
    OutputReady,
    ResultReady,
    Rewound,
    Started,
    result_id,
)
from relive.session.requests import EvaluateRequest
from relive.source.margins import table
from relive.source.positions import Range, Table, range_of
from relive.source.quick_dataclasses import dataclass

_MOST = 1000
_MOST_OUTPUT = 200_000
"""Characters of output that are kept while nobody is there to read them."""


class Asked(Protocol):
    """An evaluation that is under way."""

    @property
    def request(self) -> EvaluateRequest:
        """What it is to run."""

    @property
    def token(self) -> str:
        """What others than its asker are told of it with."""


@dataclass(frozen=True)
class Standing:
    """What a statement of a file gave."""

    id: str
    """The result's, or what that of the statement that failed would have been."""
    evaluation: int
    token: str
    file: str
    document: str
    """The file's text as it was."""
    range: Range
    """Of the statement, there."""
    text: str
    result: StatementResult | None
    error: Error | None
    died: bool
    """Whether the process ended in it."""
    at: float
    """When, in seconds since 1970."""


class StandingResults:
    """What statements of files gave last, and what was written while nobody was there."""

    def __init__(self) -> None:
        self._standing: dict[tuple[str, str], Standing] = {}
        """By the file and the statement, the latest at the end."""
        self._doubts: dict[str, str] = {}
        self._statements: dict[int, Range] = {}
        """What runs of an evaluation, or ran last."""
        self._tables: dict[int, Table] = {}
        """Of the texts of evaluations under way."""
        self._missed: list[tuple[int | None, OutputChunk]] = []
        self._missed_length = self._left_out = 0

    def of_file(self, file: str) -> list[Standing]:
        """Return what stands in a file."""
        return [each for each in self._standing.values() if each.file == file]

    def doubt(self, result: str) -> str | None:
        """Return why a result is not true any more, in words; None: it is."""
        return self._doubts.get(result)

    def take_missed(self) -> tuple[list[tuple[int | None, OutputChunk]], int]:
        """Return the output that nobody was told of, and how much of it was not kept: once."""
        missed, left_out = self._missed, self._left_out
        self._missed, self._missed_length, self._left_out = [], 0, 0
        return missed, left_out

    def heard(self, event: Event, under_way: Mapping[int, Asked]) -> None:
        """Take note of what happens in the session."""
        match event:
            case Started(evaluation, range_) if range_ is not None:
                self._statements[evaluation] = range_
            case ResultReady(evaluation, result) if evaluation in under_way:
                self._note(under_way[evaluation], evaluation, result.id, result.range, result, None)
            case Judged(stale, fresh):
                self._doubts.update(stale)
                for each in fresh:
                    self._doubts.pop(each, None)
            case Rewound(results):
                why = event.because(REWOUND)
                self._doubts.update((result, why) for _, result in results)

    def missed(self, event: OutputReady) -> None:
        """Take output that nobody is there to be told of; the oldest of it goes."""
        self._missed.append((event.evaluation, event.chunk))
        self._missed_length += len(event.chunk.text)
        while self._missed_length > _MOST_OUTPUT:
            _, chunk = self._missed.pop(0)
            self._missed_length -= len(chunk.text)
            self._left_out += len(chunk.text)

    def ended(self, asked: Asked, answer: Evaluation) -> None:
        """Take note of how an evaluation ended: where it failed, if it did."""
        statement = self._statements.pop(answer.id, None)
        if answer.error is not None and answer.status in ("error", "held", "died"):
            request = asked.request
            whole = range_of(request.text, (request.line, request.column))
            self._note(
                asked,
                answer.id,
                result_id(answer.id, len(answer.results) + 1),
                statement or whole,
                None,
                answer.error,
                died=answer.status == "died",
            )
        self._tables.pop(answer.id, None)

    def replaced(self, results: Collection[str]) -> None:
        """Let results go in whose place others are."""
        if results:
            for key, each in list(self._standing.items()):
                if each.id in results:
                    del self._standing[key]

    def forget(self) -> None:
        """Begin anew, with another process."""
        self._standing, self._doubts = {}, {}

    def _note(
        self,
        asked: Asked,
        evaluation: int,
        id_: str,
        range_: Range,
        result: StatementResult | None,
        error: Error | None,
        *,
        died: bool = False,
    ) -> None:
        request = asked.request
        if request.file is None or request.document is None or request.detached:
            return
        if evaluation not in self._tables:
            self._tables[evaluation] = table(request.document)
        text = self._tables[evaluation].slice(range_)
        key = request.file, text
        self._standing.pop(key, None)
        self._standing[key] = Standing(
            id_,
            evaluation,
            asked.token,
            request.file,
            request.document,
            range_,
            text,
            result,
            error,
            died,
            time.time(),
        )
        self._doubts.pop(id_, None)  # of what the process ended in that was said before
        if len(self._standing) > _MOST:
            del self._standing[next(iter(self._standing))]
