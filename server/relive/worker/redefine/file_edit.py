"""A file's new text against what the image holds of it: what differs, has to run, or is gone."""

from __future__ import annotations

from functools import partial

from relive.worker.redefine.definitions import Definition, parsed
from relive.worker.redefine.receipt import Change
from relive.worker.redefine.toplevel import TopLevel, ToRun, top_level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.image import Image
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.step import Step


class FileEdit:
    """A file's new text against what the image holds of it."""

    def __init__(
        self, image: Image, namespace: Namespace, document: str, *, unasked: bool = False
    ) -> None:
        """Compare `document` with the image.

        `unasked`: nobody asked for just this, so that nothing runs that has not run before, but
        imports, plain data, and definitions added to a module that has run whole.
        """
        live = image.definitions(namespace)
        found = parsed(document, 0, namespace.file or "")
        self._image = image
        self._namespace = namespace
        self._new = [each for each in image.in_force(namespace, found) if not each.scopes]
        self._known = set(live)
        whole = not namespace.adopted
        meant = self._new if whole or not unasked else _in(live, self._new)
        self._differing = [each for each in meant if _differs(live.get(each.key), each)]
        self._gone = _vanished(live, self._new, namespace.file) if whole else []
        self._statements = ToRun(
            image.ran(namespace), top_level(document), whole=whole, unasked=unasked
        )

    def plan(self, step: Step, *, last: bool) -> bool:
        """Plan the edit; False if it has to wait for another file, unless it is the last."""
        nodes, before = [each.node for each in self._statements.run], len(step.changes)
        try:
            step.plan(self._namespace, self._differing, nodes, self._gone)
        except ImportError:
            if last:
                raise
            return False
        told = {change.name for change in step.changes[before:]}
        step.changes += [
            Change.of(each, "unchanged")
            for each in self._new
            if each.key in self._known and each.name not in told
        ]
        step.changes += map(_run, _told(self._statements.run))
        step.changes += map(_left, self._statements.left)
        for change in step.changes[before:]:
            change.file = self._namespace.file
        step.afterwards(partial(self._image.note_ran, self._namespace, self._statements.run))
        return True


def _differs(old: Definition | None, new: Definition) -> bool:
    return old is None or old.source != new.source or old.line != new.line


def _in(live: dict[str, Definition], new: list[Definition]) -> list[Definition]:
    return [each for each in new if each.key in live]


def _vanished(
    live: dict[str, Definition], new: list[Definition], file: str | None
) -> list[Definition]:
    """Return what the file's text defined and defines no more; not what other text has defined."""
    present = {each.name for each in new}
    own = [each for each in live.values() if each.file in (None, file)]
    return [each for each in own if not each.scopes and each.name not in present]


def _told(statements: list[TopLevel]) -> list[TopLevel]:
    """Leave out imports: they are part of the definitions that use them."""
    return [each for each in statements if not each.is_import]


def _run(statement: TopLevel) -> Change:
    return _of(statement, "redefined")


def _left(statement: TopLevel) -> Change:
    reason = "changed top-level code does not run by itself; evaluate it when you want it to"
    return _of(statement, "refused", reason)


def _of(statement: TopLevel, outcome: str, reason: str | None = None) -> Change:
    change = Change(f"line {statement.node.lineno}", "statement", outcome, reason)
    change.line = statement.node.lineno - 1
    return change
