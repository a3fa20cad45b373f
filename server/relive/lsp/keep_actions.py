"""Having the value of a form kept, from the light bulb: the comment that asks for it, and back."""

from __future__ import annotations

from lsprotocol import types

from relive.lsp import protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.source.forms import Form, form_at
from relive.source.keep_edits import Edit, marked, unmarked
from relive.source.positions import Position
from relive.source.pragmas import forms_with

KIND = f"{protocol.CODE_ACTION_KIND}.keep"
KEPT_KINDS = ("assignment", "statement")
"""Kinds of forms that may bind names to values."""


def keep_actions(daemon: Daemon, document: Document, position: Position) -> list[types.CodeAction]:
    """Return the action that marks the form at a place, or that takes its mark away."""
    form = form_at(document.text, position)
    if form is None:
        return []
    if form in forms_with(document.text, "keep"):
        edits = unmarked(document.text, form)
        return [_action(daemon, document, "Keep this value no longer", edits)]
    if form.kind not in KEPT_KINDS:
        return []
    return [_action(daemon, document, _title(form), [marked(document.text, form)])]


def keep_edit(daemon: Daemon, document: Document, position: Position) -> types.WorkspaceEdit | None:
    """Return the edit that marks the form at a place, or takes its mark away; None: it cannot."""
    found = keep_actions(daemon, document, position)
    return found[0].edit if found else None


def _title(form: Form) -> str:
    names = ", ".join(form.binds[:3])
    return f"Keep the value of {names}" if names else "Keep this value"


def _action(daemon: Daemon, document: Document, title: str, edits: list[Edit]) -> types.CodeAction:
    changes = [
        types.TextEdit(daemon.codec.range_to_client(document.table, range_), text)
        for range_, text in edits
    ]
    edit = types.WorkspaceEdit(changes={document.uri: changes})
    return types.CodeAction(title=title, kind=KIND, edit=edit)
