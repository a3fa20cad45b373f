"""Traces one statement at a time: looks before it runs and after, and tells what it did.

Before: what each name holds, by identity; and of the objects that the statement may come to, as far
as that can be told without running it, a mark. After: the same again, and the functions that ran.
"""

from __future__ import annotations

from time import thread_time
from types import FunctionType

from relive.worker.keeping import chance
from relive.worker.keeping.objects import is_array
from relive.worker.names import nested
from relive.worker.tracing.caches import Caches
from relive.worker.tracing.closure import INSIDE, Closure
from relive.worker.tracing.facts import facts_of
from relive.worker.tracing.graph import Graph
from relive.worker.tracing.holders import alive, holders_of
from relive.worker.tracing.known import Known
from relive.worker.tracing.places import Places
from relive.worker.tracing.ran import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from relive.worker.namespace import Namespaces
    from relive.worker.tracing.aside import Aside
    from relive.worker.tracing.places import Held, Place

_BEFORE_S = 0.004
"""What looking may take before the statement runs, which somebody waits for; all in processor time,
so that a busy machine does not make it see less."""
_AFTER_S = 0.04
"""And after it, at least: more if the statement took long itself."""
_SHARE = 0.25
"""Of the time that a statement took: what looking may take after it."""
_REST_S = 0.05
"""What looking may take once the evaluation has ended, so that the next one need not."""
_ALIASES_S = 0.25
"""What looking for the names of changed objects may take: the result is on the screen by then."""
_SEEDS = frozenset(["seed", "setstate", "set_state"])
"""Functions after which random numbers go by nothing that was before."""
_LOOKS = frozenset(["getstate", "get_state"])
"""Functions that tell how random numbers go on, and draw none."""


class Before:
    """What there is before a statement runs."""

    def __init__(self, places: Places, known: Known, code: CodeType, scope: dict[str, Any]) -> None:
        self.closure = Closure(places, Graph(_BEFORE_S, known=known), follows=True)
        self.acts = facts_of(code).acts
        """Whether the statement may do more than to give names to what is there."""
        self.chance: dict[str, int] = {}
        self.held: Held = {}
        """What names held of the modules that the statement may come to."""
        if self.acts:
            places.look()
        self.scopes = set(places.scopes)
        self.rebound: set[Place] = set()
        """What it has bound before it was put away."""
        if self.acts:
            self.closure.add(code, scope)
            self.chance = _chance()
            may_all = self.closure.has_imports
            self.held = places.held(self.scopes if may_all else self.scopes & self.closure.scopes)
        self.started = thread_time()

    def bound(self, places: Places) -> set[Place]:
        """Return the names that it has bound so far; modules that are new since held nothing."""
        new: Held = dict.fromkeys(places.scopes.keys() - self.scopes, ([], []))
        return self.rebound | places.rebound({**new, **self.held})

    def begin_with_nothing(self, places: Places) -> None:
        """Take all names for its own."""
        self.scopes, self.held = set(), {}
        self.put_away(places)

    def put_away(self, places: Places) -> None:
        """Note what it has bound so far: what runs from now on is not the statement."""
        if self.acts:
            places.look()
            self.rebound = self.bound(places)

    def take_up(self, places: Places) -> None:
        """Go by what there is now: whatever else ran has bound its names itself."""
        if self.acts:
            places.look()
            self.scopes = set(places.scopes)
            self.held = places.held(self.scopes)


