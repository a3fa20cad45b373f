"""What messages say of values: as results, and as the answers to the `relive.value…` commands.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

import attrs

from relive.lsp.quick_attrs import message


@message
class Value:
    """A value as text, cut to the limits of the settings."""

    text: str
    """A one-piece repr, at most `results.maxLength` characters."""
    type: str
    """The qualified name of the value's class."""
    truncated: bool
    """Whether `text` lacks something of the whole repr."""
    mimes: list[str]
    """Richer forms the object offers; `*`: more, which `relive.valueMimes` tells."""
    ref: str
    """Names this value among those of the session: the `relive.value…` commands take it."""
    detail: str | None
    """A longer text, at most `results.hoverMaxLength` characters; null when `text` is whole."""
    length: int | None = None
    """`len()` of a container or string."""
    summary: str | None = None
    """One line on what is in it, as `DataFrame 1,000 rows × 3 columns`."""
    has_table: bool | None = None
    """Whether `relive.valueTable` shows it."""
    has_children: bool | None = None
    """Whether `relive.valueChildren` finds any."""


@message
class Variable:
    """A value with what it is called in what it is part of."""

    name: str
    """`[0]`, `['key']`, or an attribute's name."""
    value: Value
    has_children: bool


@message
class InspectedValue(Value):
    """A value with the first of its children."""

    children: list[Variable] = attrs.field(factory=list)
    total: int = 0
    """How many children there are in all."""


@message
class Gone:
    """A value that cannot be found again: it was let go of, or its process has ended."""

    gone: str
    """Why, and what to do."""


@message
class ValueText:
    """The whole text of a value."""

    text: str
    truncated: bool
    """Whether it lacks something; where it does, the text says so."""
    length: int
    """Of `text`, in characters."""


@message
class ValueMimes:
    """All the richer forms a value offers."""

    mimes: list[str]


@message
class ValueMime:
    """A value in one of the forms it offers."""

    mime: str
    data: str
    encoding: Literal["text", "base64"]


@message
class ValueChildren:
    """Some of the parts of a value: a container's items, an object's attributes."""

    items: list[Variable]
    total: int
    """How many there are in all."""


@message
class TableColumn:
    """A column of a table."""

    name: str
    dtype: str
    numeric: bool
    """Whether it holds numbers, which line up at the right."""


@message
class ValueTable:
    """A part of a value that is a table."""

    columns: list[TableColumn]
    """Those asked for."""
    total_columns: int
    index_names: list[str]
    """One for each level of the index; empty for one without a name."""
    index: list[list[str]]
    """For each row its label on each level."""
    rows: list[list[str]]
    """For each row its cells in `columns`."""
    total: int
    """How many rows there are in all."""


@message
class Display:
    """A picture, or what else is shown as it was at one moment."""

    mime: str
    data: str
    encoding: Literal["text", "base64"]
