"""The receipt: what became of each definition, and how much of the live program it reached."""

from __future__ import annotations

from relive.worker.redefine.altering import NOTHING_ALTERED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.namespace import Namespace
    from relive.worker.redefine.modules.present import Present
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


class Receipt:
    """What became of all definitions that a redefinition was about."""

    def __init__(
        self,
        changes: list[Change],
        present: Iterable[tuple[str | None, Present]] = (),
        altered: dict[str, Any] = NOTHING_ALTERED,
        *,
        is_asked: bool = True,
    ) -> None:
        """Tell of `changes`, and of what else is `present`, by file: it is what it was.

        `is_asked`: somebody waits to hear of all there is, and not only of what is news.
        """
        self._changes = changes
        self._present = present
        self._altered = altered
        self._is_asked = is_asked

    def to_wire(self) -> dict[str, Any]:
        """Return the wire's fields of a receipt: definitions come before statements.

        What is unchanged are mostly many, and nothing is to be told of them but that.
        """
        changes = sorted(_as_one(self._changes), key=lambda each: each.kind == "statement")
        told = {(each.file, each.name) for each in changes}
        present = dict(reversed(list(self._present)))  # of a file's modules the first one's
        if not self._is_asked:
            others = sum(
                len(found) - len(found.named(_names_of(file, told)))
                for file, found in present.items()
            )
            return self._news(changes, others)
        return {
            "changes": [each.to_wire() for each in changes],
            "unchanged": [_unchanged(*each, told) for each in reversed(list(present.items()))],
            "untold": 0,
            "altered": self._altered,
        }

    def _news(self, changes: list[Change], others: int) -> dict[str, Any]:
        """Return what has become of `changes`, and only how many are what they were."""
        news = [each for each in changes if each.outcome != "unchanged"]
        return {
            "changes": [each.to_wire() for each in news],
            "unchanged": [],
            "untold": others + len(changes) - len(news),
            "altered": self._altered,
        }


def _as_one(changes: list[Change]) -> list[Change]:
    """Tell once of what became the same in all modules that one file was imported as."""
    first: dict[str | None, str | None] = {}
    known: dict[tuple[Any, ...], Change] = {}
    found: list[Change] = []
    for each in changes:
        what = (each.file, each.name, each.kind, each.outcome, each.line)
        same = known.setdefault(what, each)
        if same.module != each.module:
            same.add(each)
            continue
        if first.setdefault(each.file, each.module) != each.module and each.reason:
            each.reason = f"in the module {each.module!r}: {each.reason}"
        found.append(each)
    return found


def _names_of(file: str | None, told: set[tuple[str | None, str]]) -> set[str]:
    return {name for each, name in told if each == file}


def _unchanged(
    file: str | None, found: Present, told: set[tuple[str | None, str]]
) -> dict[str, Any]:
    """Return the wire's Unchanged for a file: the definitions that nothing is told of."""
    rest = found.without(_names_of(file, told))
    return {
        "file": file,
        "names": [each.name for each in rest],
        "kinds": [each.kind for each in rest],
        "lines": [each.header_line for each in rest],
        "patched": [],
    }


class Refused(Exception):  # noqa: N818 - it is an outcome, not a fault
    """The change cannot be made in place; the text says why and what to do instead."""

    definition: Definition | None = None
    """What it is about, if it is about one."""
