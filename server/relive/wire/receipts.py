"""What the worker says of its image: what became of definitions, and which texts run.

As in `messages.py`.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from relive.wire.errors import Error


class Change(TypedDict):
    """What became of one definition."""

    name: str
    kind: Literal["function", "class", "method", "statement"]
    outcome: Literal["redefined", "added", "removed", "unchanged", "refused"]
    reason: str | None
    functions: int
    instances: int
    references: int
    at_least: bool
    """Whether there was no time to count all instances and references."""
    file: str | None
    """Whose text it is in; None: of the only file that was asked for."""
    line: int | None
    """Where its `def` or `class` is, or the statement begins; None: it is not in the text."""
    patch: Literal["patched", "reverted"] | None
    """What it is now, in a file that is not the workspace's: other than loaded, or so again."""
    before: str | None
    """The text that ran until then; None: none did, or it is too long to be told."""


class Unchanged(TypedDict):
    """The definitions of a file that were live and are what they were: one in each place."""

    file: str | None
    """See Change."""
    names: list[str]
    kinds: list[Literal["function", "class", "method"]]
    lines: list[int]
    patched: list[str]
    """The names of those in a file that is not the workspace's which run otherwise than loaded."""


class Altered(TypedDict):
    """What is another than it was: definitions of another text, and names of another value."""

    definitions: list[AlteredDefinition]
    bound: list[tuple[str | None, str, str | None, str | None]]
    """The file, which is null for the scratch module; the name; marks of the value it had and of
    the one it has, if they are plain."""
    changed: list[tuple[str | None, str]]
    """Names, with their files, by which an object is reached that code has changed in place which
    ran for the step, such as a decorator; where the process looks at what its statements do."""
    ran_at: list[tuple[str | None, int]]
    """By file: the first line, 0-based, of such code."""


class AlteredDefinition(TypedDict):
    """A definition of another text, in the modules that the step was about."""

    file: str | None
    name: str
    kind: Literal["function", "class", "method"]
    before: str | None
    """A mark of the text that ran until then; None: there was none."""
    now: str | None


class LeftOut(TypedDict):
    """A file that does not parse, of several that were changed as one step."""

    file: str
    error: Error


class Receipt(TypedDict):
    """What became of definitions in a step."""

    id: int
    changes: list[Change]
    unchanged: list[Unchanged]
    untold: int
    """How many more are what they were: nobody asked for it, so that only what is news is told."""
    altered: Altered
    left_out: list[LeftOut]
    error: Error | None


class Redefined(Receipt):
    """The receipt of a redefinition."""

    op: Literal["redefined"]
    undoable: bool
    """Whether it was a step that an undo can take back."""


class Undone(Receipt):
    """The receipt of an undo."""

    op: Literal["undone"]
    undone: str | None
    """What was undone, or could not be, in words; None: there was nothing."""
    left: int
    """How many steps can be undone now."""


class TextsAnswer(TypedDict):
    """What runs of files that are loaded, or None: the one that was asked for is not."""

    op: Literal["texts"]
    id: int
    answer: list[RunningFile] | None


class RunningFile(TypedDict):
    """What runs of a file."""

    file: str
    whole: bool
    """Whether its module has run whole, and was not only evaluated in part."""
    texts: list[RunningText]


class RunningText(TypedDict):
    """A definition as it runs."""

    name: str
    kind: Literal["function", "class", "method"]
    line: int
    """0-based first line, decorators included, in the text it was made from."""
    source: str
    fingerprint: str
    """A mark of the text; of a class, without the definitions in it."""
