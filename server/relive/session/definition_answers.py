"""The answers about definitions: what became of each, and what the process runs of files.

As in `answers.py`: typed objects, whose `to_json()` gives their wire shape.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal

from relive.session.answers import OMIT_EMPTY, OMIT_FALSE, OMIT_NONE, Answer, Error, file_uri
from relive.session.late import LateTuple, known
from relive.session.marks import Marks
from relive.source.positions import Range
from relive.source.quick_dataclasses import dataclass

DefinitionKind = Literal["function", "class", "method", "statement"]
Outcome = Literal["redefined", "added", "removed", "unchanged", "refused"]
PatchChange = Literal["patched", "reverted"]


@dataclass(frozen=True)
class DefinitionChange(Answer):
    """What became of one definition."""

    name: str
    kind: DefinitionKind
    outcome: Outcome
    reason: str | None = field(default=None, metadata=OMIT_NONE)
    functions_updated: int = 0
    instances_updated: int = 0
    references_updated: int = 0
    at_least: bool = field(default=False, metadata=OMIT_FALSE)
    """Whether there was no time to count all instances and references."""
    uri: str | None = field(default=None, metadata=OMIT_NONE)
    """The file whose text it is in."""
    range: Range | None = field(default=None, metadata=OMIT_NONE)
    """The line of its `def` or `class`, or the statement's first."""
    patch: PatchChange | None = field(default=None, metadata=OMIT_NONE)
    """Outside the workspace: whether it now differs from what was loaded, or no longer does."""
    before: str | None = field(default=None, metadata=OMIT_NONE)
    """The text that ran until then, unless it is very long."""


@dataclass(frozen=True)
class LeftOut(Answer):
    """A file that does not parse, of several that were changed as one step without being asked."""

    uri: str
    error: Error


@dataclass(frozen=True)
class Redefinition(Answer):
    """The receipt of a redefinition."""

    status: Literal["ok", "partial", "refused", "error"]
    definitions: LateTuple[DefinitionChange] = LateTuple()
    """Those that are as they were come last: there may be many, and few ever look at them."""
    error: Error | None = None
    left_out: tuple[LeftOut, ...] = field(default=(), metadata=OMIT_EMPTY)
    not_logged: str | None = field(default=None, metadata=OMIT_NONE)
    """Why it is not safe in the change log."""

    @property
    def changes(self) -> tuple[DefinitionChange, ...]:
        """The definitions that are not as they were."""
        return tuple(each for each in known(self, "definitions") if each.outcome != "unchanged")


@dataclass(frozen=True)
class Undo(Redefinition):
    """The receipt of an undo. It changes the process, and no file."""

    undone: str | None = field(default=None, metadata=OMIT_NONE)
    """What was undone, or could not be, in words; None: there was nothing."""
    left: int = 0
    """How many steps can be undone now."""


@dataclass(frozen=True)
class Patch(Answer):
    """A definition outside the workspace that runs as something else than what was loaded."""

    file: str
    name: str
    kind: DefinitionKind
    line: int
    """0-based, in the text that runs; of one that has gone, in the text it was loaded from."""
    original: str | None
    """The text it was loaded from; None: it was added."""
    running: str | None
    """The text that runs; None: it was removed."""

    def to_json(self) -> dict[str, Any]:
        """Return the patch with its file as a URI."""
        told = super().to_json()
        return {"uri": file_uri(told.pop("file")), **told}


@dataclass(frozen=True)
class Patches(Answer):
    """All that is patched in the running process."""

    items: tuple[Patch, ...] = ()


@dataclass(frozen=True)
class RunningText(Answer):
    """A definition as the process runs it."""

    name: str
    kind: DefinitionKind
    line: int
    """0-based first line, decorators included, in the text it was made from."""
    source: str
    fingerprint: str
    """A mark of the text; of a class, without the definitions in it."""


@dataclass(frozen=True)
class RunningFile(Answer):
    """What the process runs of a file."""

    file: str
    whole: bool
    """Whether its module has run whole, and was not only evaluated in part."""
    texts: tuple[RunningText, ...]


@dataclass(frozen=True)
class LiveDefinitions:
    """What the process holds of a file."""

    fingerprints: Marks
    """Of the texts, by qualified name; several are the parts of a property."""
    patched: frozenset[str] = frozenset()
    running: dict[str, list[str]] = field(default_factory=dict)
    """Who goes on with an old body, in words."""
    rebound: dict[str, str] = field(default_factory=dict)
    """What the program itself has put in a definition's place, in words."""
    old_instances: dict[str, int] = field(default_factory=dict)
    """Objects made before their constructor or fields changed."""
    holders: dict[str, int] = field(default_factory=dict)
    """Places that hold an object which another one has replaced."""
    revision: str = field(default="", compare=False)
    """What it is called when the process is asked for what is news to it."""
