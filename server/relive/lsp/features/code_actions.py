"""Redefining from the light bulb, and what can be done about errors: `textDocument/codeAction`.

When the editor only looks whether to show the bulb, definitions that were edited since they were
loaded have an action, so that the bulb does not stand on every line. When the user asks, the
definitions at the place always have one, with the reason where it cannot apply. What is patched
can be reverted from there too, the value of a form be kept, a function's calls be captured, and
an expression be pinned.
"""

from __future__ import annotations

from lsprotocol import types

from relive.lsp import capture_actions, commands, pin_actions, problem_actions, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.keep_actions import KIND as KEEP_KIND
from relive.lsp.keep_actions import keep_actions
from relive.source.definitions import Definition, class_at, definitions, function_at
from relive.source.positions import Position


def register(daemon: Daemon) -> None:
    """Offer the actions."""
    actions = CodeActions(daemon)
    options = types.CodeActionOptions(
        code_action_kinds=[
            protocol.CODE_ACTION_KIND,
            KEEP_KIND,
            capture_actions.KIND,
            pin_actions.KIND,
            problem_actions.KIND,
        ]
    )
    daemon.server.on(types.TEXT_DOCUMENT_CODE_ACTION, actions.at, options)


class CodeActions:
    """Finds the actions for a place."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def at(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """Return the actions for the place."""
        document, only = self._daemon.documents.get(params.text_document.uri), params.context.only
        found: list[types.CodeAction] = []
        if _is_wanted(problem_actions.KIND, only):
            range_ = self._daemon.codec.range(document.table, params.range)
            found += problem_actions.problem_actions(self._daemon, document, range_)
        if _is_wanted(protocol.CODE_ACTION_KIND, only):
            found += self._for_definitions(params, document)
        asked = params.context.trigger_kind != types.CodeActionTriggerKind.Automatic
        if asked and _is_wanted(KEEP_KIND, only):
            position = self._daemon.codec.position(document.table, params.range.start)
            found += keep_actions(self._daemon, document, position)
        if asked and _is_wanted(capture_actions.KIND, only):
            position = self._daemon.codec.position(document.table, params.range.start)
            found += capture_actions.capture_actions(self._daemon, document, position)
        if asked and _is_wanted(pin_actions.KIND, only):
            position = self._daemon.codec.position(document.table, params.range.start)
            found += pin_actions.pin_actions(document, self._daemon.codec, position)
        return found

    def _for_definitions(
        self, params: types.CodeActionParams, document: Document
    ) -> list[types.CodeAction]:
        """Return the actions for the definitions around the begin of the range."""
        position = self._daemon.codec.position(document.table, params.range.start)
        state = self._daemon.states.of
        edited = [each for each in definitions(document.text) if state(document, each).is_edited]
        found = definitions_around(document.text, position)
        reverts = [
            _revert(document, each)
            for each in found
            if self._daemon.image.is_patched(document, each)
        ]
        if params.context.trigger_kind == types.CodeActionTriggerKind.Automatic:
            found = [each for each in found if each in edited]
        actions = [self._single(document, definition) for definition in found] + reverts
        if found and any(each not in found for each in edited):
            actions.append(self._all_changed(document))
        return [each for each in actions if each.disabled is None or self._shows_disabled()]

    def _single(self, document: Document, definition: Definition) -> types.CodeAction:
        title = f"Redefine {definition.kind} '{definition.name}' in the running process"
        return self._action(document, redefine_command(title, document.uri, definition.name))

    def _all_changed(self, document: Document) -> types.CodeAction:
        title = "Redefine all changed definitions of this file in the running process"
        command = types.Command(title, commands.REDEFINE, arguments=[{"uri": document.uri}])
        return self._action(document, command)

    def _action(self, document: Document, command: types.Command) -> types.CodeAction:
        reason = self._obstacle(document)
        return types.CodeAction(
            title=command.title,
            kind=protocol.CODE_ACTION_KIND,
            disabled=None if reason is None else types.CodeActionDisabled(reason),
            command=command,
        )

    def _obstacle(self, document: Document) -> str | None:
        """Return why nothing of the document can be redefined now."""
        session = self._daemon.sessions.existing(document.uri)
        info = None if session is None else session.info
        if info is None or info.generation == 0:
            return "No process is running yet: evaluate something first"
        if info.state == "dead":
            return f"The process has ended ({info.reason}): evaluate something to start a new one"
        if not self._daemon.image.is_loaded(document):
            return "This file is not loaded in the process: evaluate it first"
        return None

    def _shows_disabled(self) -> bool:
        supported = self._daemon.server.client_capabilities.text_document
        return bool(supported and supported.code_action and supported.code_action.disabled_support)


def _revert(document: Document, definition: Definition) -> types.CodeAction:
    title = f"Revert patch of '{definition.name}'"
    named = {"uri": document.uri, "name": definition.name}
    command = types.Command(title, commands.REVERT_PATCH, arguments=[named])
    return types.CodeAction(title=title, kind=protocol.CODE_ACTION_KIND, command=command)


def definitions_around(text: str, position: Position) -> list[Definition]:
    """Return what can be redefined at `position`, the function first, then the class around it."""
    found = (function_at(text, position), class_at(text, position))
    return [each for each in found if each is not None]


def redefine_command(title: str, uri: str, name: str) -> types.Command:
    """Return the command that redefines `name`."""
    return types.Command(title, commands.REDEFINE, arguments=[{"uri": uri, "name": name}])


def _is_wanted(ours: str, only: object) -> bool:
    """Whether a kind of ours is, or is of, one of the kinds that are asked for."""
    if not isinstance(only, (list, tuple)):
        return True
    kinds = [str(getattr(kind, "value", kind)) for kind in only]
    return any((ours + ".").startswith(kind + ".") for kind in kinds)
