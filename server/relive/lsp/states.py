"""The state of each definition: what a text says against what its process runs."""

from __future__ import annotations

from typing import Literal

from relive.lsp.attempts import Attempts
from relive.lsp.documents import Document
from relive.lsp.image import Image
from relive.lsp.quick_attrs import message
from relive.session.definition_answers import LiveDefinitions
from relive.source.definitions import Definition, definitions, named
from relive.source.outline import kept_by_text
from relive.source.quick_dataclasses import dataclass

StateName = Literal["in sync", "edited", "not loaded", "failed", "old body running"]


@message
class State:
    """How what runs compares with a definition as it stands."""

    name: StateName
    reason: str | None = None
    running: tuple[str, ...] = ()
    old_instances: int = 0
    holders: int = 0

    @property
    def is_edited(self) -> bool:
        """Whether calls run another text."""
        return self.name in ("edited", "failed")

    @property
    def is_live(self) -> bool:
        """Whether new calls run it as it stands."""
        return self.name in ("in sync", "old body running")


_NOT_LOADED = State("not loaded")


class States:
    """Compares texts with the image; what was compared of a text is known until it is edited."""

    def __init__(self, image: Image, attempts: Attempts) -> None:
        self._image = image
        self._attempts = attempts
        self._branches: dict[tuple[str, str], _Taken] = {}
        """By file and name, of definitions in branches: which of them ran when the text last had
        what runs."""

    def of(self, document: Document, definition: Definition) -> State:
        """Return the state of a definition of a document."""
        live = self._image.live(document.file)
        if live is None:
            return _NOT_LOADED
        return State(
            *self._name(document, definition, live),
            running=tuple(live.running.get(definition.name, ())),
            old_instances=live.old_instances.get(definition.name, 0),
            holders=live.holders.get(definition.name, 0),
        )

    def _name(
        self, document: Document, definition: Definition, live: LiveDefinitions
    ) -> tuple[StateName, str | None]:
        marks = live.fingerprints.of(definition.name)
        if definition.name in live.rebound:
            return "edited", live.rebound[definition.name]
        if marks and definition.fingerprint in marks:
            self._note_branch(document, definition, marks)
            running = definition.name in live.running
            return ("old body running" if running else "in sync"), None
        reason = self._attempts.reason(document, definition)
        if reason is not None:
            return "failed", reason
        is_live = marks and not self._is_left_out(document, definition, marks)
        return ("edited" if is_live else "not loaded"), None

    def _note_branch(self, document: Document, definition: Definition, marks: list[str]) -> None:
        several = _in_branches(document.text).get(definition.name)
        if several is not None:
            taken = _Taken.of(several, marks)
            if len(taken.orders) == len(marks):
                self._branches[document.file, definition.name] = taken

    def _is_left_out(self, document: Document, definition: Definition, marks: list[str]) -> bool:
        """Whether it stands in a branch that was not taken."""
        several = named(document.text, definition.name)
        noted = self._branches.get((document.file, definition.name))
        if noted is not None and (noted.marks, noted.count) == (marks, len(several)):
            order = [each.header for each in several].index(definition.header)
            return order not in noted.orders  # what runs was edited where it stands
        stands = {each.fingerprint for each in several}
        return _is_in_a_branch(document.text, definition) and stands.issuperset(marks)


@dataclass(frozen=True)
class _Taken:
    """Which of the definitions of one name stand in branches that were taken."""

    marks: list[str]
    """Of what runs."""
    count: int
    """How many there are in the text."""
    orders: frozenset[int]
    """Which of them they are, in the order of the text."""

    @classmethod
    def of(cls, several: tuple[Definition, ...], marks: list[str]) -> _Taken:
        """Tell it from the marks of what runs."""
        orders = (order for order, each in enumerate(several) if each.fingerprint in marks)
        return cls(marks, len(several), frozenset(orders))


@kept_by_text
def _in_branches(text: str) -> dict[str, tuple[Definition, ...]]:
    """Return the definitions by name, where several have it and one of them is in a branch."""
    by_name: dict[str, list[Definition]] = {}
    for each in definitions(text):
        by_name.setdefault(each.name, []).append(each)
    several = {name: tuple(found) for name, found in by_name.items() if len(found) > 1}
    return {
        name: found
        for name, found in several.items()
        if any(_is_in_a_branch(text, each) for each in found)
    }


def _is_in_a_branch(text: str, definition: Definition) -> bool:
    """Whether it, or a class that it stands in, is under an `if`, `try` and the like."""
    if definition.is_in_a_branch:
        return True
    line = definition.range.start[0]
    outer = [name for _, name in definition.scopes]
    around = (each for end in range(len(outer)) for each in named(text, ".".join(outer[: end + 1])))
    return any(
        each.is_in_a_branch and each.range.start[0] <= line <= each.range.end[0] for each in around
    )


def reachable(text: str) -> list[Definition]:
    """Return the definitions that can be redefined: functions inside functions are theirs."""
    return [each for each in definitions(text) if "<locals>" not in each.name]
