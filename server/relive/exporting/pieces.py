"""The pieces of a program that a session's steps make: one for each statement that counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from relive.exporting.reading import bound, used_when_made
from relive.wire.traces import Trace

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Module:
    """A module that code ran in."""

    name: str
    file: str | None
    """None: the session's scratch module."""


@dataclass(frozen=True)
class LeftOut:
    """What ran and is not in the program as code."""

    label: str
    why: str


@dataclass
class Piece:
    """A statement of the program, or words about one that is left out."""

    module: Module
    kind: Literal["code", "definition", "removal", "note"]
    text: str
    step: int
    """The number of the step that ran it: what belongs together has the same."""
    name: str | None = None
    """Of a definition and a removal: what it is called in its module."""
    copy: int = 0
    """Of a definition: which one it is of those that share the name."""
    is_anew: bool = False
    """Whether it ran as a new definition, beside others of that name in its text."""
    handle: str | None = None
    """Of a definition that changes later, when something else has its name: a name it keeps."""
    finds: str | None = None
    """Of a change of such a definition: the name that was kept. Its own name stays what it is."""
    changes: bool = False
    """Whether what there is changes where it is, rather than a new object taking its name."""
    former: str | None = None
    """Of a definition: its text before, if that is known."""
    trace: Trace | None = field(default=None, repr=False)
    """What it did when it ran; None: nobody looked."""
    futures: tuple[str, ...] = ()
    """The `__future__` features that it ran with."""
    result: str | None = None
    """The id of what it gave."""
    is_asked_for: bool = True
    is_evaluated: bool = True
    """Whether an evaluation ran it, and not a redefinition."""

    @cached_property
    def words(self) -> frozenset[str]:
        """All that could be a name in it."""
        return frozenset(_WORD.findall(self.text))

    @property
    def binds(self) -> frozenset[str]:
        """The names that it gives a value."""
        if self.trace is not None:
            return frozenset(name for _, name in self.trace["writes"])
        return bound(self.text)

    @property
    def used_when_made(self) -> frozenset[str]:
        """Of a definition: the names it needs to be made, and not only when it is called."""
        return used_when_made(self.text)

    @property
    def leaves_something(self) -> bool:
        """Whether the state may be another after it; what is only looked at leaves nothing."""
        if self.kind == "note":
            return False
        trace = self.trace
        return trace is None or bool(trace["writes"] or trace["changed"] or trace["unknown"])
