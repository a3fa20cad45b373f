"""Planning classes: the live class stays the object it is, and gets what differs in its text."""

from __future__ import annotations

import ast

from relive.worker.redefine.build import attribute_name, build, run_in_class
from relive.worker.redefine.definitions import FUNCTIONS, Definition, definitions_in, flattened
from relive.worker.redefine.enums import is_enum, plan_members
from relive.worker.redefine.live import (
    bound_to,
    class_or_none,
    owner_of,
)
from relive.worker.redefine.merge import Merge
from relive.worker.redefine.receipt import Change, Refused
from relive.worker.redefine.toplevel import TopLevel, assigned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.plan import Planner
    from relive.worker.redefine.planning import Planning


class ClassPlanner:
    """Plans the change of classes."""

    def __init__(self, planning: Planning, planner: Planner) -> None:
        self._planning = planning
        self._planner = planner

    def plan(self, new: Definition, old: Definition | None, owner: Any) -> None:
        """Plan that the live class becomes what `new` says."""
        cls = bound_to(new, owner)
        if cls is None or not isinstance(cls, type) or (old is None and _is_foreign(cls, owner)):
            return self._planner.functions.bind_anew(
                new, owner, "added" if cls is None else "redefined"
            )
        if old is None:
            raise Refused(f"{new.name!r} was not made from this text; evaluate it to replace it")
        self._planning.changes.append(change := Change.of(new, "unchanged"))
        before = len(self._planning.changes)
        self._plan_class_data(new, old, cls, change)
        self._plan_members(new)
        if any(each.outcome != "unchanged" for each in self._planning.changes[before:]):
            change.outcome = "redefined"
        if change.outcome == "redefined":
            change.counted = cls
        return None

    def _plan_members(self, new: Definition) -> None:
        live, new_members = self._planning.live, _members(new)
        inside = (*new.scopes, new.own_name)
        old_members = {(e.own_name, e.role): e for e in live.values() if e.scopes == inside}
        for member in new_members.values():
            differs = not member.is_same_as(live.get(member.key))
            if differs or member.computes_from(self._planning.changed):
                self._planner.plan(member)
        for key, member in old_members.items():
            if key not in new_members and not any(key[0] == name for name, _ in new_members):
                self._planner.plan_removed(member)

    def _plan_class_data(self, new: Definition, old: Definition, cls: type, change: Change) -> None:
        known = {ast.dump(node) for node in _data(old)}
        changed = [node for node in _data(new) if ast.dump(node) not in known]
        if self._planning.changed:
            changed += [node for node in _data(new) if self._follows(node) and node not in changed]
        gone = _bound(_data(old)) - _bound(_data(new))
        if old.frame == new.frame and not changed and not gone:
            return
        change.outcome = "redefined"
        special = "__slots__" in _bound(changed) | gone or type(cls) is not type
        if special or old.frame != new.frame or new.decorators:
            self._run_class_anew(new, cls, _bound(_data(new)) - _bound(changed), gone)
            return
        if changed:
            for name, value in run_in_class(changed, new, self._planning.namespace, cls).items():
                self._planning.transaction.set_attribute(cls, name, value)
        for name in gone & set(vars(cls)):
            self._planning.transaction.delete_attribute(cls, name)

    def _follows(self, node: ast.stmt) -> bool:
        """Whether a statement of the body is computed from what has changed in the module."""
        statement, scope = TopLevel(node), vars(self._planning.namespace.module)
        uses = statement.reads() & self._planning.changed
        return bool(uses) and statement.is_plain_data(scope)

    def _run_class_anew(self, new: Definition, cls: type, kept: set[str], gone: set[str]) -> None:
        """Run the class statement aside, and merge what only that makes into the live class."""
        owner = class_or_none(owner_of(new, self._planning.namespace.module))
        fresh = build(new, self._planning.namespace, owner, decorated=True)
        if not isinstance(fresh, type):
            raise Refused(f"the decorators of {new.name!r} no longer give a class; evaluate it")
        if is_enum(cls) and is_enum(fresh):
            plan_members(cls, fresh, self._planning.transaction)
            return
        members = {attribute_name(each) for each in _members(new).values()}
        Merge(cls, fresh, self._planning.transaction).plan(kept, members, gone)


def _is_foreign(cls: type, owner: Any) -> bool:
    """Whether a class that a module holds was made by another one, and imported."""
    return not isinstance(owner, type) and cls.__module__ != owner.__name__


def _members(cls: Definition) -> dict[tuple[str, str], Definition]:
    """Return the functions and classes directly in a class, by name and role."""
    inside = (*cls.scopes, cls.own_name)
    found = {}
    for each in definitions_in(cls.source, line=cls.line):
        scopes = (*cls.scopes, *each.scopes)
        if scopes == inside:
            each.scopes = scopes
            found[(each.own_name, each.role)] = each
    return found


def _data(cls: Definition) -> list[ast.stmt]:
    """Return the statements of a class body that define no function or class, docstring aside."""
    assert isinstance(cls.node, ast.ClassDef)
    made = (*FUNCTIONS, ast.ClassDef, ast.Pass)
    return [node for node in flattened(cls.node.body) if not isinstance(node, made)]


def _bound(nodes: list[ast.stmt]) -> set[str]:
    """Return the names that statements of a class body assign."""
    return {name for node in nodes for name in assigned(node)}
