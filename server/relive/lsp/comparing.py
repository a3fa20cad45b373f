"""Process and disk compared: every definition of loaded workspace files in which they differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from relive.lsp import version_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.sessions import FolderSession
from relive.lsp.watching.reading import read_all
from relive.session.answers import RunningFile, file_uri
from relive.source.comparing import Difference, differences
from relive.source.definitions import named
from relive.source.outline import is_whole


async def compare(
    daemon: Daemon, session: FolderSession, uri: str | None
) -> version_protocol.Comparison:
    """Compare one file, or all that the session has loaded; a file that is gone says nothing."""
    running = await session.running(None if uri is None else file_of(uri))
    texts = await read_all(each.file for each in running)
    items, unreadable = [], []
    for each in running:
        text = texts[each.file]
        if text is None and not Path(each.file).exists():
            text = ""
        if text is None or not is_whole(text):
            unreadable.append(_uri(daemon, each.file))
        else:
            items += list(_items(daemon, each, text))
    return version_protocol.Comparison(items, unreadable)


def _items(
    daemon: Daemon, running: RunningFile, text: str
) -> Iterator[version_protocol.Difference]:
    for each in differences(running.texts, text, whole=running.whole):
        yield version_protocol.Difference(
            uri=_uri(daemon, running.file),
            name=each.name,
            kind=each.kind,
            line=each.line,
            running=each.running,
            disk=each.said,
            in_document=_in_document(daemon, running.file, each),
        )


def _in_document(daemon: Daemon, file: str, difference: Difference) -> str | None:
    """Return what the open document says, if that is something else than either."""
    document = daemon.documents.of_file(file)
    if document is None:
        return None
    said = "\n".join(each.source for each in named(document.text, difference.name))
    return said if said and said not in (difference.running, difference.said) else None


def _uri(daemon: Daemon, file: str) -> str:
    document = daemon.documents.of_file(file)
    return document.uri if document is not None else file_uri(file) or file
