"""One module's way back: its names, and its definitions."""

from __future__ import annotations

import ast
from functools import partial
from types import FunctionType
from weakref import ref

from relive.worker.redefine.change import Change
from relive.worker.redefine.finding.live import caches_behind, functions_in, owner_of
from relive.worker.redefine.functions.build import attribute_name
from relive.worker.redefine.functions.rebind import pass_on_to
from relive.worker.redefine.functions.trampoline import plan_own_code, target_of
from relive.worker.redefine.modules.snapshot import ABSENT
from relive.worker.redefine.reading.class_text import data_of
from relive.worker.redefine.reading.definitions import FUNCTIONS
from relive.worker.redefine.reading.namesakes import last_of
from relive.worker.redefine.recording import is_data
from relive.worker.redefine.undoing.attributes import STAYS
from relive.worker.redefine.undoing.statements import StatementsBack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.history import Changed, Written
    from relive.worker.image import Image
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.step import Step


class ModuleBack:
    """The way back of one module."""

    def __init__(self, changed: Changed, written: list[Written], step: Step, image: Image) -> None:
        self._changed = changed
        self._written = written
        self._step = step
        self._image = image
        self._part: Part = step.part(changed.namespace)
        if changed.flags is not None:
            self._part.use_features(changed.flags[0])
        self._live = changed.module.definitions
        self._is_as_left = {key: self._has(key, text) for key, text in changed.after.items()}
        scope = self._part.scope
        self._means_it = {
            name: scope.get(name, ABSENT) is after for name, (_, after) in changed.bound.items()
        }
        """Whether names still mean what the step left, before those of other modules go back."""
        self._told: list[Change] = []
        self._retaken: set[str] = set()
        """Names of definitions that go, which statements had bound: to the same object even."""
        self._deleted: list[str] = []
        """Names of definitions that come back, which the text deletes further down."""

    def _has(self, key: str, text: str | None) -> bool:
        now = self._live.get(key)
        return (None if now is None else now.source) == text

    # -- names -----------------------------------------------------------------------------------

    def names(self) -> None:
        """Give names the objects back that they meant, except those that definitions bind."""
        for name in self._names_bound():
            before, after = self._changed.bound[name]
            if self._part.scope.get(name, ABSENT) is not after:
                self._tell(name, "refused", STAYS)
            elif before is ABSENT:
                self._take_away(name)
            else:
                self._part.give_back(name, before)
                self._tell(name, "added" if after is ABSENT else "redefined")
        for name in {name for _, name in self._changed.spread} - self._changed.bound.keys():
            self._take_from_importers(name)  # which `__all__` had let out
        self._part.changed |= self._changed.uses - self._names_defined()

    def _names_bound(self) -> list[str]:
        """Return the names that statements had bound, or have; the engine sees to the others."""
        bound, defined = self._changed.bound, self._names_defined()
        new = {each.own_name for each in self._defined_now()}
        by_statements = {*self._changed.uses, "__doc__", *new}
        return [name for name in bound if name in by_statements and name not in defined]

    def _names_defined(self) -> set[str]:
        """Return the names that definitions had bound, or have and that were bound to nothing."""
        had = {each.own_name for each in self._changed.before.values() if each and not each.scopes}
        has = {each.own_name for each in self._defined_now()}
        return had | {name for name in has if self._changed.bound.get(name, (ABSENT,))[0] is ABSENT}

    def _defined_now(self) -> list[Definition]:
        """Return the definitions outside classes that are other ones now, or new."""
        found = [self._live[key] for key in self._changed.before if key in self._live]
        return [each for each in found if not each.scopes]

    def _take_away(self, name: str) -> None:
        self._part.unbind(name)
        self._tell(name, "removed")
        self._take_from_importers(name)

    def _take_from_importers(self, name: str) -> None:
        """Plan that modules which import everything lack a name that the step has given them."""
        given = self._changed.bound.get(name, (ABSENT, self._part.scope.get(name, ABSENT)))[1]
        for module, local in self._changed.spread:
            if local == name and vars(module).get(local) is given:
                self._step.transaction.delete_item(vars(module), local)

    def _tell(self, name: str, outcome: str, reason: str | None = None) -> None:
        is_dunder = name.startswith("__") and name.endswith("__")
        if not (is_dunder or name in self._changed.module.ran.imported):
            self._told.append(Change(name, "statement", outcome, reason))

    # -- definitions -----------------------------------------------------------------------------

    def definitions(self) -> None:
        """Plan that definitions are what they were."""
        again, gone = self._sorted()
        for each in gone:
            self._remove(each)
        for each in again:
            if self._is_to_be_found(each):
                self._find_again(each)
            elif self._is_hidden(each):
                self._call_its_own(each)
                self._step.afterwards(partial(self._hold_again, each))
            else:
                self._define(each)
        self._mean_again()
        self._told += StatementsBack(self._changed, self._part, self._step, self._retaken).plan()
        self._delete()
        self._part.finish()
        for change in [*self._part.changes, *self._told]:
            change.is_about(self._changed.namespace)
            self._step.changes.append(change)

    def _mean_again(self) -> None:
        """Give names the objects back that the step took for another definition of the name."""
        for name in self._changed.retaken:
            self._step.transaction.perform()
            had, _ = self._changed.bound.get(name, (ABSENT, ABSENT))
            is_other = self._part.scope.get(name, ABSENT) is not had
            if not is_other or not self._means_it.get(name):
                continue
            if had is ABSENT:
                self._part.unbind(name)
            else:
                self._part.give_back(name, had)

    def _delete(self) -> None:
        """Take names away again that nothing meant, before the step and after it."""
        if self._deleted:
            self._step.transaction.perform()  # what binds them comes before
        for name in self._deleted:
            self._part.unbind(name)

    def _sorted(self) -> tuple[list[Definition], list[Definition]]:
        """Return the definitions to bring back, outer ones first, and those to remove."""
        again, gone = [], []
        for key, before in self._changed.before.items():
            now = self._live.get(key)
            if not self._is_as_left[key]:
                self._told.append(
                    Change(key, "statement", "refused", "it was defined anew since, and stays")
                )
            elif before is not None:
                again.append(before)
            elif now is not None:
                gone.append(now)
        again.sort(key=lambda each: (each.line, len(each.scopes)))
        again += self._changed_alone(again)
        return list(_without_said(again)), _outermost(gone, again)

    def _changed_alone(self, again: list[Definition]) -> list[Definition]:
        """Return what is live in classes that come back, and the step has left as it was.

        It may have been redefined by its own name before: then the class's text has another one.
        """
        classes = tuple(f"{each.name}." for each in again if each.kind == "class")
        families = {each.outermost: self._live.family(each.outermost) for each in again}
        inside = [each for family in families.values() for each in family if each.scopes]
        left = [each for each in inside if each.key not in self._changed.before]
        said = {inner.key for each in again for inner in each.members()}
        found = [each for each in left if each.name.startswith(classes) and each.key in said]
        return sorted(found, key=lambda each: (len(each.scopes), each.line))

    def _added_alone(self, cls: Definition) -> list[tuple[type, Definition, Any]]:
        """Return what is live in a class that comes back, and only stands in its text by now."""
        live, said = self._live_class(cls), {each.key for each in cls.members()}
        family = self._live.family(cls.outermost)
        inside = [each for each in family if ".".join(each.scopes) == cls.name]
        added = [each for each in inside if each.key not in {*self._changed.before, *said}]
        held = {} if live is None else vars(live)
        named = [(each, attribute_name(each)) for each in added]
        return [(live, each, held[name]) for each, name in named if live and name in held]

    def _define(self, before: Definition) -> None:
        new, name = before.again(), before.own_name
        is_home = before.key in self._live
        if not (before.scopes or is_home) and self._is_another_home(self._part.scope.get(name)):
            del self._part.scope[name]  # a class that was brought in from there comes home
        is_unbound = name not in self._part.scope and name not in self._changed.bound
        if is_unbound and not before.scopes and self._part.deletes(name):
            self._deleted.append(name)
        now, told = self._live.get(new.key), len(self._part.changes)
        kept = self._attributes_left_alone(before, now)
        added = self._added_alone(before) if before.kind == "class" else []
        kept += [(cls, attribute_name(each), value) for cls, each, value in added]
        self._part.define(new)
        for cls, attribute, value in kept:
            self._step.transaction.set_attribute(cls, attribute, value)
        self._step.afterwards(partial(self._part.note, new))
        for _, each, _ in added:
            self._step.afterwards(partial(self._part.note, each))
        names = {each.name for _, each, _ in added}
        news = self._part.changes[told:]
        self._part.changes[told:] = [each for each in news if each.name not in names]
        for change in news:
            if change.name == new.name:
                _tell_effects(change, now, new)

    def _attributes_left_alone(
        self, before: Definition, now: Definition | None
    ) -> list[tuple[type, str, Any]]:
        """Return the data of a class that the step has not changed, though its text has.

        The program had given it another value before the step; that is what it goes back to.
        """
        cls = None if now is None else self._live_class(now)
        if now is None or cls is None or before.kind != "class":
            return []
        runs = {each.text for each in data_of(now)}
        names = {name for each in data_of(before) if each.text not in runs for name in each.binds}
        written = {each.name for each in self._written if each.target() is cls}
        return [
            (cls, name, value)
            for name, value in list(vars(cls).items())
            if name in names - written and is_data(value) and not name.startswith("__")
        ]

    def _remove(self, gone: Definition) -> None:
        told = len(self._part.changes)
        others = self._namesakes_from_before(gone)
        if not gone.scopes and self._means_something_else(gone):
            self._give_up(gone)
        elif gone.scopes and others:
            self._leave_to(gone, others)
        else:
            self._part.remove(gone, as_made=self._is_as_made(gone))
            self._take_from_importers("" if gone.scopes else gone.own_name)
        registers_elsewhere = gone.decorators and not self._part.only_registers(gone)
        for change in self._part.changes[told:] if registers_elsewhere else ():
            _tell(change, "what its decorators have registered stays")
        self._step.afterwards(partial(self._changed.module.drop, gone))

    def _leave_to(self, gone: Definition, others: list[Definition]) -> None:
        """Plan that a method goes whose name another one of its class had before."""
        former = last_of(others)
        self._part.forget_registered(gone)
        if former is not None and self._part.mean(former.again()):
            self._told.append(Change.of(gone, "removed"))

    def _means_something_else(self, gone: Definition) -> bool:
        """Whether the name of a definition that goes was bound before, by whatever statement."""
        former = () if self._changed.ran is None else self._changed.ran[0]
        if any(gone.own_name in each.binds for each in former):
            self._retaken.add(gone.own_name)
        had = self._changed.bound.get(gone.own_name, (ABSENT,))[0]
        return (
            gone.own_name in self._retaken
            or had is not ABSENT
            or bool(self._namesakes_from_before(gone))
        )

    def _namesakes_from_before(self, gone: Definition) -> list[Definition]:
        """Return other definitions of its name that were there before."""
        others = [each for each in self._live.namesakes(gone.shared_key) if each.key != gone.key]
        return [each for each in others if self._changed.before.get(each.key, gone) is not None]

    def _give_up(self, gone: Definition) -> None:
        name = gone.own_name
        had, has = self._changed.bound.get(name, (ABSENT, ABSENT))
        if had is not ABSENT and self._part.scope.get(name) is has:
            self._part.give_back(name, had)  # another definition of the name has made it
        self._part.give_up(gone)
        self._part.pass_on(name, has, self._part.scope.get(name))
        self._part.changes.append(Change.of(gone, "removed"))

    def _is_as_made(self, gone: Definition) -> bool | None:
        if gone.scopes:
            return None
        scope = self._part.before
        return self._image.is_as_made(self._changed.namespace, gone.own_name, scope)

    # -- definitions whose objects are kept ------------------------------------------------------

    def _is_to_be_found(self, before: Definition) -> bool:
        """Whether the name gets an object back that the step has let go of, and left alone."""
        had, _ = self._changed.bound.get(before.own_name, (ABSENT, ABSENT))
        if before.scopes or had is ABSENT or not self._means_it[before.own_name]:
            return False
        if before.key in self._changed.anew:
            return True
        now = self._live.get(before.key)
        is_left = now is None or now.kind != before.kind
        return is_left and not self._is_another_home(had)

    def _is_another_home(self, had: Any) -> bool:
        """Whether a class went to another module, which has made something else of it."""
        return isinstance(had, type) and had.__module__ != self._changed.namespace.module.__name__

    def _is_hidden(self, before: Definition) -> bool:
        """Whether the program had given the name another value before, which the step left."""
        now = self._part.scope.get(before.own_name, ABSENT)
        is_gone = not before.scopes and before.key not in self._live
        is_left = before.own_name not in self._changed.bound and now is not ABSENT
        return is_gone and is_left and not self._is_another_home(now)

    def _call_its_own(self, before: Definition) -> None:
        """Plan that what the definition made, if the name means it still, passes no calls on.

        It does where another module of the step, which had it too, defined its name anew.
        """
        made = self._part.scope.get(before.own_name)
        if not isinstance(made, FunctionType) or made.__globals__ is not self._part.scope:
            return
        if made.__name__ == before.own_name and target_of(made) is not None:
            plan_own_code(made, before.own_codes, self._step.transaction)

    def _find_again(self, before: Definition) -> None:
        name, (had, has) = before.own_name, self._changed.bound[before.own_name]
        self._step.transaction.perform()  # what it means may have followed another module's way
        if self._part.scope.get(name, ABSENT) is has:
            self._part.give_back(name, had)
        else:
            self._part.take_back_alone(name, had)
        self._part.added[name] = had
        self._forget_computed(before, had)
        self._have_inner_follow(before)
        plan_own_code(had, before.own_codes, self._step.transaction)
        self._have_passed_on(before, has, had)
        self._step.afterwards(partial(self._hold_again, before))
        change = Change.of(before, "added" if has is ABSENT else "redefined")
        self._part.changes.append(change)
        now = self._live.get(before.key)
        if now is not None and now.kind != before.kind and now.decorators:
            _tell(change, "what its decorators have registered stays")

    def _have_inner_follow(self, before: Definition) -> None:
        """Plan that lambdas in defaults, and closures, run the code of the text that comes back."""
        now = self._live.get(before.key)
        if now is not None and all(isinstance(each.node, FUNCTIONS) for each in (now, before)):
            self._part.change_inner(now, before)

    def _forget_computed(self, before: Definition, had: Any) -> None:
        """Plan that caches lose what came of others that functions have called in between."""
        if any(target_of(each) is not None for each in functions_in(had, before)):
            for cache in caches_behind(had):
                self._step.transaction.afterwards(cache.cache_clear)

    def _have_passed_on(self, before: Definition, has: Any, had: Any) -> None:
        """Plan that what was made since, and called by others, passes calls on to what was."""
        now = self._live.get(before.key)
        if isinstance(has, type) and now is not None:
            spared = {id(each.target()) for each in self._written if each.name == "__code__"}
            pass_on_to(has, had, now, self._step.transaction, spared)
        if self._part.pass_on(before.own_name, has, had):
            before.stand_ins = (*before.stand_ins, ref(has))

    def _hold_again(self, before: Definition) -> None:
        inside = f"{before.key}."
        self._changed.module.drop(before)
        for key, each in self._changed.before.items():
            if each is not None and (each is before or key.startswith(inside)):
                self._live.put(each)

    def _live_class(self, definition: Definition) -> type | None:
        """Return the plain class that a definition has made, if it stands under its name."""
        module = self._changed.namespace.module
        try:
            owner = owner_of(definition, module, self._image.retired)
        except LookupError:
            return None
        found = vars(owner).get(definition.own_name)
        return found if type(found) is type else None


