"""Which shown results are true, and making them so: `relive.rerunStale`, `relive.bringUpToDate`."""

from __future__ import annotations

from functools import partial

from relive.lsp import commands, stale_protocol
from relive.lsp.cheap import CheapOnes
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.rerunning import Rerunning, outdated
from relive.lsp.up_to_date import bring_up_to_date
from relive.session.events import Event, Judged, StateChanged


def register(daemon: Daemon) -> None:
    """Tell the client what becomes of results, and run them again."""
    daemon.sessions.listen(partial(_on_event, daemon, CheapOnes(daemon)), Judged, StateChanged)
    on_command = daemon.server.on_command
    on_command(commands.RERUN_STALE, commands.RerunStaleParams, partial(_rerun_stale, daemon))
    on_command(
        commands.BRING_UP_TO_DATE,
        commands.BringUpToDateParams,
        partial(_bring_up_to_date, daemon),
    )


def _on_event(daemon: Daemon, cheap: CheapOnes, session: FolderSession, event: Event) -> None:
    if isinstance(event, Judged):
        _tell(daemon, session, event)
        if event.stale:
            cheap.stale(session)
    elif isinstance(event, StateChanged) and event.info.state == "idle":
        cheap.idle(session)


def _tell(daemon: Daemon, session: FolderSession, judged: Judged) -> None:
    """Tell of each document's results together; of what stands in none nobody shows any."""
    for uri, numbers in session.results.by_document(judged.stale).items():
        reasons = [judged.stale[each] for each in numbers]
        daemon.outbox.post(stale_protocol.STALE, stale_protocol.StaleParams(uri, numbers, reasons))
    for uri, numbers in session.results.by_document(judged.fresh).items():
        daemon.outbox.post(stale_protocol.FRESH, stale_protocol.FreshParams(uri, numbers))


async def _rerun_stale(daemon: Daemon, params: commands.RerunStaleParams) -> stale_protocol.Rerun:
    """Run stale results again, those of one document or all."""
    answer = stale_protocol.Rerun([], [])
    file = None if params.uri is None else file_of(params.uri)
    for session in daemon.sessions.all():
        rerunning = Rerunning(daemon, session)
        await rerunning.run(partial(outdated, daemon, session, file))
        answer.ran.extend(rerunning.ran)
        answer.left.extend(rerunning.left)
    return answer


async def _bring_up_to_date(
    daemon: Daemon, params: commands.BringUpToDateParams
) -> stale_protocol.UpToDate:
    """Make the process what a fresh run of a document would give."""
    if not daemon.configuration.session.staleness:
        raise RefusedError(
            "Which results are true is not followed: switch relive.results.staleness on, then "
            "restart the session."
        )
    document = daemon.documents.get(params.uri)
    return await bring_up_to_date(daemon, daemon.sessions.of_document(params.uri), document)
