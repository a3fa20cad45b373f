"""Carrying out a redefinition: from texts of documents and files to the receipt the client gets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from relive.lsp import convert, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, Snapshot
from relive.lsp.sessions import FolderSession
from relive.session.answers import file_uri
from relive.session.requests import RedefineRequest


async def redefine(
    daemon: Daemon,
    session: FolderSession,
    texts: Sequence[Snapshot],
    *,
    name: str | None = None,
    line: int | None = None,
    unasked: bool = False,
) -> protocol.Redefinition:
    """Bring `texts`, one or several as one step, into the process; return the receipt.

    For `name`, `line` and `unasked` see `RedefineRequest`.
    """
    first, *others = ((text.document.file, text.table.text) for text in texts)
    request = RedefineRequest(*first, name, line, tuple(others), unasked)
    receipt = await session.redefine(request)
    daemon.image.refresh_soon(session)
    files = {text.document.file: text for text in texts}
    places = {file_uri(file) or file: daemon.places(text) for file, text in files.items()}
    return convert.redefinition(receipt, places)


def snapshot_of(daemon: Daemon, file: str, text: str) -> Snapshot:
    """Return `text`, which is that of `file` on disk, as what redefinitions take.

    An open document that says the same has its places followed through later edits.
    """
    opened = daemon.documents.of_file(file)
    if opened is not None and opened.text == text:
        return opened.snapshot()
    uri = Path(file).as_uri() if opened is None else opened.uri
    return Document(uri, text).snapshot()
