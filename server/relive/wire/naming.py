"""The messages about names: what modules and frames have, how a text goes on, what it means.

Questions on the main channel, as those about values, and their answers.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class ValueModules(TypedDict):
    """Ask for the workspace's modules that there are."""

    op: Literal["value_modules"]
    id: int


class ValueVariables(TypedDict):
    """Ask for some of the names of a module or frame, or parts of a value."""

    op: Literal["value_variables"]
    id: int
    file: str | None
    frame: list[int] | None
    """The numbers of a hold and of a frame in it, instead of the module of `file`."""
    parent: str | None
    """A ref, instead of both."""
    filter: str
    start: int
    count: int
    text: int
    """How long the text of a value may be."""


class ValueComplete(TypedDict):
    """Ask how a name, an attribute or a key can go on."""

    op: Literal["value_complete"]
    id: int
    file: str | None
    frame: list[int] | None
    kind: Literal["name", "attribute", "key"]
    chain: list[Any] | None
    """What it is of: a name, and for each step `attribute` or `item` with its name or key."""
    call: list[Any] | None
    """Of a name: what is called around it, as a chain."""
    prefix: str


class ValueDescribe(TypedDict):
    """Ask what a chain of names stands for."""

    op: Literal["value_describe"]
    id: int
    file: str | None
    frame: list[int] | None
    chain: list[Any]


# -- worker to daemon ----------------------------------------------------------------------


class Module(TypedDict):
    """A module of the workspace."""

    name: str
    file: str | None
    ref: str
    names: int


class Listed(TypedDict):
    """A name with what it stands for, or a part of a value."""

    name: str
    text: str
    type: str
    size: str | None
    length: int | None
    ref: str
    children: bool
    has_table: bool
    kind: Literal["value", "function", "class", "module"]


class Listing(TypedDict):
    """Some names, and how many there are."""

    items: list[Listed]
    total: int
    is_module: bool
    """Whether they are the names of a module, and of which file's."""
    file: str | None


class ModulesAnswer(TypedDict):
    """The answer to `value_modules`."""

    op: Literal["value_modules"]
    id: int
    gone: str | None
    problem: str | None
    answer: list[Module] | None


class VariablesAnswer(TypedDict):
    """The answer to `value_variables`."""

    op: Literal["value_variables"]
    id: int
    gone: str | None
    problem: str | None
    answer: Listing | None


class Option(TypedDict):
    """What a text can go on with."""

    label: str
    kind: Literal[
        "value",
        "function",
        "method",
        "class",
        "module",
        "property",
        "key",
        "number",
        "column",
        "parameter",
    ]
    """`number`: a key that is an integer, which is written without quotes."""
    detail: str | None


class Options(TypedDict):
    """Some of it, or all."""

    items: list[Option]
    incomplete: bool


class Described(TypedDict):
    """What a chain of names stands for."""

    text: str
    type: str
    kind: Literal["value", "function", "method", "class", "module"]
    name: str
    parameters: list[str] | None
    doc: str | None
    size: str | None
    length: int | None


class CompleteAnswer(TypedDict):
    """The answer to `value_complete`."""

    op: Literal["value_complete"]
    id: int
    gone: str | None
    problem: str | None
    answer: Options | None


class DescribeAnswer(TypedDict):
    """The answer to `value_describe`."""

    op: Literal["value_describe"]
    id: int
    gone: str | None
    problem: str | None
    answer: Described | None


ANSWERS = (ModulesAnswer, VariablesAnswer, CompleteAnswer, DescribeAnswer)
"""The answers to questions about names."""
