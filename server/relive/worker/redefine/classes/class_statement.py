"""A class whose statement has to run: what it makes is merged into the live class, or replaces it.

Bases, keywords, decorators, metaclasses and generated members come only from running the statement.
"""

from __future__ import annotations

from relive.worker.redefine.change import Change
from relive.worker.redefine.classes.aside import Aside
from relive.worker.redefine.classes.bridge import bridge, wants_bridge
from relive.worker.redefine.classes.class_body import is_as_written
from relive.worker.redefine.classes.enums import is_enum, plan_members
from relive.worker.redefine.classes.fields import plan_fields
from relive.worker.redefine.classes.merge import NOT_MEMBERS, obstacle, plan_merge
from relive.worker.redefine.classes.replace import Replacement
from relive.worker.redefine.functions.build import attribute_name
from relive.worker.redefine.functions.rebind import pass_on_to
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.classes.class_edit import ClassEdit
    from relive.worker.redefine.plan import Planner
    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.class_text import ClassText


class ClassStatement:
    """Plans the change of one class by running its statement aside."""

    __slots__ = ("_edit", "_owner", "_planner", "_planning")

    def __init__(self, edit: ClassEdit, planning: Planning, planner: Planner, owner: Any) -> None:
        self._edit = edit
        self._planning = planning
        self._planner = planner
        self._owner = owner

    def plan(self) -> None:
        """Plan that the live program has what the statement makes.

        Raises:
            Refused: the live class cannot become that.
            BaseException: what the statement raises.
        """
        edit = self._edit
        definition = edit.new.definition
        edit.change.outcome = "redefined"
        self._planning.transaction.perform()  # the statement is to find what it uses as it will be
        aside = self._run(edit.new)
        self._planning.decorated.add(definition.key)
        if aside.fresh is None:
            raise Refused(f"the decorators of {definition.name!r} no longer give a class")
        if is_enum(edit.cls) and is_enum(aside.fresh):
            self._merge_enum(aside, aside.fresh)
        else:
            self._merge_or_replace(aside, aside.fresh)
        self._plan_members()
        if aside.made is not aside.fresh and edit.is_redecorated:
            self._planner.functions.replace(definition, self._owner, aside.made, edit.change)

    def _run(self, text: ClassText, first_base: type | None = None) -> Aside:
        edit = self._edit
        parts = edit.changed if text is edit.new else ()
        return Aside(text, edit.cls, self._owner, self._planning, first_base, parts)

    def _merge_enum(self, aside: Aside, fresh: Any) -> None:
        edit, transaction = self._edit, self._planning.transaction
        aside.hide(aside.exchange(edit.staying), transaction)
        names = edit.new.attributes(name for each in edit.changed for name in each.binds)
        made = (each for each in edit.new.members.values() if each not in edit.staying)
        names |= {attribute_name(each) for each in made}
        plan_members(edit.cls, fresh, names, transaction)
        for name in self._doomed(fresh) & set(vars(edit.cls)):
            transaction.delete_member(edit.cls, name)

    def _merge_or_replace(self, aside: Aside, fresh: type) -> None:
        edit, transaction = self._edit, self._planning.transaction
        exchange = aside.exchange(edit.staying)
        reason = obstacle(edit.cls, fresh, exchange)
        told = plan_fields(edit.cls, fresh, edit.added, transaction, edit.change.add_reason)
        edit.change.reason = told
        if reason is not None:
            self._replace(aside, fresh, reason)
            return
        aside.hide(exchange, transaction)
        plan_merge(edit.cls, fresh, transaction, self._kept(), self._doomed(fresh))
        self._note(edit.cls)

    def _replace(self, aside: Aside, fresh: type, reason: str) -> None:
        if wants_bridge(self._edit.cls, fresh):
            aside.drop()
            fresh = self._run(self._edit.new, bridge()).fresh or fresh
        replacement = Replacement(self._edit.cls, fresh, reason, self._planning)
        replacement.plan(self._kept(), self._edit.change)
        text = self._edit.old.definition
        pass_on_to(self._edit.cls, fresh, text, self._planning.transaction)
        self._note(fresh)

    def _note(self, made: type) -> None:
        """Note that what is made from this class is to be made from `made`, and anew."""
        kin = self._planning.kin
        kin.remade[made] = kin.touched[made] = made
        kin.touched[self._edit.cls] = made

    def _kept(self) -> set[str]:
        return self._edit.kept | {attribute_name(each) for each in self._edit.staying}

    def _doomed(self, fresh: type) -> set[str]:
        """Return the attributes that go: the old statement made them, the new one does not."""
        cls, old, new = self._edit.cls, self._edit.old, self._edit.new
        gone = {name for name in old.names - new.names if is_as_written(cls, old, name)}
        unknown = set(vars(cls)) - set(vars(fresh)) - old.attributes(old.names) - NOT_MEMBERS
        return old.attributes(gone) | (unknown & self._made_before() if unknown else set())

    def _made_before(self) -> set[str]:
        """Return the attributes that the old statement makes: any other the program has added.

        It runs aside for that. If it cannot any more, what has a special name counts as made.
        """
        try:
            aside = self._run(self._edit.old)
        except Exception:
            return {name for name in vars(self._edit.cls) if name.startswith("__")}
        if aside.fresh is None:
            return set()
        aside.hide(aside.exchange(self._edit.staying), self._planning.transaction)
        return set(vars(aside.fresh))

    def _plan_members(self) -> None:
        """Plan the members that stay, and report those that the statement has made or dropped."""
        old, new = self._edit.old, self._edit.new
        staying = self._edit.staying
        for key, member in new.members.items():
            if member not in staying:
                outcome = "redefined" if key in old.members else "added"
                self._planning.changes.append(Change.of(member, outcome))
            elif self._edit.differs(member):
                self._planner.plan(member)
        for (name, _), member in old.members.items():
            if name not in new.names:
                self._planning.changes.append(Change.of(member, "removed"))
