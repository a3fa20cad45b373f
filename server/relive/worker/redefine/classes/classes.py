"""Planning classes: the live class stays the object it is, and gets what differs in its text.

Where the class is just its statements, those that differ run in its scope. Where a decorator, a
metaclass or a base makes more of it, the class statement runs aside (class_statement.py).
"""

from __future__ import annotations

import ast
from functools import partial

from relive.worker.redefine.change import Change
from relive.worker.redefine.classes.abstract import settle_abstract
from relive.worker.redefine.classes.class_body import ClassBody
from relive.worker.redefine.classes.class_edit import ClassEdit
from relive.worker.redefine.classes.class_statement import ClassStatement
from relive.worker.redefine.classes.exchange import look_up_anew
from relive.worker.redefine.classes.generated import is_generated
from relive.worker.redefine.finding.compiled import is_compiled, why_compiled
from relive.worker.redefine.finding.live import (
    bound_to,
    class_behind,
    class_made_of,
    class_or_none,
    classes_called,
    live_class,
)
from relive.worker.redefine.functions.build import compile_class
from relive.worker.redefine.functions.lambdas import plan_lambdas
from relive.worker.redefine.reading.class_text import ClassText, members_in
from relive.worker.redefine.reading.definitions import Definition
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.plan import Planner
    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.codes import Coded


_MADE_FROM_ANNOTATIONS = (
    "what its decorators or bases have made of its annotations stays; evaluate it to have that anew"
)


