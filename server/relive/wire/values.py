"""The messages about values: questions on the main channel, and their answers."""

from __future__ import annotations

from typing import Literal, TypedDict

from relive.wire import naming


class Limits(TypedDict):
    """How values are cut. Lengths in characters, the budget in seconds."""

    text: int
    detail: int
    repr_budget: float


class Inspect(TypedDict):
    """Evaluate an expression in the module of `file`, and look at what it gives."""

    op: Literal["inspect"]
    id: int
    file: str | None
    expression: str
    limits: Limits


class ValueText(TypedDict):
    """Ask for the whole text of a value that was shown."""

    op: Literal["value_text"]
    id: int
    ref: str


class ValueMimes(TypedDict):
    """Ask for all the richer forms it offers."""

    op: Literal["value_mimes"]
    id: int
    ref: str


class ValueMime(TypedDict):
    """Ask for it in one of them."""

    op: Literal["value_mime"]
    id: int
    ref: str
    mime: str


class ValueChildren(TypedDict):
    """Ask for some of its parts."""

    op: Literal["value_children"]
    id: int
    ref: str
    path: list[int]
    """Numbers of children on the way down to the part whose parts are meant."""
    start: int
    count: int
    limits: Limits


class ValueLeftovers(TypedDict):
    """Ask for some of the objects that changes of a definition have left behind."""

    op: Literal["value_leftovers"]
    id: int
    file: str
    name: str
    start: int
    count: int
    limits: Limits


class ValueTable(TypedDict):
    """Ask for some of the rows of a value that is a table."""

    op: Literal["value_table"]
    id: int
    ref: str
    start: int
    count: int
    first_column: int
    column_count: int
    sort: int | None
    """The number of the column the rows are sorted by; -1: the index."""
    descending: bool


# -- worker to daemon ----------------------------------------------------------------------


class Value(TypedDict):
    """A value as text."""

    text: str
    type: str
    length: int | None
    truncated: bool
    mimes: list[str]
    ref: str
    detail: str | None
    summary: str | None
    has_table: bool
    has_children: bool


class Variable(TypedDict):
    """A value with its name in what it is part of."""

    name: str
    value: Value


class Text(TypedDict):
    """A whole text, or as much of it as there is room for."""

    text: str
    truncated: bool


class Data(TypedDict):
    """A value in one of the forms it offers."""

    mime: str
    data: str
    encoding: Literal["text", "base64"]


class Children(TypedDict):
    """Some of the parts of a value."""

    items: list[Variable]
    total: int


class Inspected(TypedDict):
    """What an expression gave, and the first of its parts."""

    value: Value
    children: Children


class Leftover(TypedDict):
    """An object made before its class made them otherwise, or one that holds what was replaced."""

    value: Value
    why: Literal["made before", "holds a replaced object"]


class Leftovers(TypedDict):
    """Some of the objects that were left behind."""

    items: list[Leftover]
    total: int


class Column(TypedDict):
    """A column of a table."""

    name: str
    dtype: str
    numeric: bool


class Table(TypedDict):
    """A part of a table."""

    columns: list[Column]
    total_columns: int
    index_names: list[str]
    index: list[list[str]]
    rows: list[list[str]]
    total: int


class InspectAnswer(TypedDict):
    """The answer to `inspect`; without `gone` and `problem` there is one, here and below."""

    op: Literal["inspect"]
    id: int
    gone: str | None
    """Why there is no such value any more."""
    problem: str | None
    """Why it cannot be shown so."""
    answer: Inspected | None


class TextAnswer(TypedDict):
    """The answer to `value_text`."""

    op: Literal["value_text"]
    id: int
    gone: str | None
    problem: str | None
    answer: Text | None


class MimesAnswer(TypedDict):
    """The answer to `value_mimes`."""

    op: Literal["value_mimes"]
    id: int
    gone: str | None
    problem: str | None
    answer: list[str] | None


class MimeAnswer(TypedDict):
    """The answer to `value_mime`."""

    op: Literal["value_mime"]
    id: int
    gone: str | None
    problem: str | None
    answer: Data | None


class ChildrenAnswer(TypedDict):
    """The answer to `value_children`."""

    op: Literal["value_children"]
    id: int
    gone: str | None
    problem: str | None
    answer: Children | None


class TableAnswer(TypedDict):
    """The answer to `value_table`."""

    op: Literal["value_table"]
    id: int
    gone: str | None
    problem: str | None
    answer: Table | None


class LeftoversAnswer(TypedDict):
    """The answer to `value_leftovers`."""

    op: Literal["value_leftovers"]
    id: int
    gone: str | None
    problem: str | None
    answer: Leftovers | None


ANSWERS = (
    InspectAnswer,
    TextAnswer,
    MimesAnswer,
    MimeAnswer,
    ChildrenAnswer,
    TableAnswer,
    LeftoversAnswer,
    *naming.ANSWERS,
)
"""The answers to questions about values."""
