"""Questions about values that were shown, answered by the worker between evaluations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Generic, TypeVar

from relive.session.answers import Error
from relive.session.errors import to_range
from relive.session.events import Displayed
from relive.session.jobs import Job
from relive.session.settings import Settings
from relive.session.translate import to_value
from relive.session.values import (
    Gone,
    InspectedValue,
    NoView,
    OldInstance,
    OldInstances,
    TableColumn,
    ValueChildren,
    ValueMime,
    ValueMimes,
    ValueTable,
    ValueText,
    Variable,
)
from relive.source.quick_dataclasses import dataclass

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_MOST_AT_ONCE = 1_000
"""Rows, columns or children in one answer."""


class View(ABC, Generic[T_co]):
    """A question about a value; its fields are those of the worker's message."""

    op: str
    ref: str | None
    """The value's; None: it is yet to be made."""
    is_quiet = True
    """Whether it is too small to be told of."""
    starts_worker = True
    """Whether it may be asked of a process that has yet to begin."""

    def is_for(self, first: int | None) -> bool:
        """Whether the worker can answer whose first job had this number; None: there is none."""
        if self.ref is None:
            return first is not None or self.starts_worker
        job = self.ref.partition(":")[0]
        known = job.isascii() and job.isdigit() and len(job) < 20
        return first is not None and known and int(job) >= first

    def message(self, settings: Settings) -> dict[str, Any]:
        """Return what to ask the worker."""
        fields: dict[str, Any] = asdict(self)  # type: ignore[call-overload]  # all are dataclasses
        return fields

    @abstractmethod
    def answer(self, data: Any, settings: Settings) -> T_co:
        """Return what the worker says, as an answer."""


@dataclass(frozen=True)
class Inspection(View[InspectedValue]):
    """What an expression gives in the module of `file`, and its parts."""

    op = "inspect"
    ref = None
    expression: str
    file: str | None

    def message(self, settings: Settings) -> dict[str, Any]:
        """See View."""
        return {**super().message(settings), "limits": settings.limits()}

    def answer(self, data: Any, settings: Settings) -> InspectedValue:
        """See View."""
        value = to_value(data["value"], settings)
        children = _children(data["children"], settings)
        return InspectedValue(**vars(value), children=children.items, total=children.total)


@dataclass(frozen=True)
class TextView(View[ValueText]):
    """The whole text of a value."""

    op = "value_text"
    ref: str

    def answer(self, data: Any, settings: Settings) -> ValueText:
        """See View."""
        return ValueText(data["text"], data["truncated"], len(data["text"]))


@dataclass(frozen=True)
class MimesView(View[ValueMimes]):
    """All the richer forms a value offers."""

    op = "value_mimes"
    ref: str

    def answer(self, data: Any, settings: Settings) -> ValueMimes:
        """See View."""
        return ValueMimes(tuple(data))


@dataclass(frozen=True)
class MimeView(View[ValueMime]):
    """A value in one of the forms it offers."""

    op = "value_mime"
    ref: str
    mime: str

    def answer(self, data: Any, settings: Settings) -> ValueMime:
        """See View."""
        return ValueMime(**data)


@dataclass(frozen=True)
class ChildrenView(View[ValueChildren]):
    """Some of the parts of a value."""

    op = "value_children"
    ref: str
    path: tuple[int, ...] = ()
    start: int = 0
    count: int = 100

    def message(self, settings: Settings) -> dict[str, Any]:
        """See View."""
        told = super().message(settings)
        return {**told, "count": bounded(self.count), "limits": settings.limits()}

    def answer(self, data: Any, settings: Settings) -> ValueChildren:
        """See View."""
        return _children(data, settings)


@dataclass(frozen=True)
class LeftoversView(View[OldInstances]):
    """Some of the objects that changes of a definition have left behind."""

    op = "value_leftovers"
    ref = None
    file: str
    name: str
    start: int = 0
    count: int = 100

    def message(self, settings: Settings) -> dict[str, Any]:
        """See View."""
        told = super().message(settings)
        return {**told, "count": bounded(self.count), "limits": settings.limits()}

    def answer(self, data: Any, settings: Settings) -> OldInstances:
        """See View."""
        items = (
            OldInstance(to_value(each["value"], settings), each["why"]) for each in data["items"]
        )
        return OldInstances(tuple(items), data["total"])


@dataclass(frozen=True)
class TableView(View[ValueTable]):
    """Some of the rows of a value that is a table."""

    op = "value_table"
    ref: str
    start: int = 0
    count: int = 100
    first_column: int = 0
    column_count: int = 100
    sort: int | None = None
    descending: bool = False

    def message(self, settings: Settings) -> dict[str, Any]:
        """See View."""
        columns = bounded(self.column_count)
        return {
            **super().message(settings),
            "count": bounded(self.count),
            "column_count": columns,
        }

    def answer(self, data: Any, settings: Settings) -> ValueTable:
        """See View."""
        return ValueTable(
            columns=tuple(TableColumn(**column) for column in data["columns"]),
            total_columns=data["total_columns"],
            index_names=tuple(data["index_names"]),
            index=tuple(map(tuple, data["index"])),
            rows=tuple(map(tuple, data["rows"])),
            total=data["total"],
        )


class Viewing(Job, Generic[T]):
    """A question about a value. It waits its turn, since the value's own code answers it."""

    interruptible = True
    goes_with_others = False  # views ask by themselves: to be refused is news of what nobody did

    def __init__(
        self,
        number: int,
        view: View[T],
        settings: Settings,
        done: Callable[[T | Gone | NoView], None],
    ) -> None:
        super().__init__(number)
        self.ops = frozenset((view.op,))
        self.is_quiet = view.is_quiet
        self._view = view
        self._settings = settings
        self._done = done
        self._answer: T | Gone | NoView = NoView("It was cancelled.")

    def message(self) -> dict[str, Any]:
        """See Job."""
        return {"op": self._view.op, "id": self.id, **self._view.message(self._settings)}

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        self.is_done = True
        if message["gone"] is not None:
            self._answer = Gone(message["gone"])
        elif message["problem"] is not None or message["answer"] is None:
            self._answer = NoView(message["problem"] or "There is nothing to show.")
        else:
            self._answer = self._view.answer(message["answer"], self._settings)
        return None

    def finish(self) -> None:
        """See Job."""
        self._done(self._answer)

    def cancel(self) -> None:
        """See Job."""
        self.finish()

    def died(self, error: Error) -> None:
        """See Job."""
        self._done(gone_with_its_process())


def gone_with_its_process() -> Gone:
    """Return the answer for a value whose process is not there any more."""
    return Gone("The process that had this value has ended. Evaluate the code again to see it.")


def to_displayed(data: dict[str, Any]) -> Displayed:
    """Return a wire Display as an event."""
    return Displayed(
        evaluation=data["id"],
        range=None if data["span"] is None else to_range(data["span"]),
        ref=data["ref"],
        displays=tuple(ValueMime(**each) for each in data["displays"]),
    )


def _children(data: dict[str, Any], settings: Settings) -> ValueChildren:
    items = tuple(_variable(each, settings) for each in data["items"])
    return ValueChildren(items, data["total"])


def _variable(data: dict[str, Any], settings: Settings) -> Variable:
    value = to_value(data["value"], settings)
    return Variable(data["name"], value, bool(value.has_children))


def bounded(count: int) -> int:
    """Return how many of what was asked for are in one answer."""
    return max(0, min(count, _MOST_AT_ONCE))