class Tracer:
    """Traces the statements of one worker."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._places = Places(namespaces)
        self._known = Known()
        self._caches = Caches(self._places)
        self._before: Before | None = None
        self._ran = Ran()
        self._unlooked: set[Place] = set()
        """Names whose values are to be looked at when there is time."""

    def begin(self, code: CodeType, scope: dict[str, Any]) -> None:
        """Look at what there is, before a statement runs."""
        self._before = Before(self._places, self._known, code, scope)
        self._ran = Ran()
        self._ran.__enter__()

    def drop(self) -> None:
        """Stop watching: the statement does not run."""
        self._ran.__exit__()
        self._before = None

    def begin_late(self, code: CodeType, scope: dict[str, Any]) -> None:
        """Begin in the middle of the first statement of a process: all there is comes of it.

        Nobody has noted what ran of it so far, so that is followed by its text to the end.
        """
        self._before = Before(self._places, self._known, code, scope)
        self._before.begin_with_nothing(self._places)

    def put_away(self) -> None:
        """Something else runs in the middle of the statement, which has bound its names so far."""
        if self._before is not None:
            self._before.put_away(self._places)

    def take_up(self) -> None:
        """Go on with the statement."""
        self.forget()
        if self._before is not None:
            self._before.take_up(self._places)

    def drop_caches(self, outdated: set[Place]) -> None:
        """Empty caches of what was computed from what these names stood for."""
        self._caches.drop(outdated)
        self.forget()

    def forget(self) -> None:
        """Take nothing for known: something else than traced statements ran."""
        self._known.forget()

    def end(
        self, code: CodeType, scope: dict[str, Any], value: Any, *, failed: bool
    ) -> dict[str, Any]:
        """Return what a statement did that gave `value`, or raised."""
        before, ran = self._before, self._ran
        self.drop()
        took = 0.0 if before is None else thread_time() - before.started
        if before is None or before.acts or not self._places.has(scope):
            self._places.look()
        graph = Graph(max(_AFTER_S, took * _SHARE), holds=True)
        after = Closure(self._places, graph, follows=not ran.is_told)
        after.add(code, scope)
        after.add_value(value)
        if before is not None and not ran.is_told:
            for suspended in before.closure.suspended:
                after.add(*suspended)
            for followed in before.closure.followed:
                after.follow(*followed)
        own = {id(each) for each in nested(code)}
        for each, module in ran.found.values():
            name = getattr(each, "co_qualname", each.co_name)
            after.add(each, module, INSIDE if id(each) in own else name)
        self._caches.meet(after.caches)
        partial = graph.partial
        self._unlooked |= after.binds | {e for e, key in after.roots.items() if key in partial}
        if before is None:
            self._known.keep(graph.blocks)
            return _first(after, self._places)
        changes = Changes(before, after, self._places)
        trace = _told(before, after, changes, self._places, failed=failed)
        self._learn(before, graph, changes)
        return trace

    def _learn(self, before: Before, after: Graph, changes: Changes) -> None:
        """Know from now on what was looked at, and that what was changed is another."""
        if changes.has_unseen:
            self._known.forget()
            return
        self._known.keep(before.closure.graph.blocks)
        self._known.spoil(changes.objects)
        self._known.keep(after.blocks)

    def rest(self) -> None:
        """Look at what names were given, for the next statement, which need not do so then."""
        names, self._unlooked = self._unlooked, set()
        graph = Graph(_REST_S, known=self._known)
        for value in self._places.values_of(names) if names else ():
            if not self._known.is_too_large(value):
                graph.walk(value)
        self._known.keep(graph.blocks, had_time=True)


def _first(after: Closure, places: Places) -> dict[str, Any]:
    """Return the trace of the first statement of a process: all there is comes of it."""
    nothing: Held = dict.fromkeys(places.scopes, ([], []))
    return _trace(after, places.rebound(nothing) | after.binds, set(), None)


def _told(
    before: Before, after: Closure, changes: Changes, places: Places, *, failed: bool
) -> dict[str, Any]:
    other = before.bound(places) if before.acts else set()
    found = changes.found(other) if before.acts else set()
    trace = _trace(after, other if failed else other | after.binds, found - other, changes.unknown)
    if before.acts:
        _add_chance(trace, before.chance, after)
    return trace


class Changes:
    """What was changed in place while a statement ran."""

    def __init__(
        self,
        before: Before | Aside,
        after: Closure,
        places: Places,
        *,
        passed: tuple[type, ...] = (),
    ) -> None:
        """Compare; objects of the types `passed` are others by what is told anyway."""
        self._before = before.closure
        self._passed = passed
        self._after = after
        self._places = places
        self._unseen: list[str] = []
        """Names of what may have changed and could not be looked at whole."""
        self._is_cut_short = False
        """Whether there was no time to find all that refers to what was changed."""
        self.objects: set[int] = set()
        """The `id` of what was changed."""

    @property
    def has_unseen(self) -> bool:
        """Whether more may have changed than is told."""
        return bool(self._unseen)

    @property
    def unknown(self) -> str | None:
        """Why there may be more than is told."""
        if self._is_cut_short:
            return "not all could be found that refers to what was changed"
        if not self._unseen:
            return None
        names = ", ".join(f"`{each}`" for each in self._unseen[:3])
        return f"{names} could not be looked at whole"

    def found(self, rebound: set[Place]) -> set[Place]:
        """Return the names through which something is reached that was changed in place."""
        graph = self._after.graph
        self._before.graph.recall(self._after.roots.values())
        changed = graph.changed_since(self._before.graph) | self._presumed(rebound)
        objects = [graph.objects[key] for key in changed]
        objects += self._changed_and_let_go(rebound)
        objects = [each for each in objects if not issubclass(type(each), self._passed)]
        self.objects = {id(each) for each in objects}
        if not objects:
            return set()
        reaching, is_all = holders_of(objects, _ALIASES_S, [graph.objects])
        if not is_all:
            self._is_cut_short = True
        if any(map(is_array, objects)):
            reaching |= self._sharing({id(each) for each in objects})
        reaching |= graph.reaching(reaching)
        roots = {each for each, key in self._after.roots.items() if key in reaching}
        return roots | self._places.holding(reaching)

    def _sharing(self, changed: set[int]) -> set[int]:
        """Return what reaches arrays, which the collector does not know, and their memory."""
        every = Graph(_ALIASES_S, holds=True)
        for _, scope in self._places:
            for value in list(scope.values()):
                every.walk(value, share=0.2)
        return every.reaching(changed | every.changed_since(self._before.graph))

    def _changed_and_let_go(self, rebound: set[Place]) -> list[Any]:
        """Return the changed objects that names have let go of meanwhile; others may hold them."""
        roots, before = self._before.roots, self._before.graph
        if not any(before.can_change(roots.get(each, 0)) for each in rebound):
            return []
        gone = before.let_go(self._after.graph)
        graph = Graph(_AFTER_S)
        for each in alive(gone):
            graph.walk(each)
        changed = graph.changed_since(self._before.graph)
        return alive(changed & gone)

    def _presumed(self, rebound: set[Place]) -> set[int]:
        """Return the objects that count as changed because nobody can tell.

        Functions and classes that a name was given are what a module has defined or imported.
        """
        graph, roots = self._after.graph, self._after.roots
        before = self._before.graph
        presumed = {key for key in graph.moving if key in before}
        if not self._after.mutates:
            return presumed
        partial = before.partial | graph.partial
        for place, key in roots.items():
            if (key in before and key not in partial) or not graph.can_change(key):
                continue
            if place not in rebound or not _is_definition(graph.objects[key]):
                presumed.add(key)
                self._unseen.append(place[1])
        return presumed


def _is_definition(value: Any) -> bool:
    return issubclass(type(value), (FunctionType, type))


def _add_chance(trace: dict[str, Any], before: dict[str, int], after: Closure) -> None:
    """Add the random numbers that everybody draws from: drawing reads and moves them."""
    now = _chance()
    if not _LOOKS.isdisjoint(after.attributes):
        trace["reads"] += [[name, name] for name in now]
    for name in [each for each in now if before.get(each) != now[each]]:
        if _SEEDS.isdisjoint(after.attributes):
            trace["reads"].append([name, name])
            trace["changed"].append([name, name])
        else:
            trace["writes"].append([name, name])


def _trace(
    after: Closure, writes: set[Place], changed: set[Place], unknown: str | None
) -> dict[str, Any]:
    return {
        "reads": list(map(list, after.reads)),
        "writes": sorted(map(list, writes), key=str),
        "changed": sorted(map(list, changed), key=str),
        "ran": list(map(list, after.ran)),
        "imports": list(after.imports),
        "unknown": unknown,
    }


def _chance() -> dict[str, int]:
    return {name: hash(chance.told(state)) for name, state in chance.states().items()}
