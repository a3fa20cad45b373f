"""The failing lines that the client shows as diagnostics, and which of them still stand.

A problem stands until its line is edited, until it or what led to it is run again, until the
definition it is in is redefined, the process has gone, or its document is closed; or until the
user puts it away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import attrs
from lsprotocol import types

from relive.lsp import error_protocol, protocol
from relive.lsp.diagnostics import diagnostic
from relive.lsp.documents import Document, Documents, Mark, file_of
from relive.lsp.encoding import Codec
from relive.lsp.folder_session import FolderSession
from relive.session.answers import SessionInfo
from relive.session.errors import SYNTAX_ERRORS
from relive.source.definitions import find
from relive.source.positions import Range
from relive.source.quick_dataclasses import dataclass

_MOVED_DELAY_S = 0.2
"""Editors move what they show along with the text: word of it may come a little later."""
_MAX_PROBLEMS = 100
"""Beyond them the oldest go: nobody reads that many, and edits look at each of them."""

_CHANGES = ("redefined", "added", "removed")

Post = Callable[[str, object], None]


@dataclass(frozen=True)
class Failed:
    """What failed: an evaluation, or with no `id` a redefinition."""

    session: FolderSession
    error: error_protocol.ErrorInfo
    id: int | None = None
    token: str | None = None
    document: Document | None = None
    """The one that was asked for; None for text that is in none."""
    target: Mark | None = None
    """All that was asked for."""
    statement: Mark | None = None
    """The statement of it that failed."""


@dataclass(eq=False)
class Problem:
    """A failing line."""

    failed: Failed
    generation: int
    place: Mark
    lines: list[str]
    """What its lines said."""
    frames: list[tuple[error_protocol.FrameInfo, Mark | None]]
    """The error's, each with its place if that is open."""

    @property
    def reads_as_before(self) -> bool:
        """Whether its lines still say what failed."""
        return _lines(self.place) == self.lines

    def is_touched_by(self, document: Document, range_: Range) -> bool:
        """Whether code on these lines failed, or led to what failed."""
        statement, target = self.failed.statement, self.failed.target
        led = [each for each in (self.place, statement or target) if each is not None]
        return any(each.document is document and _share_lines(each.now, range_) for each in led)


