"""What messages say of definitions: whether the process runs what the reader sees.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Position, Range

from relive.lsp.quick_attrs import message
from relive.lsp.value_protocol import Value

DEFINITIONS_CHANGED = "relive/definitions"


@message
class DefinitionState:
    """A function, method or class of a file, and how what runs compares with it."""

    uri: str
    name: str
    """Qualified, as `Class.method`."""
    kind: Literal["function", "method", "class"]
    range: Range
    """Decorators included, in the document as it stands; of a file that is not open, on disk."""
    header: Position
    """Where `def` or `class` is."""
    state: Literal["in sync", "edited", "not loaded", "failed", "old body running"]
    """`edited`: another text of it runs, or what the program itself has put in its place. `failed`:
    another text runs, and this one was refused or raised when it was tried last.
    `old body running`: calls run this text, but one that began before does not."""
    reason: str | None = None
    """Of one that has failed: why; of one the program has put something in the place of: what."""
    running: list[str] | None = None
    """Who goes on with an old body, in words."""
    old_instances: int | None = None
    """Objects made before the constructor or the fields changed; `relive.oldInstances` lists."""
    holders: int | None = None
    """Places that hold an object which the definition has replaced; listed there too."""


@message
class Definitions:
    """The definitions of files, in the order of their texts."""

    items: list[DefinitionState]


@message
class DefinitionsChangedParams:
    """`relive/definitions`: definitions of these documents are in another state than before."""

    uris: list[str]


@message
class OldInstance:
    """An object made before a change of its class, or one that holds what was replaced."""

    value: Value
    why: Literal["made before", "holds a replaced object"]


@message
class OldInstances:
    """Some of the objects that a change has left behind."""

    items: list[OldInstance]
    total: int
    """How many there are in all."""
