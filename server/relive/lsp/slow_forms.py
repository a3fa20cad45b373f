"""The forms that took long when they ran last: their values are worth keeping."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from relive.lsp.documents import Document, Mark
from relive.source.forms import Form, form_at

LONG_MS = 2000.0
"""From here on one would rather not wait for it again."""
_REMEMBERED = 200


class SlowForms:
    """Where they are in the documents that are open, and what they say."""

    def __init__(self) -> None:
        self._known: list[tuple[Mark, str]] = []
        self.on_change: Callable[[], None] = lambda: None
        """Is called when there are others than before."""

    def concerns(self, duration_ms: float) -> bool:
        """Whether it can make a difference that a statement took so long: hardly ever."""
        return duration_ms >= LONG_MS or bool(self._known)

    def ran(self, mark: Mark, duration_ms: float) -> None:
        """Note how long a statement has taken."""
        others = [each for each in self._known if not _is_same(each[0], mark)]
        was_slow, is_slow = len(others) < len(self._known), duration_ms >= LONG_MS
        if is_slow:
            others.append((mark, mark.document.table.slice(mark.now)))
        self._known = others[-_REMEMBERED:]
        if was_slow != is_slow:
            self.on_change()

    def in_document(self, document: Document) -> Iterator[Form]:
        """Yield the slow forms of a document that still say what they said."""
        for mark, text in self._known:
            if mark.document is document and document.table.slice(mark.now) == text:
                form = form_at(document.text, mark.now.start)
                if form is not None and form.range == mark.now:
                    yield form


def _is_same(one: Mark, other: Mark) -> bool:
    return one.document is other.document and one.now == other.now
