"""What is held: `relive.frames`, `relive.resume` and `relive.resumePoint`."""

from __future__ import annotations

from lsprotocol import types

from relive.lsp import protocol, time_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.held import HeldPlaces
from relive.session.answers import file_uri
from relive.session.events import Event, StateChanged
from relive.session.holds import NOTHING_HELD, Hold, Refused, ResumePoint
from relive.session.requests import ResumeRequest
from relive.source.positions import Range


def register(daemon: Daemon) -> None:
    """Offer what is held to the client."""
    feature = HoldingFeature(daemon)
    on_command = daemon.server.on_command
    on_command(time_protocol.FRAMES, time_protocol.FramesParams, feature.frames)
    on_command(time_protocol.RESUME, time_protocol.ResumeParams, feature.resume)
    on_command(time_protocol.RESUME_POINT, time_protocol.ResumePointParams, feature.resume_point)
    daemon.sessions.listen(feature.on_event, StateChanged)


class HoldingFeature:
    """Tells of what is held, and has it go on."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._places: dict[FolderSession, HeldPlaces] = {}

    def on_event(self, session: FolderSession, event: Event) -> None:
        """Follow the frames of what is held from when it is."""
        if isinstance(event, StateChanged) and (session in self._places or event.info.holds):
            self._of(session).look(session)

    async def frames(self, params: time_protocol.FramesParams) -> time_protocol.HeldFrames:
        """Return all that is held, with the values of its frames."""
        session = self._daemon.sessions.chosen(params.uri)
        found = await session.frames()
        holds = {hold.number: hold for hold in session.holds}
        places = self._of(session)
        places.look(session)
        items = []
        for frame in found:
            hold = holds.get(frame.hold)
            if hold is not None:
                document = self._daemon.held_document(session, hold)
                items.append(places.told(frame, hold, document))
        return time_protocol.HeldFrames(items)

    async def resume(self, params: time_protocol.ResumeParams) -> protocol.Evaluation:
        """Have what is held go on, and return what comes of its evaluation."""
        session = self._daemon.sessions.chosen(params.uri)
        hold, line = self._meant(session, params)
        frame, document = params.frame or 0, None
        if params.action == "retryStatement":
            document = self._document(hold, frame)
        about = params.value, line, hold.number
        request = ResumeRequest(params.action, frame, *about, document=document)
        if params.confirmed is False and line is None and params.action == "retryStatement":
            _check_certain(await session.resume_point(request))
        return await self._daemon.resume(session, hold, request, params.token)

    async def resume_point(
        self, params: time_protocol.ResumePointParams
    ) -> time_protocol.ResumePoint:
        """Return where `retryStatement` would go on."""
        session = self._daemon.sessions.chosen(params.uri)
        hold, line = self._meant(session, params)
        frame = params.frame or 0
        document = self._document(hold, frame)
        request = ResumeRequest("retryStatement", frame, None, line, hold.number, document=document)
        point = await session.resume_point(request)
        if isinstance(point, Refused):
            raise RefusedError(_sentence(point.reason))
        return self._point(point)

    def _of(self, session: FolderSession) -> HeldPlaces:
        return self._places.setdefault(session, HeldPlaces(self._daemon))

    def _meant(
        self,
        session: FolderSession,
        params: time_protocol.ResumeParams | time_protocol.ResumePointParams,
    ) -> tuple[Hold, int | None]:
        """Return what is to go on, and the line that was chosen for it."""
        hold = session.hold(params.hold)
        if hold is None:
            raise RefusedError(NOTHING_HELD.reason)
        if params.position is None:
            return hold, None
        document = self._of(session).around(hold.number, params.frame or 0)
        if document is None:
            raise RefusedError("The frame's file is not open. Open it to choose a line in it.")
        return hold, self._daemon.codec.position(document.table, params.position)[0]

    def _document(self, hold: Hold, frame: int) -> str | None:
        """Return what the file has now that a frame of top-level code is from, if it is open."""
        found = next((each.at for each in hold.frames if each.frame == frame), None)
        if found is None or found.name != "<module>":
            return None
        document = self._daemon.documents.of_file(found.file)
        return None if document is None else document.text

    def _point(self, point: ResumePoint) -> time_protocol.ResumePoint:
        document = self._daemon.documents.of_file(point.file)
        if document is None:
            start, end = types.Position(point.line, 0), types.Position(point.end_line + 1, 0)
            range_, uri = types.Range(start, end), file_uri(point.file)
        else:
            text = document.table.line(min(point.line, document.table.count - 1))
            last = min(point.end_line, document.table.count - 1)
            start_column = len(text) - len(text.lstrip())
            end_column = len(document.table.line(last).rstrip())
            where = Range((point.line, start_column), (last, end_column))
            range_, uri = self._daemon.codec.range_to_client(document.table, where), document.uri
        return time_protocol.ResumePoint(uri, range_, point.certain, point.note)


def _check_certain(point: ResumePoint | Refused) -> None:
    if isinstance(point, Refused):
        raise RefusedError(_sentence(point.reason))
    if not point.certain:
        note = "" if point.note is None else f" ({point.note})"
        raise RefusedError(
            f"It is not certain that line {point.line + 1} is where it failed{note}."
            " Confirm it, or choose the line."
        )


def _sentence(reason: str) -> str:
    """Return a reason of the process's as a sentence."""
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."
