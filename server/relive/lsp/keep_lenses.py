"""Lenses of kept values: over forms that keep theirs, and over those that took long."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from relive.lsp import commands
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.keep_actions import KEPT_KINDS
from relive.source.forms import Form
from relive.source.pragmas import forms_with


def keep_lenses(daemon: Daemon, document: Document) -> Iterator[types.CodeLens]:
    """Yield the lenses of a document: each puts the mark in, or takes it out."""
    if not _can_edit(daemon):
        return
    marked = forms_with(document.text, "keep")
    for form in marked:
        yield _lens(daemon, document, form, "keeps its value · keep it no longer")
    for form in daemon.slow.in_document(document):
        if form not in marked and form.kind in KEPT_KINDS and form.binds:
            yield _lens(daemon, document, form, "took long · keep its value")


def _lens(daemon: Daemon, document: Document, form: Form, title: str) -> types.CodeLens:
    start = daemon.codec.to_client(document.table, form.range.start)
    argument = {
        "uri": document.uri,
        "position": {"line": start.line, "character": start.character},
    }
    command = types.Command(title, commands.KEEP_VALUE, arguments=[argument])
    return types.CodeLens(range=types.Range(start, start), command=command)


def _can_edit(daemon: Daemon) -> bool:
    supported = daemon.server.client_capabilities.workspace
    return bool(supported and supported.apply_edit)
