"""Going back: `relive.rewind`, `relive.rewindOffer` and `relive.undoEvaluation`."""

from __future__ import annotations

from functools import partial

from relive.lsp import convert, rewind_protocol, stale_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.failures import refused_if
from relive.lsp.folder_session import FolderSession
from relive.session.answers import file_uri
from relive.session.events import Event, Rewound
from relive.session.rewinds import CannotRewindError


def register(daemon: Daemon) -> None:
    """Offer going back to the client."""
    on_command = daemon.server.on_command
    params = rewind_protocol.RewindParams
    on_command(rewind_protocol.REWIND, params, partial(_rewind, daemon))
    on_command(
        rewind_protocol.REWIND_OFFER, rewind_protocol.RewindOfferParams, partial(_offer, daemon)
    )
    on_command(
        rewind_protocol.UNDO_EVALUATION,
        rewind_protocol.UndoEvaluationParams,
        partial(_undo, daemon),
    )
    daemon.sessions.listen(partial(_on_event, daemon), Rewound)


async def _rewind(
    daemon: Daemon, params: rewind_protocol.RewindParams
) -> rewind_protocol.RewoundSession:
    return await _back(daemon, params.uri, params.evaluation)


async def _undo(
    daemon: Daemon, params: rewind_protocol.UndoEvaluationParams
) -> rewind_protocol.RewoundSession:
    return await _back(daemon, params.uri, None)


async def _back(
    daemon: Daemon, uri: str | None, evaluation: int | None
) -> rewind_protocol.RewoundSession:
    session = daemon.sessions.chosen(uri)
    with refused_if(CannotRewindError):
        rewound = await session.rewind(evaluation)
    daemon.look_again(session)
    return convert.rewound(rewound)


async def _offer(
    daemon: Daemon, params: rewind_protocol.RewindOfferParams
) -> rewind_protocol.RewindOffer:
    session = daemon.sessions.chosen(params.uri)
    with refused_if(CannotRewindError):
        return convert.rewind_offer(session.rewind_offer(params.evaluation))


def _on_event(daemon: Daemon, _session: FolderSession, event: Event) -> None:
    """Tell which results are no longer true, those of each document together."""
    if not isinstance(event, Rewound):
        return
    by_document: dict[str, list[str]] = {}
    for file, result in event.results:
        uri = file_uri(file)
        if uri is not None:
            by_document.setdefault(uri, []).append(result)
    for uri, results in by_document.items():
        reasons = [event.because(rewind_protocol.REWOUND)] * len(results)
        daemon.outbox.post(stale_protocol.STALE, stale_protocol.StaleParams(uri, results, reasons))
