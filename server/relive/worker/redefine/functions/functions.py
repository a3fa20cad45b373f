"""Planning functions: the live ones, wherever they are held, run the code of the new definition."""

from __future__ import annotations

from functools import cached_property, partial
from types import FunctionType

from relive.worker.redefine.change import Change
from relive.worker.redefine.finding.compiled import is_compiled, why_compiled
from relive.worker.redefine.finding.live import (
    bound_to,
    caches_behind,
    class_or_none,
    drop_cached,
    reachable,
)
from relive.worker.redefine.functions.build import attribute_name
from relive.worker.redefine.functions.generics import plan_left
from relive.worker.redefine.functions.header import evaluated, is_evaluated_anew, staying_of
from relive.worker.redefine.functions.meaning import MEANS_ANOTHER, NAMELESS
from relive.worker.redefine.functions.metadata import header_of
from relive.worker.redefine.functions.pairing import Pairing
from relive.worker.redefine.functions.rebind import Rebinding
from relive.worker.redefine.functions.registries import leave_one, replace_everywhere
from relive.worker.redefine.functions.signatures import (
    STAYS,
    is_dispatched_anew,
    may_have_been_taken,
)
from relive.worker.redefine.functions.swap import Swap
from relive.worker.redefine.reading.definitions import FUNCTIONS
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.functions.build import Built
    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.codes import Pair
    from relive.worker.redefine.reading.definitions import Definition


