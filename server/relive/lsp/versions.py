"""The past of a document's definition, and the differences of process and disk, for the client."""

from __future__ import annotations

import asyncio

import attrs

from relive.lsp import files, version_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.folder_session import FolderSession
from relive.lsp.watching.reading import read_all
from relive.session import versions
from relive.session.answers import file_uri
from relive.session.comparing import Difference, compared
from relive.source.definitions import named


async def past_of(daemon: Daemon, session: FolderSession, uri: str, name: str) -> versions.Past:
    """Look for the versions of a definition; it need not be in the file any more."""
    file = file_of(uri)
    document = daemon.documents.of_file(file)
    text = files.read(file) if document is None else document.text
    running = await session.running(file)
    entries = await asyncio.to_thread(versions.entries_about, session.history, file)
    return versions.Past(file, name, text or "", running, entries)


def told(uri: str, found: versions.Versions) -> version_protocol.Versions:
    """Return the versions as the client takes them."""
    names = [field.name for field in attrs.fields(version_protocol.Version)]
    items = [
        version_protocol.Version(**{name: getattr(each, name) for name in names})
        for each in found.items
    ]
    return version_protocol.Versions(uri, found.name, items)


async def compare(
    daemon: Daemon, session: FolderSession, uri: str | None
) -> version_protocol.Comparison:
    """Compare one file, or all that the session has loaded."""
    running = await session.running(None if uri is None else file_of(uri))
    found = compared(running, await read_all(each.file for each in running))
    return version_protocol.Comparison(
        [_difference(daemon, each) for each in found.items],
        [_uri(daemon, file) for file in found.unreadable],
    )


def _difference(daemon: Daemon, found: Difference) -> version_protocol.Difference:
    return version_protocol.Difference(
        uri=_uri(daemon, found.file),
        name=found.name,
        kind=found.kind,
        line=found.line,
        running=found.running,
        disk=found.disk,
        in_document=_in_document(daemon, found),
    )


def _in_document(daemon: Daemon, found: Difference) -> str | None:
    """Return what the open document says, if that is something else than either."""
    document = daemon.documents.of_file(found.file)
    if document is None:
        return None
    said = "\n".join(each.source for each in named(document.text, found.name))
    return said if said and said not in (found.running, found.disk) else None


def _uri(daemon: Daemon, file: str) -> str:
    document = daemon.documents.of_file(file)
    return document.uri if document is not None else file_uri(file) or file
