"""Which steps may have acted outside of the process without anybody having watched.

Each is judged by its text, by what is known of the values it worked with (`source/acting/`), and
by what its trace says of the functions that ran.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from relive.session.gave import ChangedDefinition, Gave, RanStatement
from relive.source.acting.knowledge import Knowledge, may_act, parsed
from relive.source.outline import outline

if TYPE_CHECKING:
    from relive.session.timeline import Step


_WORD = re.compile(r"\w+")


class Acting:
    """Judges steps in their order, each once."""

    def __init__(self) -> None:
        self._known = Knowledge()
        self._acted: dict[int, bool] = {}

    def among(self, steps: Iterable[Step]) -> frozenset[int]:
        """Return the numbers of the steps that may have acted; all have to be there, in order."""
        for step in steps:
            if step.number not in self._acted:
                if step.status is None:
                    break  # what comes after it cannot be known before
                self._acted[step.number] = self._judged(step)
        return frozenset(
            each.number for each in steps if self._acted.get(each.number, each.may_act)
        )

    def _judged(self, step: Step) -> bool:
        change, gave = step.change, step.gave
        if change.kind == "evaluate" and gave is not None and not _is_elsewhere(step):
            return self._evaluated(step, gave)
        if step.status == "refused":
            return False  # it has done nothing
        if change.kind in ("evaluate", "resume") or gave is None:
            is_known = change.kind == "evaluate" and change.text is not None
            return self._not_followed(is_harmless=is_known and not may_act(change.text or ""))
        changed = [self._changed(each) for each in gave.changed]
        return any(changed)

    def _not_followed(self, *, is_harmless: bool) -> bool:
        if not is_harmless:
            self._known.forget()
        return not is_harmless

    # -- evaluations -----------------------------------------------------------------------------

    def _evaluated(self, step: Step, gave: Gave) -> bool:
        document = "" if step.document is None else step.document.text
        shadowed = _bound_in(document, _texts(gave))
        file = step.change.file
        acted = [self._ran(file, each, shadowed) for each in gave.statements]
        if gave.failed is not None:
            acted.append(self._failed(file, gave.failed, shadowed))
        if gave.failed is None and step.status != "ok":
            acted.append(step.may_act)
            self._known.forget()
        return any(acted)

    def _ran(self, file: str | None, ran: RanStatement, shadowed: Iterable[str]) -> bool:
        entered = [] if ran.trace is None else [name for _, name in ran.trace["ran"]]
        acted = self._known.runs(file, ran.text, shadowed, entered)
        if acted:
            self._take_in(file, ran)
        name = _assigned(ran.text)
        value = None if ran.result is None else ran.result.value
        if name is not None and value is not None:
            self._known.is_of(file, name, value.type)
        return acted

    def _failed(self, file: str | None, ran: RanStatement, shadowed: Iterable[str]) -> bool:
        acted = self._known.fails(file, ran.text, shadowed)
        if acted:
            self._take_in(file, ran)
        return acted

    def _take_in(self, file: str | None, ran: RanStatement) -> None:
        """Know no more than before of what a statement did that could not be followed."""
        trace = ran.trace
        if trace is None or trace["unknown"] is not None:
            self._known.forget()
            return
        self._known.wrote((file, name) for file, name in trace["writes"])
        self._known.changed((file, name) for file, name in trace["changed"])

    # -- redefinitions ---------------------------------------------------------------------------

    def _changed(self, changed: ChangedDefinition) -> bool:
        if changed.text is None and changed.kind == "statement":
            self._known.forget()
            return True
        return self._known.redefined(changed.file, changed.name, changed.text)


def _texts(gave: Gave) -> list[str]:
    return [each.text for each in (*gave.statements, gave.failed) if each is not None]


def _is_elsewhere(step: Step) -> bool:
    """Tell whether it ran with the names of a frame or a call, not of the module."""
    return step.change.frame is not None or step.change.inside is not None


def _bound_in(document: str, texts: Iterable[str]) -> set[str]:
    """Return what a document binds, if that may be anything built in that texts use."""
    used = {each for text in texts for each in _WORD.findall(text)} & vars(builtins).keys()
    if not any(
        re.search(rf"\b(def|class)\s+{each}\b|\b{each}\b(?!\s*\()", document) for each in used
    ):
        return set()  # they are called there, and not bound
    return {name for each in outline(document).sections for name in each.bindings.names}


def _assigned(text: str) -> str | None:
    """Return the one name that a statement assigns what it shows to; None: it is another one."""
    tree = parsed(text)
    if tree is None or len(tree.body) != 1:
        return None
    match tree.body[0]:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case ast.AugAssign(target=ast.Name(id=name)):
            return name
    return None
