"""What messages say of the versions of definitions: those that ran, going back, and the disk's.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from relive.lsp.protocol import Redefinition
from relive.lsp.quick_attrs import message


@message
class Undo(Redefinition):
    """The receipt of an undo: what each definition became. It changes no file."""

    undone: str | None = None
    """What was undone, or could not be, as "the redefinition of 'area' in shapes.py"."""
    left: int = 0
    """How many steps can be undone now."""


@message
class Version:
    """A text of a definition that ran, or that its module was loaded with."""

    entry: str | None
    """The log's entry that brought it; null: it came with the file, when its module was loaded."""
    at: str | None
    """When it was brought (ISO 8601); null: not known."""
    origin: Literal[
        "command", "save", "disk", "replay", "rewind", "python", "startup", "rerun", "loaded"
    ]
    kind: Literal["evaluate", "redefine", "revert", "undo"] | None
    """How it was brought; null: by loading the file."""
    text: str
    """The definition's lines, with its decorators, as they stood in the file."""
    line: int
    """0-based, where they stood."""
    running: bool
    """Whether it is what the process runs."""
    in_file: bool
    """Whether it is what the file says: the document, if it is open."""


@message
class Versions:
    """The versions of a definition, newest first. One that ran again is there again."""

    uri: str
    name: str
    """Qualified, as `Class.method`."""
    items: list[Version]


@message
class Difference:
    """A definition that the process runs otherwise than the file on disk says."""

    uri: str
    name: str
    """Qualified, as `Class.method`."""
    kind: str
    """`function`, `method` or `class`."""
    line: int
    """0-based, on disk; of one that is not there, in the text that runs."""
    running: str | None
    """The text that runs; null: the process has no such definition."""
    disk: str | None
    """The text on disk; null: the file has no such definition, or is gone."""
    in_document: str | None = None
    """The open document's text of it, where it is neither the one nor the other."""


@message
class Comparison:
    """All definitions in which process and disk differ."""

    items: list[Difference]
    unreadable: list[str]
    """The URIs of files that could not be compared: they do not parse, or cannot be read."""
