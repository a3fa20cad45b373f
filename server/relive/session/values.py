"""What can be told of a value that was shown: the answers to questions about it."""

from __future__ import annotations

from typing import Literal

from relive.session.answers import Answer, Value
from relive.source.quick_dataclasses import dataclass


@dataclass(frozen=True)
class Gone(Answer):
    """The value cannot be found again: it was let go of, or its process has ended."""

    gone: str
    """Why, and what to do."""


@dataclass(frozen=True)
class NoView:
    """The value cannot be shown in the way that was asked for."""

    reason: str


@dataclass(frozen=True)
class ValueText(Answer):
    """The whole text of a value."""

    text: str
    truncated: bool
    """Whether it lacks something; where it does, the text says so."""
    length: int
    """Of `text`, in characters."""


@dataclass(frozen=True)
class ValueMimes(Answer):
    """All the richer forms a value offers."""

    mimes: tuple[str, ...]


@dataclass(frozen=True)
class ValueMime(Answer):
    """A value in one of the forms it offers."""

    mime: str
    data: str
    encoding: Literal["text", "base64"]


@dataclass(frozen=True)
class Variable(Answer):
    """A value with what it is called in what it is part of."""

    name: str
    """`[0]`, `['key']`, or an attribute's name."""
    value: Value
    has_children: bool


@dataclass(frozen=True)
class ValueChildren(Answer):
    """Some of the parts of a value: a container's items, an object's attributes."""

    items: tuple[Variable, ...]
    total: int
    """How many there are in all."""


@dataclass(frozen=True)
class InspectedValue(Value):
    """A value with the first of its children."""

    children: tuple[Variable, ...] = ()
    total: int = 0
    """How many children there are in all."""


@dataclass(frozen=True)
class OldInstance(Answer):
    """An object that a change of its class, or of what it holds, has left behind."""

    value: Value
    why: Literal["made before", "holds a replaced object"]


@dataclass(frozen=True)
class OldInstances(Answer):
    """Some of the objects that changes of a definition have left behind."""

    items: tuple[OldInstance, ...]
    total: int
    """How many there are in all."""


@dataclass(frozen=True)
class TableColumn(Answer):
    """A column of a table."""

    name: str
    dtype: str
    numeric: bool
    """Whether it holds numbers, which line up at the right."""


@dataclass(frozen=True)
class ValueTable(Answer):
    """A part of a value that is a table."""

    columns: tuple[TableColumn, ...]
    """Those asked for."""
    total_columns: int
    index_names: tuple[str, ...]
    """One for each level of the index; empty for one without a name."""
    index: tuple[tuple[str, ...], ...]
    """For each row its label on each level."""
    rows: tuple[tuple[str, ...], ...]
    """For each row its cells in `columns`."""
    total: int
    """How many rows there are in all."""
