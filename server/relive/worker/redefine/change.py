"""What became of one definition, as it is gathered for the receipt."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.namespace import Namespace
    from relive.worker.redefine.reading.definitions import Definition

_OWN = ("key", "counted", "named", "module", "is_alone")
"""What of a record is the engine's own."""


class Change:
    """What became of one definition."""

    def __init__(self, name: str, kind: str, outcome: str, reason: str | None = None) -> None:
        self.name = name
        self.kind = kind
        self.outcome = outcome
        self.reason = reason
        self.functions = 0
        self.instances = 0
        self.references = 0
        self.at_least = False
        """Whether there was no time to count all instances and names."""
        self.key = name
        """What the image knows the definition by: several may have its name."""
        self.counted: type | None = None
        """The class whose instances are to be counted."""
        self.is_alone = False
        """Nothing but its own name held the function before, and it has stayed the same one."""
        self.named = 0
        """How many names of other modules are the function or class, when all is done."""
        self.file: str | None = None
        """Whose text it is in; None: of the only file that was asked for."""
        self.module: str | None = None
        """The module it is about: a file may be imported under several names."""
        self.line: int | None = None
        """Where its `def` or `class` is, or the statement begins, 0-based; None: it is gone."""
        self.before: str | None = None
        """The text that ran until then, if it is not too long to be told."""

    @classmethod
    def of(cls, definition: Definition, outcome: str, reason: str | None = None) -> Change:
        """Return the record for `definition`."""
        change = cls(definition.name, definition.kind, outcome, reason)
        change.key = definition.key
        change.line = None if outcome == "removed" else definition.header_line
        return change

    def is_about(self, namespace: Namespace) -> None:
        """Note whose definition it is."""
        self.file, self.module = namespace.file, namespace.module.__name__

    def add(self, other: Change) -> None:
        """Tell of the same change in another module too."""
        self.functions += other.functions
        self.instances += other.instances
        self.references += other.references
        self.at_least = self.at_least or other.at_least
        self.reason = self.reason or other.reason

    def add_reason(self, reason: str) -> None:
        """Say what did not follow; if there is nothing else to say, that is what became of it."""
        self.reason = f"{self.reason}; {reason}" if self.reason else reason
        self.outcome = "refused" if self.outcome == "unchanged" else self.outcome

    def to_wire(self) -> dict[str, Any]:
        """Return the record as the wire's Change."""
        return {name: value for name, value in vars(self).items() if name not in _OWN}
