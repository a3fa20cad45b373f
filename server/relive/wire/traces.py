"""What a statement that ran has read, written, changed in place and entered.

As in `messages.py`. A *place* is `[file, name]`: a name of a module of the workspace, by the
module's file; null is the scratch module. What a library shares with everybody, such as its random
numbers, has a place of its own: `["random", "random"]`, `["os", "os.environ"]`.
"""

from __future__ import annotations

from typing import Literal, TypedDict

Place = tuple[str | None, str]


class Trace(TypedDict):
    """What one statement did; also of one that raised, as far as it came."""

    reads: list[Place]
    """The names that the statement, and the functions that ran, may have looked up; the classes,
    too, of the objects that are reached by them."""
    writes: list[Place]
    """The names that were bound or deleted, by its own text or in any other way."""
    changed: list[Place]
    """The names by which an object is reached that was changed in place."""
    ran: list[Place]
    """The workspace's functions that ran, by qualified name: `Class.method`; what is in a function
    counts as that function."""
    imports: list[str]
    """The files of the workspace that it imports from."""
    unknown: str | None
    """Why there may be more than is told, in words; null: nothing speaks for that."""


class Traced(TypedDict):
    """A statement was traced; after its result, and before the next one begins."""

    op: Literal["traced"]
    id: int
    number: int
    """Of the statements that ran in this evaluation, from 1: the result's place among its results.
    One that raised has no result, and the next number."""
    trace: Trace
