"""The names of modules and frames, with what they stand for: questions to the worker, and answers.

They are answered between evaluations, and run no code of any value.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal

from relive.session.answers import OMIT_NONE, Answer
from relive.session.errors import cut
from relive.session.settings import Settings
from relive.session.viewing import View, bounded
from relive.source.quick_dataclasses import dataclass

NameKind = Literal["value", "function", "class", "module"]


@dataclass(frozen=True)
class ListedVariable(Answer):
    """A name and what it stands for, or a part of a value."""

    name: str
    text: str
    type: str
    ref: str
    children: bool
    """Whether it has parts."""
    kind: NameKind
    size: str | None = field(default=None, metadata=OMIT_NONE)
    """How large it is, in words."""
    length: int | None = field(default=None, metadata=OMIT_NONE)
    has_table: bool | None = field(default=None, metadata=OMIT_NONE)
    """Whether its rows can be asked for."""


@dataclass(frozen=True)
class Variables(Answer):
    """Some of the names, values first, then functions, classes and modules."""

    items: tuple[ListedVariable, ...]
    total: int
    file: str | None = None
    """Whose module they are the names of."""
    is_module: bool = False


@dataclass(frozen=True)
class ModuleNamespace(Answer):
    """A module of the workspace."""

    name: str
    file: str | None
    """None: the scratch module."""
    ref: str
    names: int


@dataclass(frozen=True)
class ModulesView(View[tuple[ModuleNamespace, ...]]):
    """The workspace's modules that the process has."""

    op = "value_modules"
    ref = None
    starts_worker = False

    def answer(self, data: Any, settings: Settings) -> tuple[ModuleNamespace, ...]:
        """See View."""
        found = (ModuleNamespace(cut(each["name"]), *_rest(each)) for each in data)
        return tuple(sorted(found, key=lambda each: (each.file is not None, each.name)))


@dataclass(frozen=True)
class VariablesView(View[Variables]):
    """Some of the names of the module of `file`, of a frame, or the parts of `parent`."""

    op = "value_variables"
    starts_worker = False
    file: str | None = None
    frame: tuple[int, int] | None = None
    """The numbers of what is held and of the frame in it."""
    parent: str | None = None
    filter: str = ""
    start: int = 0
    count: int = 100

    @property
    def ref(self) -> str | None:  # type: ignore[override]
        """See View."""
        return self.parent

    def message(self, settings: Settings) -> dict[str, Any]:
        """See View."""
        told = super().message(settings)
        return {**told, "count": bounded(self.count), "text": settings.result_max_length}

    def answer(self, data: Any, settings: Settings) -> Variables:
        """See View."""
        limit = settings.result_max_length
        items = tuple(_listed(each, limit) for each in data["items"])
        return Variables(items, data["total"], data["file"], data["is_module"])


def _listed(data: dict[str, Any], limit: int) -> ListedVariable:
    return ListedVariable(
        name=cut(data["name"]),
        text=data["text"][:limit],
        type=cut(data["type"]),
        ref=cut(data["ref"]),
        children=data["children"],
        kind=data["kind"],
        size=None if data["size"] is None else cut(data["size"]),
        length=data["length"],
        has_table=data["has_table"] or None,
    )


def _rest(data: dict[str, Any]) -> tuple[str | None, str, int]:
    return data["file"], cut(data["ref"]), data["names"]
