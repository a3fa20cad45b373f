"""What is patched in libraries, and bringing it back: `relive.patches`, `relive.revertPatch`."""

from __future__ import annotations

from functools import partial

from relive.lsp import commands, convert, protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, file_of
from relive.lsp.failures import BadArgumentError
from relive.lsp.folder_session import FolderSession
from relive.lsp.targets import definition_for
from relive.session.definition_answers import Redefinition
from relive.session.requests import RevertRequest


def register(daemon: Daemon) -> None:
    """Offer the patches to the client."""
    on_command = daemon.server.on_command
    on_command(commands.PATCHES, commands.PatchesParams, partial(_patches, daemon))
    on_command(commands.REVERT_PATCH, commands.RevertPatchParams, partial(_revert, daemon))


async def _patches(daemon: Daemon, params: commands.PatchesParams) -> protocol.Patches:
    told = [await session.patches() for session in _meant(daemon, params.uri)]
    file = None if params.uri is None else file_of(params.uri)
    return protocol.Patches(
        [
            convert.patch(item, daemon.documents)
            for patches in told
            for item in patches.items
            if file in (None, item.file)
        ]
    )


async def _revert(daemon: Daemon, params: commands.RevertPatchParams) -> protocol.Redefinition:
    request = _request(daemon, params)
    receipts = []
    for session in _meant(daemon, params.uri):
        receipts.append(await session.revert(request))
        daemon.image.refresh_soon(session)
    nowhere = daemon.places(Document("", "").snapshot())
    return convert.redefinition(_together(receipts), {"": nowhere})


def _request(daemon: Daemon, params: commands.RevertPatchParams) -> RevertRequest:
    if params.uri is None:
        if params.name is not None or params.position is not None:
            raise BadArgumentError("Reverting one definition needs the `uri` of its file.")
        return RevertRequest()
    if params.name is not None or params.position is None:
        return RevertRequest(file_of(params.uri), params.name)
    document = daemon.documents.get(params.uri)
    position = daemon.codec.position(document.table, params.position)
    return RevertRequest(document.file, definition_for(document, position).name)


def _meant(daemon: Daemon, uri: str | None) -> list[FolderSession]:
    """Return the session of the document, without one every session."""
    return daemon.sessions.all() if uri is None else [daemon.sessions.of_document(uri)]


def _together(receipts: list[Redefinition]) -> Redefinition:
    """Return one receipt for what was done in several processes: the first that failed tells."""
    failed = [each for each in receipts if each.status != "ok"]
    changes = tuple(change for each in receipts for change in each.definitions)
    if not failed:
        return Redefinition("ok", changes)
    status = failed[0].status if len(receipts) == 1 else "partial"
    return Redefinition(status, changes, failed[0].error)