class ClassPlanner:
    """Plans the change of classes."""

    def __init__(self, planning: Planning, planner: Planner) -> None:
        self._planning = planning
        self._planner = planner

    def plan(self, new: Definition, old: Definition | None, owner: Any) -> None:
        """Plan that the live class becomes what `new` says."""
        bound = bound_to(new, owner)
        was_class = old is not None and isinstance(old.node, ast.ClassDef)
        cls = class_behind(bound, new.name)
        if was_class and old is not None:
            cls = bound if _extends_namesake(old, bound) else self._named(bound, new.name)
        is_same = old is not None and old.source == new.source
        if cls is None and bound is None and old is not None and not is_same:
            cls = self._deleted_by_the_text(old, owner)
        if cls is None and is_same:
            # Nothing live is it: the text, or the program, has taken the name away again.
            self._planning.changes.append(Change.of(new, "unchanged"))
        elif cls is None or (old is None and self._is_foreign(cls)):
            outcome = "added" if bound is None else "redefined"
            self._planner.functions.bind_anew(new, owner, outcome)
        elif old is None:
            raise Refused(f"{new.name!r} was not made from this text; evaluate it to replace it")
        elif is_compiled(cls):
            self._plan_compiled(new, cls, is_same)
        else:
            new.succeed(old)
            texts = self._live_text(old), self._text(new)
            self._plan_edit(ClassEdit(self._planning, cls, *texts), owner)

    def _named(self, bound: Any, name: str) -> type | None:
        """Return the live class of a qualified name, which is bound to something."""
        planning = self._planning
        return live_class(bound, name, planning.namespace.module, planning.kin.retired)

    def _deleted_by_the_text(self, old: Definition, owner: Any) -> type | None:
        """Return a class that lives on under no name, bound again until the text deletes it."""
        if not self._planning.is_deleted(old.name):
            return None
        members = self._live_text(old).members.values()
        cls = class_made_of([code for each in members for code in each.own_codes], old.name)
        if cls is not None:
            self._planning.bind(owner, old.own_name, cls)
        return cls

    def _plan_compiled(self, new: Definition, cls: type, is_same: bool) -> None:
        reason = why_compiled(new.name, cls)
        if self._planning.evaluated:
            raise Refused(reason)  # the statement runs instead
        if is_same:
            self._planning.changes.append(Change.of(new, "unchanged"))
            return
        self._planning.refused.add(new.key)
        self._planning.changes.append(Change.of(new, "refused", reason))

    def _plan_edit(self, edit: ClassEdit, owner: Any) -> None:
        """Plan whatever makes the live class what the new text says, and report it."""
        changes = self._planning.changes
        changes.append(edit.change)
        before = len(changes)
        self._plan_lambdas(edit, owner)
        self._planning.note_bound(edit.cls, {name for each in edit.changed for name in each.binds})
        if edit.needs_statement:
            self._forget_registered(edit.old, edit.new)
            ClassStatement(edit, self._planning, self._planner, owner).plan()
        else:
            self._plan_body(edit)
            self._tell_of_annotations(edit)
        if any(each.outcome not in ("unchanged", "refused") for each in changes[before:]):
            edit.change.outcome = "redefined"
        if edit.changed and not edit.new.definition.scopes:
            data = edit.new.attributes(name for each in edit.changed for name in each.binds)
            self._planning.note_data(edit.new.own_name, edit.cls, data)
        if edit.change.outcome == "redefined":
            self._settle(edit)
        if edit.left:
            what = ", ".join(map(repr, edit.left))
            edit.change.add_reason(f"the program has changed {what} since, so it stays")

    def _settle(self, edit: ClassEdit) -> None:
        """Plan what is to be done about a class that is another, once all of it is changed."""
        kin, afterwards = self._planning.kin, self._planning.transaction.afterwards
        kin.touched.setdefault(edit.cls, edit.cls)
        made = edit.change.counted = kin.touched[edit.cls]
        afterwards(partial(settle_abstract, edit.cls))
        afterwards(partial(kin.formers.bring_up_to_date, made, *edit.attributes))
        afterwards(partial(look_up_anew, kin.retired, made))

    def _tell_of_annotations(self, edit: ClassEdit) -> None:
        """Say that fields made from annotations stay, where these are made in another way now."""
        is_other = self._planning.has_other_features and edit.new.annotated
        if is_other and is_generated(edit.cls, edit.new):
            edit.change.add_reason(_MADE_FROM_ANNOTATIONS)

    def _plan_lambdas(self, edit: ClassEdit, owner: Any) -> None:
        """Plan that lambdas in the header, and in parts that stay, run their new code."""
        old, new = edit.old.definition, edit.new.definition
        compile_class(new, self._planning.namespace, class_or_none(owner))
        pairs: list[tuple[Coded, Coded]] = [(old, new), *edit.new.kept(edit.old)]
        for before, after in pairs:
            if before.codes and after.codes:
                edit.change.functions += plan_lambdas(self._planning, before, after).functions
        if edit.change.functions:
            edit.change.outcome = "redefined"

    def _plan_body(self, edit: ClassEdit) -> None:
        """Run what differs of the class's body in its scope."""
        body = ClassBody(self._planning, edit.cls, edit.old, edit.new)
        for each in edit.new.in_order(edit.changed):
            if not isinstance(each, Definition):
                body.run(each)
            elif edit.differs(each):
                if edit.new.covers(each) and each.key not in self._planning.live:
                    self._planning.covered.add(each.key)
                self._planner.plan(each)
        if body.settle() or edit.changed:
            edit.change.outcome = "redefined"
        self._plan_removed(edit.old, edit.new)
        self._plan_regained(edit)

    def _plan_removed(self, old: ClassText, new: ClassText) -> None:
        """Plan that members go which the text has no more."""
        keys = {each.key for each in new.members.values()}
        for (name, _), member in old.members.items():
            if name not in new.names:
                self._planner.plan_removed(member)
                continue
            if member.key not in keys:
                self._planning.forget_registered(member)
            if member.shared_key not in new.namesakes and name not in new.binds:
                self._planner.plan_part_removed(member)
        for each in new.meant_anew(old):
            self._planner.plan_meant(each.again())

    def _forget_registered(self, old: ClassText, new: ClassText) -> None:
        """Plan that generic functions lack what members have registered that are gone, or edited.

        The statement of the class runs, and registers what it has now.
        """
        now = {each.key: each for each in new.members.values()}
        for member in old.members.values():
            if not member.is_same_as(now.get(member.key)):
                self._planning.forget_registered(member)

    def _plan_regained(self, edit: ClassEdit) -> None:
        """Plan that members have the names again which statements below them had."""
        for each in edit.regaining():
            self._planner.plan_meant(each.again(), in_any_case=True)

    def mean(self, new: Definition, owner: Any) -> bool:
        """Have the name mean the class that lives of a definition, or one that is made anew."""
        module = self._planning.namespace.module.__name__
        retired = self._planning.kin.retired
        live = [each for each in classes_called(new.name, module) if each not in retired]
        if live:
            change = Change.of(new, "redefined")
            self._planning.changes.append(change)
            self._planner.functions.replace(new, owner, live[-1], change)
        else:
            self._planner.functions.bind_anew(new, owner, "redefined")
        return True

    def _is_foreign(self, cls: type) -> bool:
        """Whether a class that a module holds was made by another one, and imported."""
        return cls.__module__ != self._planning.namespace.module.__name__

    def _live_text(self, old: Definition) -> ClassText:
        inside = (*old.scopes, old.own_name)
        known = self._planning.live.values()
        return ClassText(old, [each for each in known if each.scopes == inside])

    def _text(self, new: Definition) -> ClassText:
        members = self._planning.kin.in_force(self._planning.namespace, members_in(new))
        text = ClassText(new, members)
        text.note_branches()
        return text


def _extends_namesake(old: Definition, bound: Any) -> bool:
    """Whether it is as in `class C(C)`, and the class made by it is bound to its name."""
    bases = [each for each in old.node.bases if isinstance(each, ast.Name)]  # type: ignore[attr-defined]
    is_plain = isinstance(bound, type) and not old.decorators
    return is_plain and any(each.id == old.own_name for each in bases)
