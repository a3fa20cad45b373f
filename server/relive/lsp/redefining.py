"""Carrying out a redefinition: from texts of documents and files to the receipt the client gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import attrs

from relive.lsp import convert, files, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, Snapshot, file_of
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.problems import Failed
from relive.session.answers import file_uri
from relive.session.requests import BY_COMMAND, Cause, RedefineRequest


async def redefine(
    daemon: Daemon,
    session: FolderSession,
    texts: Sequence[Snapshot],
    *,
    name: str | None = None,
    line: int | None = None,
    unasked: bool = False,
    cause: Cause = BY_COMMAND,
) -> protocol.Redefinition:
    """Bring `texts`, one or several as one step, into the process; return the receipt.

    For `name`, `line`, `unasked` and `cause` see `RedefineRequest`.
    """
    first, *others = ((text.document.file, text.table.text) for text in texts)
    request = RedefineRequest(*first, name, line, tuple(others), unasked, cause)
    return await carry_out(daemon, session, texts, request)


async def carry_out(
    daemon: Daemon, session: FolderSession, texts: Sequence[Snapshot], request: RedefineRequest
) -> protocol.Redefinition:
    """Have the process redefine what a request asks of `texts`; return the receipt."""
    receipt = await session.redefine(request)
    daemon.image.refresh_soon(session)
    by_file = {text.document.file: text for text in texts}
    places = {file_uri(file) or file: daemon.places(text) for file, text in by_file.items()}
    told = convert.redefinition(receipt, places)
    session.edited.note(session.info.pid, texts, told)
    daemon.attempts.note(texts, request.name, told)
    daemon.news.look_again({text.document.file for text in texts})
    _diagnose(daemon, session, [text.document for text in texts], told)
    return told


def _diagnose(
    daemon: Daemon,
    session: FolderSession,
    documents: Sequence[Document],
    told: protocol.Redefinition,
) -> None:
    """Have the lines shown that kept definitions from being redefined."""
    daemon.problems.tried(session, documents)
    daemon.problems.redefined(told)
    failures = [(documents[0].uri, told.error)] if told.error and not told.left_out else []
    failures += [(each.uri, each.error) for each in told.left_out or ()]
    for uri, error in failures:
        document = daemon.documents.of_file(file_of(uri))
        if error is not None and error.type != "WorkerDied":
            daemon.problems.add(Failed(session, error, document=document))


async def redefine_unasked(
    daemon: Daemon,
    session: FolderSession,
    origin: Literal["save", "disk"],
    texts: Sequence[Snapshot],
) -> None:
    """Redefine because texts were saved or changed on disk; tell the client if anything came of it.

    Only what differs from the image is news: neither a text that git brings back to what is loaded,
    nor a file that the process has never loaded, is. Never starts a process, and that one has ended
    is told elsewhere.
    """
    if session.info.pid is None:
        return
    receipt = await redefine(daemon, session, texts, unasked=True, cause=Cause(origin))
    changed = [each for each in receipt.definitions if each.outcome != "unchanged"]
    failed = receipt.error is not None and receipt.error.type != "WorkerDied"
    if changed or failed or receipt.left_out:
        uris = [text.document.uri for text in texts]
        news = attrs.evolve(receipt, definitions=changed)
        daemon.outbox.post(protocol.REDEFINED, protocol.RedefinedParams(origin, uris, news))


def tell_undecodable(
    daemon: Daemon, session: FolderSession, found: Mapping[str, files.Undecodable]
) -> None:
    """Tell the client of files that are no text any more: they leave all as it was."""
    if session.info.pid is None:
        return
    documents = [_shown(daemon, file, each) for file, each in found.items()]
    told = [
        protocol.LeftOut(
            document.uri, convert.error(each.error(), daemon.places(document.snapshot()))
        )
        for document, each in zip(documents, found.values(), strict=True)
    ]
    news = protocol.Redefinition("error", [], told[0].error, told if len(told) > 1 else None)
    _diagnose(daemon, session, documents, news)
    uris = [each.uri for each in documents]
    daemon.outbox.post(protocol.REDEFINED, protocol.RedefinedParams("disk", uris, news))


def _shown(daemon: Daemon, file: str, found: files.Undecodable) -> Document:
    """Return the document that shows a file, or one with as many lines."""
    opened = daemon.documents.of_file(file)
    return opened or Document(Path(file).as_uri(), found.data.decode("latin-1"))


def text_now(daemon: Daemon, uri: str) -> Snapshot:
    """Return a file's text, the editor's if it is open there."""
    file = file_of(uri)
    opened = daemon.documents.of_file(file)
    if opened is not None:
        return opened.snapshot()
    if not Path(file).exists():
        return Document(uri, "").snapshot()
    try:
        return Document(uri, files.load(file)).snapshot()
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise RefusedError(f"{file} cannot be read: {error}") from error
