"""The state of each definition: what a text says against what its process runs."""

from __future__ import annotations

from typing import Literal

from relive.lsp.attempts import Attempts
from relive.lsp.documents import Document
from relive.lsp.image import Image
from relive.lsp.quick_attrs import message
from relive.session.definition_answers import LiveDefinitions
from relive.source.definitions import Definition, definitions, named

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
        self._branches: dict[tuple[str, str], tuple[list[str], int]] = {}
        """By file and name, of definitions in branches: the marks of what runs, and which one of
        those that have the name it was when the text last had it."""

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
        if _is_deep(definition):
            places = [each.header for each in named(document.text, definition.name)]
            if len(places) > 1 and definition.header in places:
                order = places.index(definition.header)
                self._branches[document.file, definition.name] = marks, order

    def _is_left_out(self, document: Document, definition: Definition, marks: list[str]) -> bool:
        """Whether it stands in a branch that was not taken."""
        text = document.text
        noted, order = self._branches.get((document.file, definition.name), ([], 0))
        if noted == marks and len(marks) == 1:  # what runs was edited where it stands
            several = named(text, definition.name)
            return len(several) > order and several[order].header != definition.header
        return _is_left_out(text, definition, marks)


def _is_deep(definition: Definition) -> bool:
    """Whether it stands further in than what encloses it tells, as in a branch of the module."""
    return definition.header[1] > 4 * len(definition.scopes)


def _is_left_out(text: str, definition: Definition, marks: list[str]) -> bool:
    """Whether it stands in a branch that was not taken: all that runs of its name stands elsewhere.

    As in `comparing.py`, branches are those of a module's `if`, `try` and the like.
    """
    outermost = definition.name.partition(".")[0]
    branches = [each.range for each in named(text, outermost) if each.header[1] > 0]
    start = definition.range.start
    if not any(each.start <= start < each.end for each in branches):
        return False
    return {each.fingerprint for each in named(text, definition.name)}.issuperset(marks)


def reachable(text: str) -> list[Definition]:
    """Return the definitions that can be redefined: functions inside functions are theirs."""
    return [each for each in definitions(text) if "<locals>" not in each.name]
