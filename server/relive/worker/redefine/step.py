"""One redefinition as one step: every module it changes, or none."""

from __future__ import annotations

from functools import partial

from relive.worker.redefine.altering import NOTHING_ALTERED, altered
from relive.worker.redefine.applying.free_threads import refuse_if_threads_run_free
from relive.worker.redefine.applying.transaction import Transaction
from relive.worker.redefine.classes.kin import Kin
from relive.worker.redefine.finding.counting import Census
from relive.worker.redefine.functions.handlers import may_register
from relive.worker.redefine.modules.follow import Follower
from relive.worker.redefine.modules.snapshot import Names
from relive.worker.redefine.part import Part
from relive.worker.redefine.planning import Known, Planning
from relive.worker.redefine.reading.toplevel import TopLevel
from relive.worker.redefine.recording import (
    Recording,
    given_by,
    registered_by,
    tell_before,
    written_by,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Container
    from typing import Any

    from relive.worker.history import Written
    from relive.worker.image import Image
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.applying.transaction import BeforeRun
    from relive.worker.redefine.change import Change
    from relive.worker.redefine.modules.present import Present
    from relive.worker.redefine.reading.definitions import Definition


class Step:
    """One redefinition, of one file or several: leaving its context commits all, or nothing."""

    def __init__(
        self,
        image: Image,
        *,
        is_recorded: bool = True,
        is_told: bool = True,
        before_run: BeforeRun | None = None,
    ) -> None:
        """Begin a step.

        Args:
            image: what it changes.
            is_recorded: it can be undone.
            is_told: somebody gets its receipt; else nothing is counted for one, which may have to
                look at all objects there are.
            before_run: see Transaction.
        """
        self.changes: list[Change] = []
        self.altered: dict[str, Any] = NOTHING_ALTERED
        """What is another than it was, once the step is committed."""
        self.present: list[tuple[str | None, Present]] = []
        """The files gone through, and their definitions that were live and still are there."""
        self.transaction = Transaction(image.exchanged, before_run)
        self.parts: list[Part] = []
        self._image = image
        self._is_recorded = is_recorded
        self._is_told = is_told
        self._kin = Kin(image)
        self._records: list[Callable[[], None]] = []
        self._known: dict[Namespace, Known] = {}
        """What the step knows of modules."""

    def part(self, namespace: Namespace) -> Part:
        """Begin the part of one module, in which whatever may run."""
        part = self._part(namespace, evaluated=False)
        self.transaction.expect_anything()
        return part

    def _part(self, namespace: Namespace, *, evaluated: bool) -> Part:
        module = self._image.of(namespace)
        follower = Follower(namespace.module, self._image.sources, self.transaction)
        names = Names(namespace.module.__dict__)
        self.transaction.watch(names)
        known = self._known_of(namespace, names)
        at = namespace, module, self.transaction, follower
        part = Part(Planning(*at, evaluated=evaluated, known=known), names)
        self.parts.append(part)
        return part

    def _known_of(self, namespace: Namespace, names: Names) -> Known:
        def is_as_made(name: str) -> bool | None:
            return self._image.is_as_made(namespace, name, names.had)

        if namespace not in self._known:
            self._known[namespace] = Known(self._kin, names, is_as_made)
        return self._known[namespace]

    def plan(
        self,
        namespace: Namespace,
        new: list[Definition],
        statements: list[ast.stmt],
        gone: list[Definition],
        *,
        evaluated: bool = False,
        above: Container[str] = (),
        meant: Definition | None = None,
    ) -> None:
        """Plan that a module runs plain statements, has new definitions, and lacks those gone.

        `above`: keys of those that are further up than others which have their name; `meant`: what
        a name means that several have, if it was another one.

        Raises:
            Refused: something cannot be done in place.
            BaseException: what a statement, default or decorator raises.
        """
        part, module = self._part(namespace, evaluated=evaluated), self._image.of(namespace)
        for node in statements:
            part.run(TopLevel(node), plain=True)
        for each in new:
            define = part.define_above if each.key in above else part.define
            define(each)
            self.afterwards(partial(part.note, each))
        if meant is not None and part.mean(again := meant.again()):
            self.afterwards(partial(part.note, again))
        for each in gone:
            part.remove(each, as_made=None)
            self.afterwards(partial(module.drop, each))
        part.finish(in_order=False)
        for change in part.changes:
            change.is_about(namespace)
        self.changes += part.changes

    def give_up(self, parts: int, mark: tuple[int, int], changes: int) -> None:
        """Undo what came after there were so many parts and changes, and the transaction's mark."""
        self.transaction.roll_back(mark)
        for part in self.parts[parts:]:
            part.take_back()
        del self.parts[parts:], self.changes[changes:]

    def gives_back(self, cls: type, name: str) -> None:
        """Note that an attribute of a class will be the object that it was."""
        self._kin.given_back.setdefault(cls, set()).add(name)

    def afterwards(self, record: Callable[[], None]) -> None:
        """Have `record` called when the step is committed."""
        self._records.append(record)

    def __enter__(self) -> None:
        refuse_if_threads_run_free()

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            try:
                self._plan_made_from_them()
                written = written_by(self.transaction)
                self.transaction.commit()
            except BaseException:
                self.transaction.roll_back()
                self._take_back()
                raise
            self._record(written)
            self._note_made()
            if self._is_told:
                self._count()
        else:
            self.transaction.roll_back()
            self._take_back()

    def _record(self, written: list[Written]) -> None:
        """Have the image hold what is live now, and the history what was."""
        recording = Recording(self.parts)
        for record in self._records:
            record()
        modules = recording.finish()
        tell_before(self.changes, modules)
        self.altered = altered(modules)
        self._image.leftovers.take_in(self.parts, modules)
        if self._is_recorded:
            more = [*given_by(self.transaction), *registered_by(self.transaction)]
            self._image.history.note(modules, [*written, *more])

    def _plan_made_from_them(self) -> None:
        """Plan that what is made from what has changed is made again.

        Classes that are made from other classes, and functions decorated with what a decorated
        definition gave: commands of a group, say.
        """
        while (found := self._kin.next_stale()) is not None:
            self._plan_again(*self._as_planned(*found))
            self._kin.stale.pop(0)
        while (found := self._next_to_decorate()) is not None:
            self._plan_again(*found)
        if self.transaction.generics:
            self._register_elsewhere()

    def _register_elsewhere(self) -> None:
        """Plan that types left without a handler have the one that another module has for them."""
        known = [each.namespace for each in self.parts]
        for module in reversed(self._image.workspace_modules()):
            self.transaction.perform()
            if not self.transaction.generics.left():
                return
            namespace = self._image.namespaces.of_module(module)
            if namespace is None or namespace in known:
                continue
            live = self._image.definitions(namespace).values()
            if any(
                (each.scopes and each.decorators) or may_register(each, vars(module))
                for each in live
            ):
                self._part(namespace, evaluated=False).register_last(in_order=False)

    def _as_planned(self, namespace: Namespace, live: Definition) -> tuple[Namespace, Definition]:
        """Return what the step brings in for a definition, or else what is live of it."""
        known = self._known.get(namespace)
        return namespace, live if known is None else known.planned.get(live.key, live)

    def _plan_again(self, namespace: Namespace, definition: Definition) -> None:
        self.transaction.perform()  # it is made from others as they will be
        told = len(self.changes)
        self.plan(namespace, [definition], [], [])
        before, news = self.changes[:told], self.changes[told:]
        again = {change.name for change in news}
        had = [each for each in before if each.outcome != "unchanged" or each.name not in again]
        known = {each.name for each in had}
        self.changes = [
            *had,
            *(each for each in news if each.outcome != "unchanged" or each.name not in known),
        ]

    def _next_to_decorate(self) -> tuple[Namespace, Definition] | None:
        """Return the next function with a decorator that gives something else now."""
        for part in self.parts:
            known = self._known[part.namespace]
            if not known.replaced:
                continue
            gone = {each.key for each, _ in part.gone}
            texts = {**self._image.of(part.namespace).definitions, **known.planned}
            for key, each in texts.items():
                waits = key not in known.decorated and key not in gone
                if waits and each.is_decorated_with(known.replaced):
                    known.decorated.add(key)
                    return part.namespace, each
        return None

    def _note_made(self) -> None:
        """Remember what names are now, to tell later what the program itself binds anew."""
        for part in self.parts:
            for module, name in part.made():
                file = getattr(module, "__file__", None)
                sources = self._image.sources
                if isinstance(file, str) and sources.made(file, module.__name__):
                    sources.note_made(file, module, [name])

    def _count(self) -> None:
        census = Census(self._image.workspace_modules())
        for part in self.parts:
            census.fill(part.namespace, part.changes)

    def _take_back(self) -> None:
        for part in reversed(self.parts):
            part.take_back()
