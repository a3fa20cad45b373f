"""Running again from a form on: `relive.rerunFromHere` and `relive.rerunOffer`."""

from __future__ import annotations

import itertools
from functools import partial

from relive.lsp import convert, protocol, rewind_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.failures import BadArgumentError, refused_if
from relive.lsp.folder_session import FolderSession
from relive.lsp.from_here import FromHere, Piece, from_evaluation, from_place
from relive.lsp.redefining import redefine, text_now
from relive.lsp.rerunning import Rerunning
from relive.session.answers import file_uri
from relive.session.definition_answers import Redefinition
from relive.session.requests import EvaluateRequest, RevertRequest
from relive.session.rewinds import CannotRewindError, request_again
from relive.source.definitions import definitions

_TOKENS = itertools.count(1)
_GOES_ON = ("ok", "partial")


def register(daemon: Daemon) -> None:
    """Offer it to the client."""
    on_command, params = daemon.server.on_command, rewind_protocol.RerunFromHereParams
    on_command(rewind_protocol.RERUN_OFFER, params, partial(_offer, daemon))
    on_command(rewind_protocol.RERUN_FROM_HERE, params, partial(_rerun, daemon))


async def _offer(
    daemon: Daemon, params: rewind_protocol.RerunFromHereParams
) -> rewind_protocol.RerunOffer:
    session = daemon.sessions.chosen(params.uri)
    planned = _planned(daemon, session, params)
    with refused_if(CannotRewindError):
        back = convert.rewind_offer(session.rewind_offer(planned.first.number))
    return rewind_protocol.RerunOffer(back, [each.label for each in planned.pieces])


async def _rerun(
    daemon: Daemon, params: rewind_protocol.RerunFromHereParams
) -> rewind_protocol.RerunFromHere:
    session = daemon.sessions.chosen(params.uri)
    planned = _planned(daemon, session, params)
    with refused_if(CannotRewindError):
        rewound = convert.rewound(await session.rewind(planned.first.number))
    daemon.image.refresh_soon(session)
    running = _Running(daemon, session)
    left = planned.pieces
    if rewound.rewind is not None and rewound.rewind.failed is None:
        left = await running.run(planned.pieces)
    return rewind_protocol.RerunFromHere(rewound, running.ran, [each.label for each in left])


def _planned(
    daemon: Daemon, session: FolderSession, params: rewind_protocol.RerunFromHereParams
) -> FromHere:
    if params.evaluation is not None:
        return from_evaluation(session, params.evaluation, failed=bool(params.failed))
    if params.position is None:
        raise BadArgumentError("It needs a `position`, or an `evaluation`.")
    document = daemon.documents.get(params.uri)
    return from_place(session, document, daemon.codec.position(document.table, params.position))


class _Running:
    """Pieces that run, one after the other, until one fails."""

    def __init__(self, daemon: Daemon, session: FolderSession) -> None:
        self._daemon = daemon
        self._session = session
        self._rerunning = Rerunning(daemon, session)
        self.ran = self._rerunning.ran

    async def run(self, pieces: list[Piece]) -> list[Piece]:
        """Run them; return those that were left as one failed."""
        for number, piece in enumerate(pieces):
            if await self._run(piece) not in _GOES_ON:
                return pieces[number + 1 :]
        return []

    async def _run(self, piece: Piece) -> str:
        """Run one; return its status."""
        if piece.is_change:
            return (await self._change(piece)).status
        shown = piece.shown
        if shown is not None and self._rerunning.is_open(shown):
            return (await self._rerunning.evaluate(shown.document.uri, piece.range)).status
        for part in piece.parts[:-1]:  # as they stand in a file that is not open
            if (status := await self._run(part)) not in _GOES_ON:
                return status
        request = request_again((piece.parts or [piece])[-1].steps[-1])
        assert isinstance(request, EvaluateRequest)
        answer = await self._daemon.run_again(self._session, request, f"here:{next(_TOKENS)}")
        self.ran.append(answer)
        return answer.status

    async def _change(self, piece: Piece) -> Redefinition | protocol.Redefinition:
        """Bring definitions in as their files have them now."""
        request = request_again(piece.steps[-1])
        if isinstance(request, RevertRequest):
            return await self._session.revert(request)
        change = piece.steps[-1].change
        files = [change.file, *(file for file, _ in change.others)]
        texts = [text_now(self._daemon, file_uri(file) or file) for file in files if file]
        if change.name is not None and not _defines(texts[0].table.text, change.name):
            return Redefinition("ok")  # what the text has no more is not brought in
        about = self._daemon, self._session, texts
        return await redefine(*about, name=change.name, unasked=change.unasked)


def _defines(text: str, name: str) -> bool:
    return any(each.name == name for each in definitions(text))
