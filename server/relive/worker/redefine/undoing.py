"""Undoing: the last step that changed definitions is planned backwards, as one transaction.

No statement of a module runs again. Names that statements had given other values get the very
objects back that they had; so do defaults and attributes of classes, and names whose definition had
gone. Definitions that are other texts now are changed back by the engine, as any redefinition
would: what has been made of them since follows too. What the program itself has bound since stays,
and the receipt says so.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType

from relive.worker.redefine.engine import answer
from relive.worker.redefine.functions.lambdas import differ
from relive.worker.redefine.modules.moves import plan_moves
from relive.worker.redefine.modules.ripple import plan_ripple
from relive.worker.redefine.modules.snapshot import ABSENT
from relive.worker.redefine.reading.matching import Had, Ran
from relive.worker.redefine.reading.toplevel import TopLevel
from relive.worker.redefine.receipt import Change, Receipt, Refused
from relive.worker.redefine.step import Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.history import Changed, Done, Written
    from relive.worker.image import Image
    from relive.worker.patches import Patches
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.reading.definitions import Definition

_STAYS = "the program has given it another value since, which stays"


def answer_undo(patches: Patches, message: dict[str, Any]) -> dict[str, Any]:
    """Carry out an `undo` message."""
    image = patches.image
    done = image.history.last
    files = [""] if done is None else done.files
    named = {**message, "name": "the last redefinition"}
    receipt = patches.told(files, lambda: answer(image, named, "", partial(undo, image)))
    told = {"undone": None if done is None else done.words(), "left": len(image.history)}
    return {**receipt, "op": "undone", **told}


def undo(image: Image) -> Receipt:
    """Undo the last step.

    Raises:
        Refused: there is none, or it cannot be undone; nothing has changed then.
        BaseException: what evaluating a default, annotation or decorator raises.
    """
    done = image.history.last
    if done is None:
        raise Refused("there is nothing to undo: no definition was changed in this process")
    _check(image, done)
    step = Step(image, is_recorded=False)
    with step:
        _plan(step, image, done)
    image.history.forget(done)
    _show_again(image, done)
    return Receipt([each for each in step.changes if each.outcome != "unchanged"])


def _check(image: Image, done: Done) -> None:
    for each in done.modules:
        if image.of(each.namespace) is not each.module:
            image.history.forget(done)
            name = each.namespace.module.__name__
            raise Refused(
                f"{done.words()} cannot be undone: the module {name!r} was loaded anew since, and "
                "runs what its file says. Undo again for the step before"
            )


def _plan(step: Step, image: Image, done: Done) -> None:
    attributes = [_Attribute(each) for each in done.written]
    ways = [_Way(each, step, image) for each in done.modules]
    for way in ways:
        way.names()
    step.transaction.perform()  # what is made anew is to find the values as they were
    for way in ways:
        way.definitions()
    plan_moves(step, image)
    plan_ripple(step, image)
    for attribute in attributes:
        attribute.plan(step)


def _show_again(image: Image, done: Done) -> None:
    """Have tracebacks quote the text from before, whose lines the definitions have again."""
    for file, text in done.cause.shown.items():
        if text is not None:
            image.sources.show(file, text)


class _Attribute:
    """An attribute of a function or class on its way back to the object it was."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._target = written.target()
        self._now = self._value()
        """What it is before anything is planned, which may do the same by running a text."""

    def _value(self) -> Any:
        if self._target is None:
            return ABSENT
        if isinstance(self._target, FunctionType):
            return getattr(self._target, self._written.name)
        return vars(self._target).get(self._written.name, ABSENT)

    def plan(self, step: Step) -> None:
        """Plan that it is what it was, or stays what the program has made it since."""
        if self._target is None:
            return
        is_as_made = self._now is self._written.after
        value = self._written.before if is_as_made else self._now
        if not is_as_made:
            self._tell(step)
        if not isinstance(self._target, (type, FunctionType)):
            self._take_away(step)
        elif value is not ABSENT:
            step.transaction.set_attribute(self._target, self._written.name, value)

    def _take_away(self, step: Step) -> None:
        """Plan that an object lacks what it was given, whatever its class says to that."""
        target, name = self._target, self._written.name
        if self._now is self._written.after:
            step.transaction.call(
                partial(object.__delattr__, target, name),
                partial(object.__setattr__, target, name, self._now),
            )

    def _tell(self, step: Step) -> None:
        owner = self._target if hasattr(self._target, "__qualname__") else type(self._target)
        name = f"{owner.__qualname__}.{self._written.name}"
        step.changes.append(Change(name, "statement", "refused", _STAYS))


