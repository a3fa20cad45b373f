"""The texts of the statements that an evaluation runs."""

from __future__ import annotations

from functools import cached_property

from relive.session.answers import Origin
from relive.session.requests import EvaluateRequest
from relive.source.margins import table
from relive.source.positions import LineTable, Range, Table


class Texts:
    """What was sent to be run, and the document it stands in."""

    def __init__(self, request: EvaluateRequest) -> None:
        self._request = request

    @cached_property
    def document(self) -> Table:
        """The document; without one nothing."""
        return table(self._request.document or "")

    @cached_property
    def _sent(self) -> LineTable:
        request = self._request
        return LineTable("\n" * request.line + " " * request.column + request.text)

    def of(self, range_: Range, origin: Origin) -> str:
        """Return the text of a statement that ran, whose places are in the one or the other."""
        return self.lines(origin).slice(range_)

    def lines(self, origin: Origin) -> Table:
        """Return the lines of the one or the other."""
        request = self._request
        is_in_document = request.document is not None and not request.detached
        return self.document if is_in_document or origin == "dependency" else self._sent
