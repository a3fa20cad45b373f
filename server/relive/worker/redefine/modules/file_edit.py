"""A file's new text, to be brought into its module: what steps and importers ask of it."""

from __future__ import annotations

from relive.worker.redefine.modules.going_through import Walk
from relive.worker.redefine.modules.replay import Replay
from relive.worker.redefine.modules.snapshot import ABSENT
from relive.worker.redefine.reading.imports import modules_imported
from relive.worker.redefine.reading.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.step import Step


class FileEdit:
    """A file's new text, to be brought into its module as part of a step."""

    def __init__(
        self, image: Image, namespace: Namespace, document: str, *, unasked: bool = False
    ) -> None:
        """Read `document`.

        `unasked`: nobody asked for just this, so that nothing runs that has not run before, but
        imports, plain data, and definitions added to a module that has run whole.

        Raises:
            SyntaxError: with the place in the file.
        """
        self.namespace = namespace
        self.module = image.of(namespace)
        self.former = self.module.source
        self.source = Source(document, namespace.file or "", self.former)
        self.image = image
        self.unasked = unasked
        self.leaves_new = False
        """Whether new definitions stay out whose statements run more than themselves."""
        self._is_edited = True
        self.followed: set[str] = set()
        """Names that another module's part of the step has changed, see `take_changed`."""
        self._before: dict[str, Any] = {}

    def plan(self, step: Step) -> None:
        """Plan the edit.

        Raises:
            Refused: something cannot be done in place.
            BaseException: what a statement, default or decorator raises.
        """
        part = step.part(self.namespace)
        part.changed |= self.followed
        part.were.update(self._before)
        if self._is_edited:
            own = (name for name in self.followed if "." not in name)
            part.taken.update((name, self._before.get(name, ABSENT)) for name in own)
        self._go_through(step, part)

    def take_changed(self, names: set[str], before: dict[str, Any]) -> None:
        """Have what is computed from names that others have changed follow; `before`: their values.

        Of another module they are given as `module.name`.
        """
        self.followed |= names
        self._before = {**self._before, **before}

    def imported(self) -> set[str]:
        """Return the full names of the modules that the new text imports at the top level."""
        found: set[str] = set()
        for statement in self.source.everything():
            found |= modules_imported(statement.node, self.namespace.module)
        return found

    def to_look_at(self) -> set[str] | None:
        """Return the names whose definitions may not be what is live; None: that may be all."""
        return self.module.to_look_at(self.source, self.former)

    def is_new_text(self, each: Definition) -> bool:
        """Whether the text before had no definition of that name and text."""
        before = () if self.former is None else self.former.by_key.get(each.shared_key, ())
        return all(each.source != other.source for other in before)

    def plan_again(self, step: Step) -> None:
        """Plan what follows in a text that is what it was."""
        self._is_edited = False
        self.plan(step)

    def _go_through(self, step: Step, part: Part) -> None:
        before = len(step.changes)
        replay = Replay(self.module.ran, part.before, self._before, part.formers)
        walk = Walk(self, part, replay, is_edited=self._is_edited)
        walk.all()
        part.finish(in_order=True)
        step.changes += [*part.changes, *walk.told]
        for change in step.changes[before:]:
            change.is_about(self.namespace)
        if self._is_edited:
            step.present.append((self.namespace.file, walk.present()))
        step.afterwards(walk.record)
