"""Capturing the calls of a function, from the light bulb; and an end of it."""

from __future__ import annotations

from lsprotocol import types

from relive.lsp import capture_protocol, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.source.definitions import definition_at
from relive.source.positions import Position

KIND = f"{protocol.CODE_ACTION_KIND}.capture"


def capture_actions(
    daemon: Daemon, document: Document, position: Position
) -> list[types.CodeAction]:
    """Return the action that begins or ends to capture the innermost function at a place.

    Without a process there is none: beside one that can be used the editor hides those that
    cannot, and their reasons.
    """
    found = definition_at(document.text, position)
    session = daemon.sessions.existing(document.uri)
    if found is None or found.kind == "class" or session is None or session.info.pid is None:
        return []
    if (document.file, found.name) in session.wishes.functions():
        title, name = f"Stop capturing calls of '{found.name}'", capture_protocol.STOP_CAPTURING
    else:
        title, name = f"Capture calls of '{found.name}'", capture_protocol.CAPTURE_CALLS
    command = types.Command(title, name, arguments=[{"uri": document.uri, "name": found.name}])
    return [types.CodeAction(title=title, kind=KIND, command=command)]
