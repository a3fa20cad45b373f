"""What stands at the lines of a document: values, what is not true of them, what runs."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from relive.lsp import commands, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.result_places import Shown
from relive.lsp.states import reachable
from relive.session.answers import StatementResult
from relive.source.quick_dataclasses import dataclass

_LONG_MS = 1000.0
"""A result that took longer says so."""


@dataclass(frozen=True)
class Noted:
    """What is to be seen at a statement."""

    range: types.Range
    text: str
    """In one line."""
    whole: str = ""
    """The value as far as it is known, with what else there is to say of it."""
    is_under_way: bool = False


async def notes_of(daemon: Daemon, document: Document) -> list[Noted]:
    """Return what is to be seen in a document, from top to bottom."""
    queue = await daemon.queue(commands.QueueParams())
    under_way = [_under_way(each) for each in queue.items if each.uri == document.uri]
    found = [*results_in(daemon, document), *(each for each in under_way if each is not None)]
    return sorted(found, key=lambda each: (each.range.start.line, each.range.start.character))


def results_in(daemon: Daemon, document: Document) -> Iterator[Noted]:
    """Yield the results that stand in a document; failing lines are diagnosed."""
    session = daemon.sessions.existing(document.uri)
    if session is None:
        return
    for standing in session.standing.of_file(document.file):
        shown, result = session.results.named(standing.id), standing.result
        if result is None or shown is None or shown.document is not document or shown.is_gone:
            continue
        edited = shown.text != standing.text and not _runs(daemon, shown)
        stale = "edited since" if edited else session.standing.doubt(standing.id)
        range_ = daemon.codec.range_to_client(document.table, shown.range)
        yield Noted(range_, _line(result, stale), _whole(result, stale))


def _runs(daemon: Daemon, shown: Shown) -> bool:
    """Tell whether it is a definition that the process has as it stands, by a redefinition."""
    document, form = shown.document, shown.form
    if form is None or form.kind not in ("function", "class"):
        return False
    start, end = form.range.start, form.range.end
    within = [each for each in reachable(document.text) if start <= each.header < end]
    return all(daemon.states.of(document, each).is_live for each in within)


def _line(result: StatementResult, stale: str | None) -> str:
    value = "✓" if result.value is None else f"=> {' '.join(result.value.text.split())}"
    took = _took(result.duration_ms) if result.duration_ms >= _LONG_MS else None
    return " · ".join(part for part in (value, took, stale and f"stale: {stale}") if part)


def _whole(result: StatementResult, stale: str | None) -> str:
    value, took = result.value, _took(result.duration_ms)
    if value is None:
        text, about = "", [took]
    else:
        text = value.detail or value.text
        about = [part for part in (value.summary or value.type, took) if part]
    lines = [text, ", ".join(about), stale and f"stale: {stale}"]
    return "\n".join(line for line in lines if line)


def _under_way(queued: protocol.QueuedEvaluation) -> Noted | None:
    if queued.range is None:
        return None
    text = "queued" if queued.state == "queued" else f"runs · {_took(queued.elapsed_ms)}"
    return Noted(queued.range, text, is_under_way=True)


def _took(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < _LONG_MS else f"{ms / 1000:.1f} s"
