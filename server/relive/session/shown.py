"""A value that was shown, for Python callers: what can be asked of it."""

from __future__ import annotations

from typing import Protocol, TypeVar

from relive.session.values import ValueChildren, ValueMime, ValueMimes, ValueTable, ValueText
from relive.session.viewing import ChildrenView, MimesView, MimeView, TableView, TextView, View

T = TypeVar("T")


class GoneError(LookupError):
    """The value was let go of, or its process has ended; says what to do."""


class NoViewError(ValueError):
    """The value cannot be shown in the way that was asked for; says why."""


class Look(Protocol):
    """Puts a question and returns its answer."""

    def __call__(self, view: View[T], /) -> T:
        """Return the answer to `view`."""


class ShownValue:
    """A value by its `ref`. Each question waits until nothing runs.

    All raise GoneError when there is no such value any more, and NoViewError when it cannot be
    shown so.
    """

    def __init__(self, ref: str, look: Look) -> None:
        self.ref = ref
        self._look = look

    def text(self) -> ValueText:
        """Return the whole text."""
        return self._look(TextView(self.ref))

    def mimes(self) -> ValueMimes:
        """Return all the richer forms it offers, also those only its own code can tell."""
        return self._look(MimesView(self.ref))

    def mime(self, mime: str) -> ValueMime:
        """Return it in one of them."""
        return self._look(MimeView(self.ref, mime))

    def children(
        self, start: int = 0, count: int = 100, path: tuple[int, ...] = ()
    ) -> ValueChildren:
        """Return some of its parts, or of the part that is at the end of `path`, by numbers."""
        return self._look(ChildrenView(self.ref, path, start, count))

    def table(
        self,
        start: int = 0,
        count: int = 100,
        *,
        sort: int | None = None,
        descending: bool = False,
        first_column: int = 0,
        column_count: int = 100,
    ) -> ValueTable:
        """Return some of its rows, sorted by the column numbered `sort` (-1: the index)."""
        view = TableView(self.ref, start, count, first_column, column_count, sort, descending)
        return self._look(view)
