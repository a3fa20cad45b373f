"""The code action that pins the expression at a place with its value."""

from __future__ import annotations

from lsprotocol import types

from relive.lsp import pin_protocol
from relive.lsp.documents import Document
from relive.lsp.encoding import Codec
from relive.lsp.pins.pinning import expression_at
from relive.source.positions import Position

KIND = "refactor.relive.pin"
_LONGEST = 40


def pin_actions(document: Document, codec: Codec, position: Position) -> list[types.CodeAction]:
    """Return the action for the form at a place, if it is or assigns an expression that calls."""
    expression = expression_at(document, position)
    if expression is None or "(" not in expression:
        return []
    line = expression.split("\n")[0]
    shown = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
    title = f"Pin '{shown}' with its value"
    at = codec.to_client(document.table, position)
    argument = {"uri": document.uri, "position": {"line": at.line, "character": at.character}}
    command = types.Command(title, pin_protocol.PIN, arguments=[argument])
    return [types.CodeAction(title=title, kind=KIND, command=command)]
