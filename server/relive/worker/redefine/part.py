"""One module's part in a step: what runs in it, and what is planned for its definitions."""

from __future__ import annotations

import ast
from functools import cached_property, partial
from types import FunctionType
from weakref import ref

from relive.worker.namespace import flags_of
from relive.worker.redefine.change import Change
from relive.worker.redefine.finding.live import bound_to, is_held_by_name_alone, reachable
from relive.worker.redefine.functions.build import compile_statement
from relive.worker.redefine.functions.handlers import plan_last
from relive.worker.redefine.functions.lambdas import plan_inner, plan_lambdas
from relive.worker.redefine.functions.metadata import header_of, plan_attributes
from relive.worker.redefine.functions.rebind import pass_on_to
from relive.worker.redefine.functions.trampoline import plan_passing_on
from relive.worker.redefine.modules.places import about_to_give
from relive.worker.redefine.modules.snapshot import ABSENT, Names, Snapshot
from relive.worker.redefine.plan import Planner
from relive.worker.redefine.planning import Planning
from relive.worker.redefine.reading.definitions import Definition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, ModuleType
    from typing import Any

    from relive.worker.redefine.finding.running import Running
    from relive.worker.redefine.functions.swap import Swap
    from relive.worker.redefine.modules.places import Given
    from relive.worker.redefine.reading.toplevel import TopLevel