class Problems:
    """All problems of all documents, and the one who tells the client of them."""

    def __init__(self, documents: Documents, codec: Callable[[], Codec], post: Post) -> None:
        self._documents = documents
        self._codec = codec
        self._post = post
        self._problems: list[Problem] = []
        self._changed: dict[str, Document] = {}
        """Documents whose diagnostics may be others than the client knows."""
        self._told: dict[str, list[types.Diagnostic]] = {}
        """What the client knows, by URI."""

    def add(self, failed: Failed) -> None:
        """Diagnose the failing line, if it is in an open document."""
        place = self._failing_place(failed)
        if place is None:
            return
        self._drop(each for each in self._of(place.document) if _covers(place, each.place))
        frames = [(frame, self._mark(frame)) for frame in failed.error.frames]
        generation = failed.session.info.generation
        problem = Problem(failed, generation, place, _lines(place), frames)
        self._problems.append(problem)
        self._drop(self._problems[:-_MAX_PROBLEMS])
        self._publish_soon(place.document)

    def at(self, document: Document, range_: Range) -> list[Problem]:
        """Return the problems on these lines, and those that code on these lines led to."""
        return [each for each in self._problems if each.is_touched_by(document, range_)]

    def diagnostic(self, problem: Problem) -> types.Diagnostic:
        """Return a problem as the client is told of it."""
        range_ = self._codec().range_to_client(problem.place.document.table, problem.place.now)
        failed, frames = problem.failed, self.frames(problem)
        error = attrs.evolve(failed.error, frames=frames)
        return diagnostic(error, problem.place.document.uri, range_, failed.id, failed.token)

    def frames(self, problem: Problem) -> list[error_protocol.FrameInfo]:
        """Return the frames of a problem where they are by now, outermost first."""
        return [self._frame_now(frame, mark) for frame, mark in problem.frames]

    def _frame_now(
        self, frame: error_protocol.FrameInfo, mark: Mark | None
    ) -> error_protocol.FrameInfo:
        if mark is None:
            return frame
        range_ = self._codec().range_to_client(mark.document.table, mark.now)
        return attrs.evolve(frame, line=range_.start.line, range=range_)

    # -- what ends a problem -------------------------------------------------------------------

    def ran(self, session: FolderSession, mark: Mark | None) -> None:
        """Note that code runs; None: text that is in no document."""
        theirs = [each for each in self._problems if each.failed.session is session]
        if mark is None:
            self._drop(each for each in theirs if each.failed.id and not each.failed.document)
        else:
            range_ = mark.now
            self._drop(each for each in theirs if each.is_touched_by(mark.document, range_))

    def redefined(self, receipt: protocol.Redefinition) -> None:
        """Note what came of a redefinition."""
        for change in receipt.definitions:
            document = self._documents.of_file(file_of(change.uri or ""))
            shown = [] if document is None else self._of(document)
            if document is not None and shown and change.outcome in _CHANGES:
                definition = find(document.text, change.name)
                within = None if definition is None else definition.range
                self._drop(each for each in shown if _is_in(each, within))

    def tried(self, session: FolderSession, documents: Iterable[Document]) -> None:
        """Note that files are redefined: that it failed the last time is no news any more."""
        files = list(documents)
        for each in list(self._problems):
            if each.failed.id is None and each.failed.session is session:
                self._drop([each] if each.failed.document in files else [])

    def edited(self, document: Document) -> None:
        """Note that a document has changed."""
        for problem in self._of(document):
            if not problem.reads_as_before:
                self._drop([problem])
            else:
                self._publish_soon(document, _MOVED_DELAY_S)

    def closed(self, document: Document) -> None:
        """Note that a document is not open any more."""
        self._drop(self._of(document))

    def session_changed(self, session: FolderSession, info: SessionInfo, *, gone: bool) -> None:
        """Note that a session is in another state, or `gone`."""
        self._drop(
            each
            for each in self._problems
            if each.failed.session is session and (gone or each.generation != info.generation)
        )

    def dismiss(self, tokens: Iterable[str] | None) -> None:
        """Put problems away: those of evaluations with these tokens, or all."""
        wanted = None if tokens is None else set(tokens)
        self._drop(each for each in self._problems if wanted is None or each.failed.token in wanted)

    # -- what the client knows -----------------------------------------------------------------

    def flush(self) -> None:
        """Tell the client now what has changed."""
        changed, self._changed = self._changed, {}
        for uri, document in changed.items():
            found = [self.diagnostic(each) for each in self._of(document)]
            if found == self._told.get(uri, []):
                continue
            self._told[uri] = found
            params = types.PublishDiagnosticsParams(uri, found, document.version)
            self._post(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def _drop(self, problems: Iterable[Problem]) -> None:
        for problem in list(problems):
            self._problems.remove(problem)
            self._publish_soon(problem.place.document)
            if problem.failed.id is not None:
                params = protocol.ResolvedParams(problem.failed.id, problem.failed.token)
                self._post(protocol.RESOLVED, params)

    def _publish_soon(self, document: Document, delay: float = 0.0) -> None:
        if not delay or document.uri not in self._changed:
            asyncio.get_running_loop().call_later(delay, self.flush)
        self._changed[document.uri] = document

    def _of(self, document: Document) -> list[Problem]:
        return [each for each in self._problems if each.place.document is document]

    # -- where the failing line is -------------------------------------------------------------

    def _failing_place(self, failed: Failed) -> Mark | None:
        """Return the place of a syntax error, or the innermost line of the user's own code."""
        error, document = failed.error, failed.document
        if document is not None and error.range is not None and error.type in SYNTAX_ERRORS:
            return Mark(document.snapshot(), self._codec().range(document.table, error.range))
        own = [frame for frame in error.frames if frame.own]
        theirs = [frame for frame in error.frames if not frame.own]
        marks = (self._mark(frame) for frame in reversed([*theirs, *own]))
        return next((mark for mark in marks if mark is not None), failed.statement)

    def _mark(self, frame: error_protocol.FrameInfo) -> Mark | None:
        """Return the place of a frame whose line is open and says what ran."""
        document = None if frame.uri is None else self._documents.of_file(file_of(frame.uri))
        if document is None or frame.line >= document.table.count:
            return None
        line = document.table.line(frame.line)
        if frame.text and line.strip() != frame.text:
            return None
        if frame.range is not None:
            range_ = self._codec().range(document.table, frame.range)
        else:
            begin = len(line) - len(line.lstrip())
            range_ = Range((frame.line, begin), (frame.line, len(line.rstrip())))
        return Mark(document.snapshot(), range_)


def _lines(mark: Mark) -> list[str]:
    now = mark.now
    return [mark.document.table.line(each) for each in range(now.start[0], now.end[0] + 1)]


def _share_lines(one: Range, other: Range) -> bool:
    return one.start[0] <= other.end[0] and other.start[0] <= one.end[0]


def _covers(mark: Mark, other: Mark) -> bool:
    return mark.document is other.document and _share_lines(mark.now, other.now)


def _is_in(problem: Problem, within: Range | None) -> bool:
    return within is not None and _share_lines(problem.place.now, within)