class _Way:
    """The way back of one module."""

    def __init__(self, changed: Changed, step: Step, image: Image) -> None:
        self._changed = changed
        self._step = step
        self._image = image
        self._part: Part = step.part(changed.namespace)
        self._live = changed.module.definitions
        self._is_as_left = {key: self._has(key, text) for key, text in changed.after.items()}
        self._told: list[Change] = []
        self._retaken: set[str] = set()
        """Names of definitions that go, which statements had bound: to the same object even."""

    def _has(self, key: str, text: str | None) -> bool:
        now = self._live.get(key)
        return (None if now is None else now.source) == text

    # -- names -----------------------------------------------------------------------------------

    def names(self) -> None:
        """Give names the objects back that they meant, except those that definitions bind."""
        for name in self._names_bound():
            before, after = self._changed.bound[name]
            if self._part.scope.get(name, ABSENT) is not after:
                self._tell(name, "refused", _STAYS)
            elif before is ABSENT:
                self._take_away(name)
            else:
                self._part.give_back(name, before)
                self._tell(name, "added" if after is ABSENT else "redefined")
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
        for module, local in self._changed.spread:
            if local == name and local in vars(module):
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
            else:
                self._define(each)
        self._statements()
        self._part.finish()
        for change in [*self._part.changes, *self._told]:
            change.is_about(self._changed.namespace)
            self._step.changes.append(change)

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
        return list(_without_said(again)), _outermost(gone, again)

    def _define(self, before: Definition) -> None:
        new, name = before.again(), before.own_name
        if not before.scopes and self._is_another_home(self._part.scope.get(name)):
            del self._part.scope[name]  # a class that was brought in from there comes home
        now, told = self._live.get(new.key), len(self._part.changes)
        self._part.define(new)
        self._step.afterwards(partial(self._part.note, new))
        if now is None or now.decorators != new.decorators:
            for change in self._part.changes[told:]:
                _tell_decorated(change, new)

    def _remove(self, gone: Definition) -> None:
        had = self._changed.bound.get(gone.own_name, (ABSENT,))[0]
        former = () if self._changed.ran is None else self._changed.ran[0]
        if not gone.scopes and any(gone.own_name in each.binds for each in former):
            self._retaken.add(gone.own_name)
            self._part.give_up(gone)
        elif not gone.scopes and had is not ABSENT:
            self._part.give_up(gone)  # its name means something else again
        else:
            self._part.remove(gone, as_made=self._is_as_made(gone))
        self._step.afterwards(partial(self._changed.module.drop, gone))

    def _is_as_made(self, gone: Definition) -> bool | None:
        if gone.scopes:
            return None
        scope = self._part.before
        return self._image.is_as_made(self._changed.namespace, gone.own_name, scope)

    # -- definitions whose objects are kept ------------------------------------------------------

    def _is_to_be_found(self, before: Definition) -> bool:
        """Whether the name gets an object back that the step has let go of, and left alone."""
        had, has = self._changed.bound.get(before.own_name, (ABSENT, ABSENT))
        if before.scopes or had is ABSENT or self._part.scope.get(before.own_name, ABSENT) != has:
            return False
        if before.key in self._changed.anew:
            return True
        now = self._live.get(before.key)
        is_left = has is ABSENT if now is None else now.kind != before.kind
        return is_left and not self._is_another_home(had)

    def _is_another_home(self, had: Any) -> bool:
        """Whether a class went to another module, which has made something else of it."""
        return isinstance(had, type) and had.__module__ != self._changed.namespace.module.__name__

    def _find_again(self, before: Definition) -> None:
        name, (had, has) = before.own_name, self._changed.bound[before.own_name]
        self._part.give_back(name, had)
        self._part.added[name] = had
        if isinstance(had, FunctionType) and before.own_codes:
            code = before.own_codes[0]
            if had.__code__ is not code and len(code.co_freevars) == len(had.__code__.co_freevars):
                self._step.transaction.set_attribute(had, "__code__", code)
        self._part.pass_on(before.own_name, has, had)
        self._step.afterwards(partial(self._hold_again, before))
        self._part.changes.append(Change.of(before, "added" if has is ABSENT else "redefined"))

    def _hold_again(self, before: Definition) -> None:
        inside = f"{before.key}."
        self._changed.module.drop(before)
        for key, each in self._changed.before.items():
            if each is not None and (each is before or key.startswith(inside)):
                self._live.put(each)

    # -- statements ------------------------------------------------------------------------------

    def _statements(self) -> None:
        """Plan that lambdas in statements are what they were, and what is known to have run."""
        if self._changed.sources is not None:
            before, after = self._changed.sources
            if self._changed.module.source is after:
                self._step.afterwards(partial(setattr, self._changed.module, "source", before))
        if self._changed.ran is None:
            return
        before_it, after_it = self._changed.ran
        since = _difference(self._changed.module.ran, after_it)
        texts = [TopLevel(each.node, each.shift) for each in before_it]
        had = Had(after_it, texts)
        ran = Ran([self._again(text, each, had) for text, each in zip(texts, before_it)])
        for each in since:
            ran.note(each)
        self._tell_effects(before_it, after_it)
        self._step.afterwards(partial(setattr, self._changed.module, "ran", ran))

    def _again(self, text: TopLevel, former: TopLevel, had: Had) -> TopLevel:
        """Return the statement as it has run before; the functions it made run its code again."""
        now = had.same.take(text) or had.other_text_of(text)
        if now is None and not text.binds & self._retaken:
            return former
        if text.is_plain_data(self._part.scope) and self._is_to_run(text, former, now):
            self._part.run(text, plain=True)
        if now is not None and now.codes:
            self._part.change_functions(now, text)
        elif now is not None and not text.codes:
            text.take_over(now)
        return text

    def _is_to_run(self, text: TopLevel, former: TopLevel, now: TopLevel | None) -> bool:
        """Whether values are to be computed from the text: the names have them no more.

        Of a lambda's name that is its default, and of an attribute or item all of it.
        """
        if now is None:
            bound = self._changed.bound
            return not all(name in bound for name in text.binds & self._retaken)
        if now.text != text.text and not text.binds_names_only:
            return True
        values = [self._part.scope.get(name) for name in text.binds]
        return differ(now, former) and any(isinstance(each, FunctionType) for each in values)

    def _tell_effects(self, before: Ran, after: Ran) -> None:
        known = {each.text for each in before} | {each.key for each in before}
        for each in after:
            is_data = each.is_plain_data(self._part.scope) and each.binds_names_only
            if not {each.text, each.key} & known and not (each.is_import or is_data):
                change = Change(
                    f"line {each.line + 1}",
                    "statement",
                    "refused",
                    "it has run, and what it did besides binding names cannot be undone",
                )
                self._told.append(change)


def _tell_decorated(change: Change, new: Definition) -> None:
    """Say that decorators have run, if they have: what they did elsewhere is done once more."""
    if new.decorators and change.name == new.name and change.outcome in ("redefined", "added"):
        reason = "its decorators have run again, and may have registered it again"
        change.reason = f"{reason}; {change.reason}" if change.reason else reason


def _difference(now: Ran, then: Ran) -> list[TopLevel]:
    known = {id(each) for each in then}
    return [each for each in now if id(each) not in known]


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
