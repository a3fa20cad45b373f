"""What can be done at a place, for a client that has no commands of its own: as code actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
from lsprotocol import types

from relive.lsp import commands, protocol, rewind_protocol, time_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.folder_session import FolderSession
from relive.lsp.plain.doing import done_apart
from relive.lsp.rpc import Handler
from relive.session.holds import Hold
from relive.source.cells import cell_at
from relive.source.forms import form_at, selection
from relive.source.positions import Range

KIND = f"{protocol.CODE_ACTION_KIND}.run"


class Actions:
    """Puts what can be run, and what is held, before the actions there are."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def at(self, others: Handler, params: types.CodeActionParams) -> list[types.CodeAction]:
        """Return the actions for a place, none of which is waited for."""
        theirs: list[types.CodeAction] = await others(params)
        document, only = self._daemon.documents.get(params.text_document.uri), params.context.only
        asked = params.context.trigger_kind != types.CodeActionTriggerKind.Automatic
        ours = self._ours(document, params.range) if asked and _is_wanted(only) else ()
        found = [_action(each) for each in ours]
        return [*found, *(_without_waiting(each) for each in theirs)]

    def _ours(self, document: Document, range_: types.Range) -> Iterator[types.Command]:
        session = self._daemon.sessions.existing(document.uri)
        if session is not None:
            yield from _held(session, document.uri)
        yield from self._evaluations(document, range_)
        if session is not None and session.info.pid is not None:
            yield from _of_process(session, document.uri)

    def _evaluations(self, document: Document, range_: types.Range) -> Iterator[types.Command]:
        uri, at = document.uri, {"position": _json(range_.start)}
        selected = self._daemon.codec.range(document.table, range_)
        position = selected.start
        statement = selection = None
        if form_at(document.text, position) is not None:
            statement = _evaluate("Evaluate this statement", uri, "form", at)
        if _holds_code(document.text, selected):
            ends = {"start": _json(range_.start), "end": _json(range_.end)}
            selection = _evaluate("Evaluate the selection", uri, "selection", {"range": ends})
        either = (statement, selection) if _is_caret(selected) else (selection, statement)
        yield from filter(None, either)
        if cell_at(document.text, position) is not None:
            yield _evaluate("Evaluate this cell", uri, "cell", at)
        yield _evaluate("Evaluate to here", uri, "toHere", at)
        yield _evaluate("Evaluate this file", uri, "file", {})


def _is_caret(range_: Range) -> bool:
    """Whether nothing is selected, or as much as a caret is in editors where that is a block."""
    (line, column), (last, end) = range_.start, range_.end
    return line == last and end - column <= 1


def _holds_code(text: str, range_: Range) -> bool:
    return range_.start != range_.end and selection(text, range_) is not None


def _evaluate(title: str, uri: str, scope: str, more: dict[str, Any]) -> types.Command:
    argument = {"uri": uri, "scope": scope, **more}
    return types.Command(title, commands.EVALUATE, arguments=[argument])


def _held(session: FolderSession, uri: str) -> Iterator[types.Command]:
    """Yield what can be done about the error that was held last."""
    hold = session.hold(None)
    if hold is None:
        return
    for frame in hold.frames[:1]:
        where = f"{frame.at.name}, line {frame.at.line + 1}"
        if frame.can_retry:
            yield _resume(f"Retry from the failing statement: {where}", hold, "retryStatement", uri)
        if frame.can_restart:
            yield _resume(f"Run {frame.at.name} again from its start", hold, "restartFrame", uri)
    yield _resume(f"Let go of the held {hold.error.type}", hold, "abandon", uri)


def _resume(title: str, hold: Hold, action: str, uri: str) -> types.Command:
    argument = {"action": action, "hold": hold.number, "uri": uri}
    return types.Command(title, time_protocol.RESUME, arguments=[argument])


def _of_process(session: FolderSession, uri: str) -> Iterator[types.Command]:
    """Yield what is about the process as a whole."""
    if session.info.state == "busy":
        yield types.Command("Interrupt what runs", commands.INTERRUPT, arguments=[{"uri": uri}])
    for title, name in _PROCESS.items():
        yield types.Command(title, name, arguments=[{"uri": uri}])


_PROCESS = {
    "Re-run stale results": commands.RERUN_STALE,
    "Bring this file up to date": commands.BRING_UP_TO_DATE,
    "Undo the last redefinition": commands.UNDO,
    "Undo the last evaluation": rewind_protocol.UNDO_EVALUATION,
    "Start a fresh process": commands.RESTART,
}
"""What has no place in the text."""


def _action(command: types.Command) -> types.CodeAction:
    return types.CodeAction(title=command.title, kind=KIND, command=done_apart(command))


def _without_waiting(action: types.CodeAction) -> types.CodeAction:
    command = None if action.command is None else done_apart(action.command)
    return attrs.evolve(action, command=command)


def _is_wanted(only: object) -> bool:
    """Whether our kind is, or is of, one of the kinds that are asked for."""
    if not isinstance(only, (list, tuple)):
        return True
    kinds = [str(getattr(kind, "value", kind)) for kind in only]
    return any((KIND + ".").startswith(kind + ".") for kind in kinds)


def _json(position: types.Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}
