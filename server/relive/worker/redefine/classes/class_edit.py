"""A class's new text against its old one: what differs, and whether the statement has to run."""

from __future__ import annotations

import ast

from relive.worker.redefine.change import Change
from relive.worker.redefine.classes.enums import is_enum
from relive.worker.redefine.classes.generated import is_generated, is_made, takes_attributes
from relive.worker.redefine.finding.live import functions_in
from relive.worker.redefine.reading.codes import same_code
from relive.worker.redefine.reading.definitions import Definition
from relive.worker.redefine.reading.plain import value_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.class_text import BodyStatement, ClassText


class ClassEdit:
    """One live class, the text it was made from, and its new one."""

    __slots__ = ("_planning", "_scope", "change", "changed", "cls", "left", "new", "old")

    def __init__(self, planning: Planning, cls: type, old: ClassText, new: ClassText) -> None:
        self._planning = planning
        self.cls = cls
        self.old = old
        self.new = new
        self.change = Change.of(new.definition, "unchanged")
        """What the receipt will say of the class."""
        switched = {name for name, _ in set(old.kinds) ^ set(new.kinds)}
        switched |= {key[0] for key in new.kinds if old.kinds.get(key) != new.kinds[key]}
        self.left: list[str] = []
        """Attributes that would follow what has changed, had the program not changed them since."""
        self._scope = {**vars(planning.namespace.module), **vars(cls)}
        self.changed = new.changed(
            old, planning.changed | switched, self._scope, self._is_untouched
        )
        """The data statements to run: changed, or computed from what has changed."""
        self.changed += self._regained()

    def _regained(self) -> list[BodyStatement]:
        """Return the statements that have a name again which a method below them had."""
        found = []
        for name, (before, now) in self.new.bound_anew(self.old).items():
            if isinstance(before, Definition) and not isinstance(now, Definition):
                is_new = self._has_made(before, name) and now not in self.changed
                found += [now] if is_new else []
        return [*found, *self._brought_back(found)]

    def _brought_back(self, others: list[BodyStatement]) -> list[BodyStatement]:
        """Return the statements that bind names which the old text took away, and the new not."""
        held = vars(self.cls)
        gone = {each for each in self.old.deleted - self.new.deleted if each not in held}
        found = [each for each in self.new.parts if each.binds & gone]
        return [each for each in found if each not in self.changed and each not in others]

    def _has_made(self, member: Definition, name: str) -> bool:
        """Whether the class has, under a name, what a method of the text before has made."""
        value = vars(self.cls).get(self.old.attribute(name))
        codes = [each.__code__ for each in functions_in(value, member)]
        return any(code is own for code in codes for own in member.own_codes)

    def regaining(self) -> Iterator[Definition]:
        """Yield the methods whose names a statement below them had."""
        for name, (before, now) in self.new.bound_anew(self.old).items():
            if isinstance(now, Definition) and not isinstance(before, Definition):
                live = self._planning.live.get(now.key, now)
                if not self._has_made(live, name) and self._is_as_given(name, before):
                    yield now

    def _is_as_given(self, name: str, before: BodyStatement) -> bool:
        """Whether a name still has what a statement of the text before has given it."""
        attribute = self.old.attribute(name)
        if not isinstance(getattr(before.node, "value", None), ast.Lambda):
            return attribute in vars(self.cls) and self._is_untouched(before)
        code = getattr(vars(self.cls).get(attribute), "__code__", None)
        return code is not None and any(same_code(code, each, lines=False) for each in before.codes)

    def _is_untouched(self, part: BodyStatement) -> bool:
        """Whether the class holds what an assignment gave it, as far as that can be computed."""
        value = getattr(part.node, "value", None)
        names = self.new.attributes(part.binds)
        assigns = isinstance(part.node, (ast.Assign, ast.AnnAssign)) and len(names) == 1
        if value is None or not assigns:
            return True
        if isinstance(value, ast.Lambda):
            return False  # it looks its names up when it is called
        name = names.pop()
        held = vars(self.cls).get(name, self)
        try:
            gave = value_of(value, self._scope_before(part))
            is_as_given = held is self or (type(held) is type(gave) and bool(held == gave))
        except Exception:
            return True
        goes_back = name in self._planning.kin.given_back.get(self.cls, ())
        self.left += [] if is_as_given or goes_back else [name]
        return is_as_given

    def _scope_before(self, part: BodyStatement) -> dict[str, Any]:
        """Return the names that an assignment has read when it ran."""
        if not part.reads & self._planning.changed:
            return self._scope
        return {**self._planning.before, **vars(self.cls)}

    @property
    def is_reframed(self) -> bool:
        """Whether bases, keywords, decorators or type parameters changed."""
        return self.old.definition.frame != self.new.definition.frame

    @property
    def is_redecorated(self) -> bool:
        """Whether decorators changed."""
        return self.old.definition.decorators != self.new.definition.decorators

    @property
    def needs_statement(self) -> bool:
        """Whether the class statement itself has to run, and not just some of its body."""
        return self._bases_are_new() or self.is_reframed or self._makes_other_members()

    def _bases_are_new(self) -> bool:
        kin = self._planning.kin
        remade = any(base in kin.remade for base in self.cls.__mro__[1:])
        decorators = self.new.definition.decorators
        return self.cls in kin.stale or (remade and is_made(self.cls, decorators))

    def _makes_other_members(self) -> bool:
        """Whether something beside the statements of the body would make other members."""
        old, new = self.old, self.new
        data = {name for each in self.changed for name in each.binds} | (old.binds - new.names)
        if "__slots__" in data:
            return True
        if is_enum(self.cls):
            return bool(self.changed or data)
        if not is_generated(self.cls, new) or takes_attributes(self.cls, new):
            return False
        return bool(self.changed or data) or (old.annotated, old.kinds) != (
            new.annotated,
            new.kinds,
        )

    @property
    def staying(self) -> list[Definition]:
        """The members that go on as the objects they are, with new code at most."""
        return [
            member
            for key, member in self.new.members.items()
            if self.old.kinds.get(key) == member.decorators
        ]

    @property
    def kept(self) -> set[str]:
        """The attributes whose live value stays, because their statement is what it was."""
        changed = {name for each in self.changed for name in each.binds}
        return self.new.attributes(self.new.binds - changed)

    @property
    def added(self) -> set[str]:
        """The names that the new text annotates or binds, and the old one does not."""
        return (set(self.new.annotated) | self.new.binds) - (
            set(self.old.annotated) | self.old.binds
        )

    @property
    def attributes(self) -> tuple[set[str], set[str]]:
        """The attributes that the new text makes anew or has code for, and those that went."""
        old, new = self.old, self.new
        made = new.attributes(new.names)
        return made - self.kept, old.attributes(old.names) - made

    def differs(self, member: Definition) -> bool:
        """Whether a member is to be planned: its text, or what that uses, has changed."""
        same = member.is_same_as(self._planning.live.get(member.key))
        changed = self._planning.in_view(self.cls)
        if self._planning.has_other_features:
            return True
        return not same or member.computes_from(changed) or member.frames_use(changed)