def _tell_effects(change: Change, now: Definition | None, new: Definition) -> None:
    """Say what has been done once more elsewhere, if anything: nobody can take that back."""
    if change.outcome not in ("redefined", "added"):
        return
    if new.decorators and (now is None or now.decorators != new.decorators):
        _tell(change, "its decorators have run again, and may have registered it again")
    if now is not None and set(now.decorators) - set(new.decorators):
        _tell(change, "what decorators that go had registered stays")
    if now is not None and _computes(now) != _computes(new):
        _tell(change, "what statements of its body have put into objects stays")


def _computes(definition: Definition) -> set[str]:
    """Return the statements of a class body that do more than bind names."""
    if definition.kind != "class":
        return set()
    plain = (ast.Assign, ast.AnnAssign, ast.Pass)
    return {each.text for each in data_of(definition) if not isinstance(each.node, plain)}


def _tell(change: Change, reason: str) -> None:
    change.reason = f"{reason}; {change.reason}" if change.reason else reason


def _without_said(definitions: list[Definition]) -> Iterator[Definition]:
    """Yield definitions without those that the text of a class among them says already."""
    said: dict[str, str] = {}
    for each in definitions:
        if said.get(each.key) != each.source:
            yield each
            said.update((inner.key, inner.source) for inner in each.members())


def _outermost(gone: list[Definition], again: list[Definition]) -> list[Definition]:
    """Return those that do not go by themselves with a class, or with its text."""
    classes = [f"{each.name}." for each in [*gone, *again]]
    return [each for each in gone if not each.name.startswith(tuple(classes))]
