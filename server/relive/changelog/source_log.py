"""The history of one source file, as a session adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relive.changelog.documents import DocumentsWritten

if TYPE_CHECKING:
    from relive.changelog.disk import Appended
    from relive.changelog.lines import Record
    from relive.changelog.segments import LogWriter


class SourceLog:
    """Writes records, each with the document that the file has then."""

    def __init__(self, writer: LogWriter) -> None:
        self._writer = writer
        self._documents = DocumentsWritten()

    @property
    def file(self) -> Appended | None:
        """The file that is written."""
        return self._writer.file

    def is_ready(self, document: str | None) -> bool:
        """Whether there is a file that takes a record with that document."""
        return self._writer.is_ready(apart=len(document or ""))

    def begin(self) -> None:
        """Begin the next file."""
        self._documents.start_over()
        self._writer.begin()

    def add(self, record: Record, document: str | None = None) -> None:
        """Write a record."""
        if document is None:
            self._writer.add(record)
        else:
            self._writer.add({**record, "document": self._documents.stored(document)})
            self._documents.keep()

    def take_back(self) -> None:
        """Take the last record away again, if that can be done."""
        self._documents.start_over()
        self._writer.take_back()

    def close(self) -> None:
        """Let go of the file."""
        self._writer.close()
