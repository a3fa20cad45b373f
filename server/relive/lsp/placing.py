"""The receipt of a change that did not come from a document: its places are found by name."""

from __future__ import annotations

import attrs

from relive.lsp import convert, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, file_of
from relive.session.definition_answers import Redefinition
from relive.source.definitions import find
from relive.source.positions import Range


def placed(daemon: Daemon, receipt: Redefinition) -> protocol.Redefinition:
    """Return a receipt with the lines at which open documents have its definitions now."""
    nowhere = daemon.places(Document("", "").snapshot())
    told = convert.redefinition(receipt, {"": nowhere})
    return attrs.evolve(told, definitions=[_in_document(daemon, each) for each in told.definitions])


def _in_document(daemon: Daemon, change: protocol.DefinitionChange) -> protocol.DefinitionChange:
    document = None if change.uri is None else daemon.documents.of_file(file_of(change.uri))
    found = None if document is None else find(document.text, change.name)
    if document is None or found is None:
        return change
    line = found.header[0]
    end = len(document.table.line(line).rstrip())
    range_ = daemon.codec.range_to_client(document.table, Range(found.header, (line, end)))
    return attrs.evolve(change, uri=document.uri, range=range_)
