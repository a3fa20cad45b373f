"""What a request of a session ran and gave, statement by statement: what an export is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from relive.session.answers import Error, OutputChunk, StatementResult, file_path
from relive.session.definition_answers import Redefinition
from relive.session.requests import EvaluateRequest
from relive.session.texts import Texts
from relive.source import definitions, forms
from relive.source.margins import table
from relive.source.positions import Position, Range, Table, range_of, with_line_feeds
from relive.source.quick_dataclasses import dataclass
from relive.wire.traces import Trace

CHANGED = ("redefined", "added", "removed")
"""What can become of a definition that was changed."""
_OUTPUT = 100_000
"""Characters of an evaluation's output that are kept of it."""
_COMMENT = re.compile(r"[ \t;]*(#[^\n]*)?")


@dataclass(frozen=True)
class RanStatement:
    """A statement that an evaluation ran, with the comments above it and behind it."""

    text: str
    result: StatementResult | None = None
    """None: it failed."""
    trace: Trace | None = None
    """What it did; None: nobody looked."""

    @property
    def is_asked_for(self) -> bool:
        """Whether it did not only run since what was asked for needs it."""
        return self.result is None or self.result.origin == "requested"


@dataclass(frozen=True)
class ChangedDefinition:
    """What a redefinition did to one definition, or to a statement."""

    file: str | None
    name: str
    kind: str
    outcome: str
    text: str | None
    """What it is now, from its first line on; None: it is gone, or nobody knows."""
    enclosing: str | None = None
    """Of a method: the text that its outermost class has in the file."""
    before: str | None = None


@dataclass(frozen=True)
class Gave:
    """What came of a request."""

    module: str = ""
    """The name of the module that it ran in."""
    futures: tuple[str, ...] = ()
    """The `__future__` features of its document."""
    statements: tuple[RanStatement, ...] = ()
    """Those that ran to their end."""
    failed: RanStatement | None = None
    error: Error | None = None
    output: tuple[OutputChunk, ...] = ()
    changed: tuple[ChangedDefinition, ...] = ()
    inside: str | None = None
    """The frame that it ran in, in words, if it did not run in the module."""

    @property
    def size(self) -> int:
        """About how many characters are kept of it."""
        texts = sum(len(each.text) for each in self.statements)
        return texts + sum(len(each.text) for each in self.output)


def ran_statements(
    request: EvaluateRequest,
    texts: Texts,
    results: Sequence[StatementResult],
    traces: dict[int, Trace],
) -> Iterator[RanStatement]:
    """Yield the statements that have results.

    Args:
        request: what was asked for.
        texts: its texts.
        results: one for each statement.
        traces: what each did, by its number from 1, as far as that is known.
    """
    if len(results) == 1 and _is_all(request, results[0]):  # as it is of most that is typed
        yield RanStatement(with_line_feeds(request.text), results[0], traces.get(1))
        return
    before: Position = (request.line, request.column)
    for number, result in enumerate(results, 1):
        is_asked_for = result.origin == "requested"
        within = before if is_asked_for else None
        text = whole_statement(texts.lines(result.origin), result.range, within)
        before = result.range.end if is_asked_for else before
        yield RanStatement(text, result, traces.get(number))


def _is_all(request: EvaluateRequest, result: StatementResult) -> bool:
    """Whether a statement is the whole of a text that stands in no document, and so has no more."""
    if result.origin != "requested" or request.column:
        return False
    stands_alone = request.document is None or request.detached
    return stands_alone and result.range == range_of(request.text, (request.line, 0))


def whole_statement(lines: Table, range_: Range, before: Position | None) -> str:
    """Return a statement's text with the comments around it, from the end of the one before."""
    if range_.start[1]:
        found = forms.selection(lines.text, range_)
        return lines.slice(range_) if found is None else found.text
    code = lines.slice(range_)
    rest = lines.line(range_.end[0])[range_.end[1] :]
    behind = _COMMENT.fullmatch(rest)
    code += rest.rstrip() if behind is not None and behind[1] else ""
    return _above(lines, range_.start, before) + code


def _above(lines: Table, start: Position, before: Position | None) -> str:
    """Return the comments just above a statement, back to the statement before."""
    first = start[0]
    least = 0 if before is None else before[0] + (before[1] > 0)
    while first > least and lines.line(first - 1).startswith("#"):
        first -= 1
    return lines.slice(Range((first, 0), start)) if first < start[0] else ""


def changed_definitions(answer: Redefinition, files: dict[str, str]) -> Iterator[ChangedDefinition]:
    """Yield what a receipt tells of, with the texts that they have in `files`."""
    for each in answer.changes:
        if each.outcome not in CHANGED:
            continue
        file = file_path(each.uri)
        document = files.get(file or "")
        found = None if document is None else _found(document, each.name, each.kind, each.range)
        outermost = each.name.partition(".")[0]
        class_text = None
        if document is not None and "." in each.name:
            enclosing = definitions.find(document, outermost)
            class_text = None if enclosing is None else enclosing.source
        text = None if each.outcome == "removed" else found
        yield ChangedDefinition(
            file, each.name, each.kind, each.outcome, text, class_text, each.before
        )


def _found(document: str, name: str, kind: str, range_: Range | None) -> str | None:
    if kind == "statement":
        form = None if range_ is None else forms.form_at(document, range_.start)
        return None if form is None else table(document).slice(form.range)
    line = None if range_ is None else range_.start[0]
    # By its line first: by its name it is looked for in all of the text.
    there = () if line is None else definitions.named(document, name, line)
    named = there or definitions.named(document, name)
    meant = [each for each in named if line in (each.header[0], each.range.start[0])]
    return next((each.source for each in reversed(meant or list(named))), None)


def bounded_output(chunks: Sequence[OutputChunk]) -> tuple[OutputChunk, ...]:
    """Return output as far as it is kept, with what says so."""
    kept, left = [], _OUTPUT
    for chunk in chunks:
        kept.append(replace(chunk, text=chunk.text[:left]))
        left -= len(chunk.text)
        if left <= 0:
            return (*kept, OutputChunk("stderr", "\n[the rest of the output was not kept]\n"))
    return tuple(kept)
