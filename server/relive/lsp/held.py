"""Where the frames of held errors are, in documents that are edited meanwhile."""

from __future__ import annotations

from lsprotocol import types

from relive.lsp import convert, error_protocol, time_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, Mark
from relive.lsp.folder_session import FolderSession
from relive.session.holds import HeldFrame, Hold
from relive.source.definitions import named
from relive.source.positions import Range

_ERROR_LENGTH = 300
"""Characters of an error's one line."""


class HeldPlaces:
    """Follows the frames of what one session holds."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._marks: dict[tuple[int, int], Mark] = {}
        """Of frames in open documents, by hold and frame."""
        self._known: set[int] = set()

    def look(self, session: FolderSession) -> None:
        """Take note of what is held now."""
        holds = {hold.number: hold for hold in session.holds}
        self._marks = {key: mark for key, mark in self._marks.items() if key[0] in holds}
        for number in holds.keys() - self._known:
            for frame in holds[number].frames:
                self._mark(frame)
        self._known = set(holds)

    def _mark(self, frame: HeldFrame) -> None:
        document = self._daemon.documents.of_file(frame.at.file)
        if document is None:
            return
        places = self._daemon.places(Document("", "").snapshot())
        line = min(places.frame(frame.at).line, document.table.count - 1)
        self._marks[frame.hold, frame.frame] = Mark(document.snapshot(), _line(document, line))

    def told(self, frame: HeldFrame, hold: Hold, document: str | None) -> time_protocol.HeldFrame:
        """Return a frame as a message; `document` is the one whose text is evaluated."""
        mark = self._mark_of(frame)
        range_ = _outside(frame) if mark is None else self._range(mark)
        locals_ = [convert.same(error_protocol.Local, each) for each in frame.locals]
        return time_protocol.HeldFrame(
            hold=frame.hold,
            frame=frame.frame,
            name=frame.at.name,
            uri=frame.at.to_json()["uri"] if mark is None else mark.document.uri,
            range=range_,
            text=frame.at.text,
            locals=locals_,
            can_retry=frame.can_retry,
            can_restart=frame.can_restart,
            can_return=frame.can_return,
            error=_in_one_line(hold),
            why_not=frame.why_not,
            thread=frame.thread,
            evaluation=hold.evaluation,
            document=document,
            locals_omitted=frame.locals_omitted or None,
            foreign=frame.foreign or None,
            depth=frame.depth,
            function=None if mark is None else self._function(mark, frame.at.name),
        )

    def _range(self, mark: Mark) -> types.Range:
        line = mark.now.start[0]
        return self._daemon.codec.range_to_client(mark.document.table, _line(mark.document, line))

    def _function(self, mark: Mark, name: str) -> types.Range | None:
        table, line = mark.document.table, mark.now.start[0]
        ranges = (each.range for each in named(table.text, name))
        around = (each for each in ranges if each.start[0] <= line <= each.end[0])
        found = next(around, None)
        return None if found is None else self._daemon.codec.range_to_client(table, found)

    def _mark_of(self, frame: HeldFrame) -> Mark | None:
        mark = self._marks.get((frame.hold, frame.frame))
        is_open = mark is not None and self._daemon.documents.of_file(frame.at.file)
        return mark if is_open else None

    def around(self, hold: int, frame: int) -> Document | None:
        """Return the open document that a frame is in."""
        mark = self._marks.get((hold, frame))
        return None if mark is None else mark.document


def _line(document: Document, line: int) -> Range:
    text = document.table.line(line)
    return Range((line, len(text) - len(text.lstrip())), (line, len(text.rstrip())))


def _outside(frame: HeldFrame) -> types.Range:
    line = types.Position(frame.at.line, 0)
    return types.Range(line, line)


def _in_one_line(hold: Hold) -> str:
    told = f"{hold.error.type}: {hold.error.message}" if hold.error.message else hold.error.type
    return told.split("\n", 1)[0][:_ERROR_LENGTH]
