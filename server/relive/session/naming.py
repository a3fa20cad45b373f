"""What the process knows of names that are being written: questions to the worker, and answers."""

from __future__ import annotations

from typing import Any, Literal

from relive.session.answers import Answer
from relive.session.errors import MAX_ENTRIES, cut
from relive.session.settings import Settings
from relive.session.viewing import View
from relive.source.quick_dataclasses import dataclass
from relive.source.written import Chain

_MAX_DOC = 4_000
WireChain = list[Any]


@dataclass(frozen=True)
class Where:
    """In whose names a text is meant: a module's, or with those of a frame before them."""

    file: str | None = None
    frame: tuple[int, int] | None = None


@dataclass(frozen=True)
class Option(Answer):
    """What a text can go on with."""

    label: str
    kind: str
    detail: str | None


@dataclass(frozen=True)
class Options(Answer):
    """Some of it, or all."""

    items: tuple[Option, ...]
    incomplete: bool


@dataclass(frozen=True)
class Described(Answer):
    """What a chain of names stands for."""

    text: str
    type: str
    kind: str
    name: str
    parameters: tuple[str, ...] | None
    doc: str | None
    size: str | None
    length: int | None


@dataclass(frozen=True)
class CompleteView(View[Options]):
    """How a name, an attribute or a key can go on."""

    op = "value_complete"
    ref = None
    starts_worker = False
    where: Where
    kind: Literal["name", "attribute", "key"]
    prefix: str
    chain: Chain | None = None
    call: Chain | None = None

    def message(self, settings: Settings) -> dict[str, Any]:
        """See View."""
        return {
            **_place(self.where),
            "kind": self.kind,
            "prefix": self.prefix,
            "chain": None if self.chain is None else _on_wire(self.chain),
            "call": None if self.call is None else _on_wire(self.call),
        }

    def answer(self, data: Any, settings: Settings) -> Options:
        """See View."""
        items = (
            Option(cut(each["label"]), each["kind"], each["detail"] and cut(each["detail"]))
            for each in data["items"]
        )
        return Options(tuple(items), data["incomplete"])


@dataclass(frozen=True)
class DescribeView(View[Described]):
    """What a chain of names stands for."""

    op = "value_describe"
    ref = None
    starts_worker = False
    where: Where
    chain: Chain

    def message(self, settings: Settings) -> dict[str, Any]:
        """See View."""
        return {**_place(self.where), "chain": _on_wire(self.chain)}

    def answer(self, data: Any, settings: Settings) -> Described:
        """See View."""
        parameters = data["parameters"]
        return Described(
            text=cut(data["text"]),
            type=cut(data["type"]),
            kind=data["kind"],
            name=cut(data["name"]),
            parameters=None if parameters is None else tuple(map(cut, parameters[:MAX_ENTRIES])),
            doc=data["doc"] and data["doc"][:_MAX_DOC],
            size=data["size"] and cut(data["size"]),
            length=data["length"],
        )


def _place(where: Where) -> dict[str, Any]:
    return {"file": where.file, "frame": None if where.frame is None else list(where.frame)}


def _on_wire(chain: Chain) -> WireChain:
    return [chain.name, *map(list, chain.steps)]