class Part:
    """One module's part in a step.

    Statements, and definitions that are new, take effect in the module while it is planned, since
    what is planned next must see them; the snapshot brings the module back if anything fails.
    """

    def __init__(self, planning: Planning, names: Names) -> None:
        self.namespace = planning.namespace
        self.scope = planning.namespace.module.__dict__
        self.module = planning.module
        self.names = names
        """The module's names before the step."""
        self.changed = planning.changed
        self.taken: dict[str, Any] = {}
        """What names were that had followed others of the step when this part began."""
        self.gone: list[tuple[Definition, Any]] = []
        """Definitions that are no longer in the text, and what they had made."""
        self._covered: dict[str, Any] = {}
        """What names are to mean again that a definition further up than theirs has for now."""
        self.retaken: set[str] = set()
        """Names that mean another definition of several that have it."""
        self.added: dict[str, Any] = {}
        """What definitions that are new in the text have made."""
        self.given: list[Given] = []
        """Attributes and items of live objects that statements have given values."""
        self.planned = planning.planned
        self.were = planning.were
        self._transaction = planning.transaction
        self._follower = planning.follower
        self._flags = self.namespace.future_flags
        self._planning = planning
        self._planner = Planner(planning)

    @property
    def before(self) -> dict[str, Any]:
        """What the module's names were before the step."""
        return self.names.had

    def had(self, name: str) -> Any:
        """Return what a name was before the step, or before it followed another one's part."""
        return self.taken.get(name, self.before.get(name, ABSENT))

    @property
    def changes(self) -> list[Change]:
        """What the receipt will say of the definitions."""
        return self._planning.changes

    @property
    def formers(self) -> dict[str, Any]:
        """For classes that have got other data in this step, what has the data they had."""
        return self._planning.formers

    @property
    def exchanged(self) -> list[tuple[Definition, CodeType]]:
        """The definitions whose functions run other code, as they were, and that code."""
        exchanged = self._planning.exchanged
        return [(text, code) for text, code in exchanged if isinstance(text, Definition)]

    @property
    def running(self) -> Running:
        """What ran, and waited, when the part was planned."""
        return self._planning.running

    @property
    def flags(self) -> tuple[int, int]:
        """The compiler flags of `__future__` features before the step, and now."""
        return self._flags, self.namespace.future_flags

    @property
    def has_other_features(self) -> bool:
        """Whether annotations are made in another way than before the step."""
        return self._planning.has_other_features

    def use_features(self, flags: int) -> None:
        """Have what runs from now on be compiled with those flags of `__future__` features."""
        is_other = (flags ^ self.namespace.future_flags) & flags_of(["annotations"])
        self.namespace.future_flags = flags
        self._planning.has_other_features |= bool(is_other)

    def run(self, statement: TopLevel, *, plain: bool) -> None:
        """Run a statement in the module; who holds what its names were follows.

        A statement that may call what this step has changed so far is to find it changed.

        Raises:
            BaseException: what the statement raises.
        """
        self._transaction.expect_anything()
        if not plain or self.formers:
            self._transaction.perform()
        had = Snapshot(self.scope, statement.binds if plain else None)
        node = statement.node
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            self.namespace.future_flags |= flags_of([alias.name for alias in node.names])
        code = compile_statement(statement, self.namespace)
        if not plain:
            self._transaction.about_to_run(code, self.namespace, statement.line)
        given = about_to_give(statement, self.scope) if plain and statement.places else []
        for each in given:
            self._transaction.already(partial(each.give, each.before))
        exec(code, self.scope)
        for each in given:
            each.after = each.value()
        self.given += given
        self._carry_over(had)

    def change_functions(self, old: TopLevel, new: TopLevel) -> Swap:
        """Plan that functions which a statement made run the code of its new text."""
        if not new.codes:
            compile_statement(new, self.namespace)
        return plan_lambdas(self._planning, old, new)

    def change_inner(self, old: Definition, new: Definition) -> None:
        """Plan that what a definition made besides its function runs the code of another text."""
        plan_inner(self._planning, old, new)

    def finish(self, *, in_order: bool | None = None) -> None:
        """Plan what is best done for all definitions at once.

        `in_order`: see `register_last`; None: it is done otherwise.
        """
        for name in list(self._covered):
            self._give_back_covered(name)
        self._planner.finish()
        if "__all__" in self.changed:
            self._transaction.perform()  # what is spread is what the names will mean
            self._follower.follow_what_is_public(self.before)
        if in_order is not None:
            self.register_last(in_order=in_order)

    def register_last(self, *, in_order: bool) -> None:
        """Plan that generic functions call for a type what the text registers last for it.

        `in_order`: all definitions have the lines of one text; else only types count that the step
        has left without a handler.
        """
        plan_last(self._planning, in_order=in_order)

    def _carry_over(self, had: Snapshot) -> None:
        names = had.bound()
        for name in names:
            if name in had:
                self._replace(name, had[name], self.scope[name])
            elif name not in self.before:
                self._follower.spread(name, self.scope[name])
        self.changed.update(names, (name for name in had if name not in self.scope))

    def _replace(self, name: str, old: Any, new: Any) -> None:
        """Plan that holders of what `name` was go over to what it is; a lambda stays the object."""
        both = _is_own_lambda(old, self.scope) and _is_own_lambda(new, self.scope)
        if both and len(old.__code__.co_freevars) == len(new.__code__.co_freevars):
            self._transaction.set_attribute(old, "__code__", new.__code__)
            plan_attributes(old, header_of(new), (), self._transaction)
            self.scope[name] = old
            return
        # Who holds a function by another name than its own wants to call it.
        same_use = callable(new) or not callable(old)
        self._follower.follow(name, old, new, own=same_use and self._is_own(name, old))
        self.pass_on(name, old, new)
        self._pass_others_on(name, old, new)

    def _is_own(self, name: str, value: Any) -> bool:
        """Whether the module had made `value`, and has it under no other name."""
        others = (other for other in self.scope if other != name and self.scope[other] is value)
        return not self._planning.is_imported(name) and next(others, None) is None

    def restore(self, names: Iterable[str]) -> None:
        """Give names the value back that they had before the step."""
        self._transaction.perform()  # a definition further up may have been planned for one
        for name in names:
            if name in self.before and self.scope.get(name, ABSENT) is not self.before[name]:
                self._follower.follow(name, self.scope.get(name), self.before[name])
                self.scope[name] = self.before[name]
            self.changed.discard(name)

    def give_back(self, name: str, value: Any) -> None:
        """Bind a name to what it meant before; who has taken what it means now follows."""
        self._transaction.expect_anything()
        now = self.scope.get(name, ABSENT)
        if now is ABSENT:
            self._follower.spread(name, value)
        else:
            same_use = callable(value) or not callable(now)
            self._follower.follow(name, now, value, own=same_use and self._is_own(name, now))
        self.scope[name] = value
        self.changed.add(name)

    def deletes(self, name: str) -> bool:
        """Whether a statement of the module has deleted a name."""
        return self._planning.is_deleted(name)

    def take_back_alone(self, name: str, value: Any) -> None:
        """Bind a name to what it meant before; what it means now is another module's."""
        self._transaction.expect_anything()
        self.scope[name] = value
        self.changed.add(name)

    def pass_on(self, name: str, held: Any, meant: Any) -> bool:
        """Have a function that the module made under `name` pass its calls on to what it means.

        Returns whether it does.
        """
        if not (_is_own_function(held, name, self.scope) and callable(meant)):
            return False
        if any(each is held for each in reachable(meant)):  # which may call it
            return False
        plan_passing_on(held, meant, self._transaction)
        self.module.note_passing(name, [ref(held)])
        return True

    def _pass_others_on(self, name: str, held: Any, meant: Any) -> None:
        """Have functions that passed calls on to what a name meant go on with what it means."""
        others = self.module.passing_on(name, held) if callable(meant) else []
        called = set(map(id, reachable(meant))) if others else ()  # which it may call
        for each in others:
            if id(each) not in called:
                plan_passing_on(each, meant, self._transaction)

    def define(self, new: Definition) -> None:
        """Plan whatever makes the live program run `new`.

        Raises:
            Refused: it cannot be done in place.
            BaseException: what evaluating a default, annotation or decorator raises.
        """
        noted = self.names.are_noted
        if not new.scopes and is_held_by_name_alone(new, self.namespace.module, noted=noted):
            self._planning.alone.add(new.key)
        self._give_back_covered(new.own_name)
        old = self.planned.get(new.key) or self._planning.live.get(new.key)
        differs = old is None or old.source != new.source
        if (
            old is None
            or new.key in self.planned
            or self.changed
            or (differs and (old.decorators or new.decorators or old.frame != new.frame))
        ):
            self._transaction.perform()  # what runs now is to find the step's changes made
        was = self.scope.get(new.own_name, ABSENT)
        self._planner.plan(new)
        if not new.scopes and self.scope.get(new.own_name, ABSENT) is not was:
            self.changed.add(new.own_name)
            if old is None:
                self.added[new.own_name] = self.scope[new.own_name]
            if was is ABSENT:
                self._follower.spread(new.own_name, self.scope[new.own_name])

    def define_above(self, new: Definition) -> None:
        """Plan a definition that is new, and further up than a namesake that has the name.

        What stands between the two finds the new one.
        """
        name = new.own_name
        had = self._covered.get(name, self.scope.get(name, ABSENT))
        self._planning.covered.add(new.key)
        self.define(new)
        if not new.scopes and had is not ABSENT and self.scope.get(name) is not had:
            self._covered[name] = had
            self.changed.discard(name)

    def _give_back_covered(self, name: str) -> None:
        if name in self._covered:
            self.scope[name] = self._covered.pop(name)

    def note(self, new: Definition) -> None:
        """Make the image hold a definition, if anything live can run it."""
        if new.key not in self._planning.refused:
            self.module.put(new, self.planned)

    @property
    def followed(self) -> list[tuple[ModuleType, str, Any]]:
        """Names in other modules that have followed this one's, and what they were."""
        return self._follower.followed

    @property
    def spread(self) -> list[tuple[ModuleType, str]]:
        """Names that are new in modules which import everything from this one."""
        return self._follower.spread_to

    def give_up(self, gone: Definition) -> None:
        """Note that a definition is gone whose name the text binds to something else."""
        self._planning.forget_registered(gone)
        name = gone.own_name
        made = self.taken.get(name, self.before.get(name))
        self.gone.append((gone, made if self._planner.made(gone, made) else ABSENT))
        if isinstance(made, type):
            pass_on_to(made, self.scope.get(name), gone, self._transaction)
            if not gone.scopes:
                self.module.note_passing(name, gone.stand_ins)

    def forget_registered(self, gone: Definition) -> None:
        """Plan that generic functions lack what a definition has registered, which is gone."""
        self._planning.forget_registered(gone)

    def only_registers(self, definition: Definition) -> bool:
        """Whether all that its decorators do is to register it with generic functions."""
        return self._planning.only_registers(definition)

    def mean(self, meant: Definition, *, in_any_case: bool = False) -> bool:
        """Plan that a name means a definition that lives, and not another one of the name.

        `in_any_case`: nor anything else, which the text has given it before.
        """
        name = meant.own_name
        had = self.scope.get(name)
        if not self._planner.plan_meant(meant, in_any_case=in_any_case):
            return False
        self._transaction.perform()
        if not meant.scopes and self.scope.get(name) is not had:
            self.changed.add(name)
            self.retaken.add(name)
        return True

    def remove(self, gone: Definition, *, as_made: bool | None) -> None:
        """Plan that the name of a definition goes, if it still is what the text had made."""
        made = bound_to(gone, self.namespace.module)
        self.gone.append((gone, made if gone.scopes else self.taken.get(gone.own_name, made)))
        if gone.scopes and gone.role in ("fset", "fdel"):
            self._planner.plan_part_removed(gone)
        else:
            self._planner.plan_removed(gone, as_made=as_made)

    def unbind(self, name: str) -> None:
        """Take away a name that the text no longer binds."""
        self._transaction.expect_anything()
        if name in self.scope:
            del self.scope[name]
            self.changed.add(name)

    @cached_property
    def bound(self) -> list[str]:
        """The names that are new, or mean another object, now that the step is committed."""
        return self.names.bound()

    def made(self) -> list[tuple[ModuleType, str]]:
        """Return the names that this part has given new objects, in this and other modules."""
        own = [(self.namespace.module, name) for name in self.bound]
        return own + [(module, name) for module, name, _ in self._follower.followed]

    def take_back(self) -> None:
        """Bring the module's names, and those that followed, back to what they were before."""
        self.names.restore()
        self._follower.take_back()
        self.namespace.future_flags = self._flags


def _is_own_lambda(value: Any, scope: dict[str, Any]) -> bool:
    return _is_own_function(value, "<lambda>", scope)


def _is_own_function(value: Any, name: str, scope: dict[str, Any]) -> bool:
    own = isinstance(value, FunctionType) and value.__globals__ is scope
    return own and value.__code__.co_name == name
