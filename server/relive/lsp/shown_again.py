"""Results that stand, shown again to a client that was not there when they came."""

from __future__ import annotations

import attrs

from relive.lsp import convert
from relive.lsp.connection_protocol import ShownResult
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, Mark
from relive.lsp.folder_session import FolderSession
from relive.lsp.problems import Failed
from relive.lsp.standing_results import Standing
from relive.source.positions import range_of
from relive.source.standing import place_now


def place(session: FolderSession, document: Document) -> None:
    """Find the statements in a document that ran when this client did not have it open."""
    for standing in session.standing.of_file(document.file):
        if session.results.named(standing.id) is None:
            start = place_now(standing.text, standing.range.start, standing.document, document.text)
            if start is not None:
                mark = Mark(document.snapshot(), range_of(standing.text, start))
                session.results.note(standing.id, mark)


def shown_again(daemon: Daemon, session: FolderSession, document: Document) -> list[ShownResult]:
    """Return the results that stand in a document; failing lines are diagnosed anew."""
    place(session, document)
    found = []
    for standing in session.standing.of_file(document.file):
        shown = session.results.named(standing.id)
        if shown is not None and shown.document is document and not shown.is_gone:
            found.append(_told(daemon, session, standing, shown.mark))
    daemon.problems.flush()
    return found


def _told(daemon: Daemon, session: FolderSession, standing: Standing, mark: Mark) -> ShownResult:
    places = daemon.places(mark.document.once(standing.document))
    where = daemon.codec.range_to_client(mark.document.table, mark.now)
    result, error = None, None
    if standing.result is not None:
        result = attrs.evolve(convert.result(standing.result, places), range=where)
    if standing.error is not None:
        error = convert.error(standing.error, places)
        if not standing.died:
            about = standing.evaluation, standing.token, mark.document, mark, mark
            daemon.problems.add(Failed(session, error, *about))
    return ShownResult(
        id=standing.id,
        uri=mark.document.uri,
        evaluation=standing.evaluation,
        token=standing.token,
        range=where,
        result=result,
        error=error,
        stale=session.standing.doubt(standing.id),
        at=standing.at,
        version=mark.document.version,
        died=standing.died or None,
    )
