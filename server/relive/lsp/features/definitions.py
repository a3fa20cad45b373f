"""What the editor knows of definitions: `relive.definitions`, and `relive.oldInstances`."""

from __future__ import annotations

from functools import partial

from relive.lsp import commands, convert
from relive.lsp.daemon import Daemon
from relive.lsp.definition_protocol import (
    Definitions,
    DefinitionState,
    OldInstance,
    OldInstances,
)
from relive.lsp.documents import Document, file_of
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.states import State
from relive.lsp.value_protocol import Gone, Value
from relive.session import values
from relive.session.events import Event, Touched
from relive.session.viewing import LeftoversView
from relive.source.definitions import Definition


def register(daemon: Daemon) -> None:
    """Offer the states to the client."""
    on_command = daemon.server.on_command
    params = commands.DefinitionsRequestParams
    on_command(commands.DEFINITIONS, params, partial(_definitions, daemon))
    on_command(commands.OLD_INSTANCES, commands.OldInstancesParams, partial(_old, daemon))
    daemon.sessions.listen(partial(_on_event, daemon), Touched)


def _on_event(daemon: Daemon, session: FolderSession, event: Event) -> None:
    """Ask anew when something was redefined that another connection may have asked for."""
    if isinstance(event, Touched) and event.by == "change" and session.is_shared:
        daemon.image.refresh_soon(session)


async def _definitions(daemon: Daemon, params: commands.DefinitionsRequestParams) -> Definitions:
    """Answer with what is known: nothing waits for a process, and what it says later is news."""
    if params.uri is None:
        _follow(daemon)
        opened = [each.file for each in daemon.documents.all()]
        files = list(dict.fromkeys([*opened, *daemon.image.loaded()]))
    else:
        files = [file_of(params.uri)]
    documents = [daemon.news.document(file) for file in files]
    return Definitions(
        [item for each in documents if each is not None for item in _items(daemon, each)]
    )


async def _old(daemon: Daemon, params: commands.OldInstancesParams) -> OldInstances | Gone:
    view = LeftoversView(file_of(params.uri), params.name, params.start, params.count)
    answer = await daemon.sessions.of_document(params.uri).view(view)
    if isinstance(answer, values.Gone):
        return Gone(answer.gone)
    if isinstance(answer, values.NoView):
        raise RefusedError(answer.reason)
    items = [OldInstance(convert.same(Value, each.value), each.why) for each in answer.items]
    return OldInstances(items, answer.total)


def _follow(daemon: Daemon) -> None:
    daemon.news.follow_all()
    for session in daemon.sessions.all():
        if session.info.pid is not None:
            daemon.image.follow_all_soon(session)


def _items(daemon: Daemon, document: Document) -> list[DefinitionState]:
    return [_item(daemon, document, *each) for each in daemon.news.states(document)]


def _item(
    daemon: Daemon, document: Document, definition: Definition, state: State
) -> DefinitionState:
    codec, table = daemon.codec, document.table
    kind = definition.kind
    return DefinitionState(
        uri=document.uri,
        name=definition.name,
        kind="class" if kind == "class" else "method" if kind == "method" else "function",
        range=codec.range_to_client(table, definition.range),
        header=codec.to_client(table, definition.header),
        state=state.name,
        reason=state.reason,
        running=list(state.running) or None,
        old_instances=state.old_instances or None,
        holders=state.holders or None,
    )