class FunctionEdit:
    """The change of one function or method; or a class made anew in the place of anything."""

    def __init__(
        self, planning: Planning, new: Definition, old: Definition | None, owner: Any
    ) -> None:
        self._planning = planning
        self._new = new
        self._former = old
        if old is not None and not isinstance(old.node, FUNCTIONS):
            old = None  # a class until now
        self._old = old
        self._owner = owner
        self._class = class_or_none(owner)
        self._bound = bound_to(new, owner)
        self._pairing = Pairing(planning, new, old, self._class, self._bound)
        self._change = Change.of(new, "unchanged")
        self._rebinding = Rebinding(planning, new, self._former, owner, self._change)

    def plan(self) -> None:
        """Plan that whatever runs the old definition runs the new one."""
        named = self._pairing.find_named()
        if not self._is_news():
            self._only_move()
            return
        self._pairing.find_changed()
        if self._planning.evaluated and not named and self._old and self._bound is not None:
            raise Refused("its name is bound to something else; the statement has to run anew")
        if not self._pairing.live():
            self._plan_without_functions()
        elif not named and self._is_rebound():
            self._move()
            self._change.reason = _and(self._rebound(), self._change.reason)
        elif self._wants_decorators():
            self._decorate_anew()
        else:
            self._move()
            if self._is_overwritten() and not named:
                self._rebinding.plan(self._pairing.live()[0])
            else:
                self._change.is_alone = self._new.key in self._planning.alone

    def _wants_decorators(self) -> bool:
        """Whether decorators are to run: others than before, or such as give something else now."""
        new, old = self._new, self._old
        edited = old is not None and not self._pairing.is_same_text
        changed = edited and old.decorators != new.decorators  # type: ignore[union-attr]
        return changed or self._is_dispatched_anew or new.is_decorated_with(self._planning.replaced)

    @cached_property
    def _is_dispatched_anew(self) -> bool:
        old, new = self._old, self._new
        if old is None or not new.decorators:
            return False
        changed = self._planning.in_view(self._class)
        if changed and new.is_headed_by(changed) and self._planning.only_registers(new):
            return True
        is_edited = not self._pairing.is_same_text
        return is_edited and is_dispatched_anew(old, new, self._names_in_view())

    def _names_in_view(self) -> dict[str, Any]:
        return self._planning.names_in_view(self._class)

    def _is_news(self) -> bool:
        """Whether more changed than the place in the file, or its statement is run anyway."""
        return self._planning.evaluated or self._differs()

    def _differs(self) -> bool:
        """Whether more changed than the place in the file."""
        old, new = self._old, self._new
        if old is None:
            return True
        if self._wants_decorators() or self._is_touched():
            return True
        if not self._pairing.is_same_text and old.header != new.header:
            return True
        if self._pairing.is_same_text and self._planning.has_other_features:
            return new.is_annotated
        return self._pairing.does_something_else()

    def _is_touched(self) -> bool:
        """Whether values it is computed from, or its name, have changed in this step."""
        changed, seen = self._planning.changed, self._planning.in_view(self._class)
        return bool(seen) and (self._new.own_name in changed or self._new.computes_from(seen))

    def _only_move(self) -> None:
        """Bring line numbers up to date: done silently, it is no news."""
        self._planning.moved += self._pairing.all
        self._note("unchanged")

    def _is_overwritten(self) -> bool:
        """Whether a statement of this step has bound the name, before the definition's turn."""
        return self._class is None and self._new.own_name in self._planning.changed

    def _is_rebound(self) -> bool:
        """Whether the program has bound the name to something that is not the text's."""
        if self._old is None or self._bound is None or self._is_overwritten():
            return False
        made = None if self._class else self._planning.is_as_made(self._new.own_name)
        return not self._old.decorators if made is None else not made

    def _plan_without_functions(self) -> None:
        """Plan what nothing live was made from."""
        hidden = self._old is not None and self._rebinding.reaches_namesake()
        if hidden or self._has_not_run():
            self._note("unchanged")
        elif self._former is not None and is_compiled(self._bound):
            self._note("refused", why_compiled(self._new.name, self._bound))
        elif self._is_rebound():
            self._note("refused", self._rebound())
        elif self._is_used_up():
            self._note("refused", "no function made from it is left; evaluate what it was used for")
        else:
            self.bind_anew("added" if self._bound is None else "redefined")
            self._swap(self._pairing.inner(), {})

    def _is_used_up(self) -> bool:
        """Whether the text itself binds the name to something else further down."""
        known = self._old is not None and self._bound is not None and not self._is_overwritten()
        return known and self._old is not None and not self._old.decorators

    def _has_not_run(self) -> bool:
        """Whether it stands in a branch that was not taken."""
        return self._old is not None and self._new.is_conditional and bool(self._old.codes)

    def _rebound(self) -> str:
        return (
            f"the program has bound {self._new.name!r} to something else, which stays; "
            "evaluate the definition to bind it anew"
        )

    def _note(self, outcome: str, reason: str | None = None) -> None:
        self._change.outcome, self._change.reason = outcome, reason
        self._planning.changes.append(self._change)
        if outcome == "refused":
            self._planning.refused.add(self._new.key)

    def _move(self) -> None:
        """Plan that all live functions run the new code."""
        self._note("redefined" if self._differs() else "unchanged")
        attributes: dict[str, Any] = {}
        if is_evaluated_anew(self._planning, self._old, self._new, self._owner):
            attributes = evaluated(self._planning, self._new, self._owner)
        self._swap(self._pairing.all, attributes)
        if self._may_have_been_taken():
            self._change.reason = _and(STAYS, self._change.reason)

    def _may_have_been_taken(self) -> bool:
        """Whether decorators that gave the function itself may have noted what its heading was."""
        if self._old is None or not self._new.decorators:
            return False
        is_itself = any(live is self._bound for live in self._pairing.live())
        return is_itself and may_have_been_taken(self._old, self._new, self._names_in_view())

    def _swap(
        self, pairs: list[Pair], attributes: dict[str, Any], spared: FunctionType | None = None
    ) -> None:
        swap = Swap(self._planning, self._old, self._new, self._planning.itself(self._class))
        own = self._pairing.own()
        has_defaults = "__defaults__" in attributes
        staying = (
            staying_of(self._planning, self._old, self._new, self._owner) if has_defaults else None
        )
        wrappers = list(reachable(self._bound))
        for pair in pairs:
            is_own = any(pair is each for each in own)
            if not is_own:
                swap.plan_inner(pair)
                continue
            for live in pair.live:
                if live is not spared:
                    kept = staying.kept_by(live, pair, attributes) if staying else attributes
                    swap.plan_one(pair, live, kept, wrappers)
            swap.note(pair)
        self._change.functions += swap.functions if self._change.outcome != "unchanged" else 0
        self._forget_computed()
        self._change.reason = swap.told()
        self._change.counted = self._class

    def _forget_computed(self) -> None:
        """Clear what caches hold of the old code."""
        for cache in caches_behind(self._bound):
            self._planning.transaction.afterwards(cache.cache_clear)
        if isinstance(self._bound, cached_property) and self._class is not None:
            name = attribute_name(self._new)
            self._planning.transaction.afterwards(partial(drop_cached, self._class, name))

    def bind_anew(self, outcome: str) -> None:
        """Run the statement and bind what it makes; whoever holds what was there follows."""
        made = self._run()
        if self._pairing.is_moved:
            # and not those that functions made before run
            self._new.codes = self._pairing.making.codes
        if self._is_covered():
            self._note("added")
            if self._class is None:
                vars(self._owner)[self._new.own_name] = made.value  # until the namesake's turn
            return
        self._note(outcome)
        if self._old is not None:
            self._new.outlive(self._old)
        self._attach_members()
        self._rebinding.plan(made.value)
        if self._former is not None and (self._old is None) != (self._new.kind == "class"):
            self._forget_computed()
            self._rebinding.take_over_kind(self._old, made)
        self._change.counted = self._class

    def mean(self) -> bool:
        """Bind the name to what lives of the definition, or to what its statement makes.

        Where something holds the plain function, decorators do not run: they have registered it.
        """
        self._pairing.find_all()
        if self._new.decorators and self._pairing.live():
            self._pairing.find_again()
        live = self._pairing.live()
        if not live:
            self.bind_anew("redefined")
        elif not self._new.decorators:
            self._note("redefined")
            self._rebinding.plan(live[0])
        elif self._new.own_name != NAMELESS:
            self._note("unchanged", MEANS_ANOTHER)
        return not (live and self._new.decorators)

    def _is_covered(self) -> bool:
        """Whether what lives of a namesake further down keeps the name, and all who hold it."""
        return self._new.key in self._planning.covered and self._rebinding.reaches_namesake()

    def _run(self) -> Built:
        """Run the statement aside, with its decorators."""
        self._planning.decorated.add(self._new.key)
        decorated = bool(self._new.decorators)
        return self._planning.run(self._pairing.making, self._class, decorated=decorated)

    def _attach_members(self) -> None:
        """Note what functions run that a class statement has made."""
        planning, members = self._planning, self._new.members()
        if self._new.kind == "class":
            members = planning.kin.in_force(planning.namespace, members)
            self._pairing.making.attach(members)
            planning.planned.update((each.key, each) for each in members)

    def _decorate_anew(self) -> None:
        """Bind the newly decorated object; what still runs the old wrapper runs the new body."""
        made = self._run()
        self._note("redefined")
        assert self._old is not None
        live = self._pairing.live()
        plan_left(self._old, live, self._names_in_view(), self._planning.transaction)
        if made.value is made.function and self._can_stay(made.function):
            self._keep_plain(made.function)
            return
        self._forget_computed()  # in an object's own names it would hide what the class has now
        before = [self._bound, *live]
        if self._class is None or isinstance(made.value, type(self._bound)):
            self._swap(self._pairing.all, header_of(made.function), spared=self._bound)
        self._rebinding.plan(made.value)
        for each in (made.value, made.function):
            self._planning.transaction.afterwards(partial(leave_one, before, each))

    def _can_stay(self, fresh: FunctionType) -> bool:
        """Whether a live function can be what `fresh` is: no decorator that is gone left a mark."""
        assert self._old is not None
        if self._class is not None and not isinstance(self._bound, FunctionType):
            return False
        only_added = set(self._old.decorators) <= set(self._new.decorators)
        live = self._pairing.live()
        return only_added or all(vars(each).keys() <= vars(fresh).keys() for each in live)

    def _keep_plain(self, fresh: FunctionType) -> None:
        """Plan for decorators that return the function itself: one that lives takes its place."""
        self._pairing.mark_as([fresh.__code__])
        attributes = {**header_of(fresh), **vars(fresh)}
        self._swap(self._pairing.all, attributes)
        stand_ins = self._rebinding.stand_ins()
        kept = [*stand_ins, *self._pairing.live()][0]
        if stand_ins:
            pair = self._pairing.own()[0]
            Swap(self._planning, self._old, self._new).plan_one(pair, kept, attributes)
        if kept is not self._bound:
            self._rebinding.plan(kept)
        self._planning.transaction.afterwards(partial(replace_everywhere, fresh, kept))


def _and(first: str, second: str | None) -> str:
    return f"{first}; {second}" if second else first
