"""Where the code stands that evaluations were asked for, as its documents are edited."""

from __future__ import annotations

from collections.abc import Iterable

from relive.lsp.documents import Document, Mark
from relive.lsp.result_places import Shown, shown_at

_MOST = 5_000


class EvaluatedPlaces:
    """Of one session's evaluations, the latest at the end."""

    def __init__(self) -> None:
        self._shown: dict[int, Shown] = {}

    def note(self, evaluation: int, mark: Mark | None) -> None:
        """Note where the code of an evaluation stands; None: in no document."""
        if mark is not None:
            self._shown[evaluation] = shown_at(str(evaluation), mark)
            if len(self._shown) > _MOST:
                del self._shown[next(iter(self._shown))]

    def find(self, numbers: Iterable[int]) -> Shown | None:
        """Return where that of an evaluation stands, by any of its numbers."""
        return next((self._shown[each] for each in numbers if each in self._shown), None)

    def opened(self, document: Document) -> None:
        """Find what stood in a file that was closed in the document that it is now."""
        for shown in self._shown.values():
            if shown.document.file == document.file and shown.document is not document:
                shown.follow(document)
