"""What is to be run again so that stale results are true, and in which order.

In a process that has gone on, more has to run than what is stale:

1. what came of something that runs again;
2. with what adds to a value (`rows.append(…)`, `x += 1`) all that made the value before, from where
   the name was bound: else it would be added to twice; so with what binds a name in a branch, a
   loop or a call: else the name would keep what the former run gave it where this one does not;
3. with what reads a name that is something else further down, what made it what it was there;
4. with what gives a name its value again, all that gives the name another one further down, so that
   the process is in the end what it was.

Names are taken away before that a fresh run would not have there: those that only the statement
itself may give, and a class that registers elsewhere as it is made.

What cannot be run again, as its text is gone, is left, and with it all that would be wrong without
it.
"""

from __future__ import annotations

import heapq
import os.path
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from relive.session.staleness import Staleness
from relive.session.units import Name, Unit, defined_by, makes_defaults
from relive.source.binding_order import order_of
from relive.source.positions import Position
from relive.source.quick_dataclasses import dataclass

_LOOPS = ("for ", "while ", "while(", "with ", "with(", "async ")


@dataclass(frozen=True)
class Plan:
    """What runs again, in this order, and what cannot, with the reason."""

    run: tuple[Unit, ...]
    left: dict[Unit, str]
    needs: dict[Unit, set[Unit]]
    """By the units that run: those without which they would be wrong."""
    away: dict[Unit, set[Name]]
    """By the units that run: names that are to be taken away before, for a fresh run has none."""


class Layout:
    """Where units stand and which names they give, for several plans of one moment."""

    def __init__(self, staleness: Staleness, chosen: Iterable[Unit] = ()) -> None:
        """Look at all units, and at those of `chosen` that have not run yet."""
        units = list(dict.fromkeys([*staleness.units(), *chosen]))
        places = {unit: staleness.places.of(unit) for unit in units}
        self.places = {unit: place for unit, place in places.items() if place is not None}
        self.givers: dict[tuple[Hashable, Name], list[Unit]] = {}
        """By text and name, from top to bottom."""
        self.everywhere: dict[Name, list[Unit]] = {}
        """By name, in the order in which they ran."""
        for unit in sorted(units, key=lambda unit: unit.rank):
            for name in unit.trace.gives:
                self.everywhere.setdefault(name, []).append(unit)
        for unit in sorted(self.places, key=lambda unit: self.places[unit][1]):
            for name in unit.trace.gives:
                self.givers.setdefault((self.places[unit][0], name), []).append(unit)


def plan(
    staleness: Staleness,
    wanted: Iterable[Unit],
    obstacle: Callable[[Unit], str | None],
    layout: Layout | None = None,
) -> Plan:
    """Return what has to run again so that the results of `wanted` are true.

    `obstacle` says why the statement of a unit cannot be run again; None: it can. `layout`: that of
    this moment, if all that is wanted has run before.
    """
    chosen = list(wanted)
    closure = _Closure(staleness, layout or Layout(staleness, chosen))
    for unit in chosen:
        closure.add(unit)
    left = closure.blocked(obstacle)
    run = tuple(closure.in_order(left))
    away = {unit: closure.left_by(unit) | closure.made_anew(unit) for unit in run}
    return Plan(run, left, {unit: closure.needs(unit) for unit in run}, away)


def out_of_order(staleness: Staleness) -> Iterator[Unit]:
    """Yield the units that ran in another order than that of their text, and had values by that."""
    closure = _Closure(staleness, Layout(staleness))
    return filter(closure.is_out_of_order, staleness.units())


class _Closure:
    """What has to run again, as far as it is known."""

    def __init__(self, staleness: Staleness, layout: Layout) -> None:
        self._staleness = staleness
        self._places = layout.places
        self._givers = layout.givers
        self._everywhere = layout.everywhere
        self._chosen: dict[Unit, None] = {}
        self._made: dict[Unit, set[Unit]] = {}
        """By units: what made the values that they add to, or that are others by now."""
        self._left: dict[Unit, set[Name]] = {}
        """By units: the names that they may leave as they were."""
        self._unmade: dict[Unit, str] = {}
        """Units that need what nothing can make again, with the reason."""

    def _text(self, unit: Unit) -> Hashable:
        place = self._places.get(unit)
        return None if place is None else place[0]

    def _start(self, unit: Unit) -> Position:
        return self._places[unit][1]

    def add(self, unit: Unit) -> None:
        """Choose a unit, and all that has to run with it."""
        waiting = [(unit, False)]
        while waiting:
            each, restores = waiting.pop()
            if each in self._chosen:
                continue
            self._chosen[each] = None
            if not restores:
                waiting += [(user, False) for user in self._shown_of(each)]
            waiting += [(other, False) for other in self._made_before(each)]
            waiting += [(other, not other.trace.adds_to) for other in self._given_later(each)]

    def _shown_of(self, unit: Unit) -> Iterator[Unit]:
        """Yield what came of a unit, but for what stands nowhere and nothing came of (1)."""
        for user in self._staleness.came_of(unit):
            if user in self._places or self._staleness.came_of(user):
                yield user

    def _made_before(self, unit: Unit) -> set[Unit]:
        """Return what made the values that `unit` adds to, or that are others by now (2 and 3)."""
        found: set[Unit] = set()
        for name in unit.trace.reads | unit.trace.changed | self._may_leave(unit):
            earlier, later = self._around(unit, name)
            if later or name in unit.trace.adds_to or self._keeps(unit, name, earlier):
                makers = _makers(name, earlier)
                found.update(makers)
                self._note_unmade(unit, name, makers, later)
        self._made.setdefault(unit, set()).update(found)
        return found

    def _may_leave(self, unit: Unit) -> set[Name]:
        """Return the names of its module that a unit has bound, and may leave alone another time.

        They are bound in a branch or a loop, or by what it calls.
        """
        if unit not in self._left:
            own = {name for name in unit.trace.writes if name[0] == unit.file}
            surely = order_of(unit.text).surely if own else frozenset[str]()
            self._left[unit] = {name for name in own if name[1] not in surely}
        return self._left[unit]

    def _keeps(self, unit: Unit, name: Name, earlier: list[Unit]) -> bool:
        """Whether a unit may leave a name as its own former run has left it.

        Two loops that share their variable hardly ever do: the one is not run again for the other.
        """
        if name not in self._may_leave(unit) or not earlier or earlier[-1] not in self._places:
            return False
        are_loops = all(each.text.startswith(_LOOPS) for each in (unit, earlier[-1]))
        return not (are_loops and name in self._may_leave(earlier[-1]))

    def left_by(self, unit: Unit) -> set[Name]:
        """Return the names that a unit may leave as its own former run has left them (2).

        Nothing above it gives them, so that in a fresh run they are not there. One that looks them
        up, or tells whether they are there, wants to find them.
        """
        found = {name for name in self._may_leave(unit) if not self._around(unit, name)[0]}
        first = order_of(unit.text).read_first if found else frozenset[str]()
        return {name for name in found if name[1] not in first and not _quotes(unit, name[1])}

    def made_anew(self, unit: Unit) -> set[Name]:
        """Return the names of a definition that has to run as if it had not been there.

        A class that is live is not made again, and so registers nowhere. One that other statements
        wrap is redefined inside what wraps it, which keeps the name: it would be wrapped twice.
        """
        if not unit.is_definition:
            return set()
        own = {name for name in unit.trace.writes if name[0] == unit.file}
        if not unit.trace.changed <= own and _is_class(unit):
            return own
        return own & self._wrapped

    @cached_property
    def _wrapped(self) -> set[Name]:
        """The names that statements which run again make out of what they were."""
        units = [each for each in self._chosen if not each.is_definition]
        return {name for each in units for name in each.trace.writes & each.trace.reads}

    def _note_unmade(self, unit: Unit, name: Name, makers: list[Unit], later: list[Unit]) -> None:
        """Note a value that no maker of its makes again: there is none, or it was changed since.

        What a statement binds before it looks it up, as a loop does its variable, needs none.
        """
        maker = makers[-1] if makers and name not in makers[-1].trace.adds_to else None
        if maker is None:
            if name in unit.trace.adds_to and name[1] in order_of(unit.text).read_first:
                self._unmade[unit] = _begun_nowhere(name)
            return
        changing = [each for each in (unit, *later) if name in each.trace.changed]
        if changing and maker.is_definition and not makes_defaults(maker.text):
            self._unmade[unit] = _not_undone(name, self._where(changing[0]))

    def _given_later(self, unit: Unit) -> set[Unit]:
        """Return what gives the names that `unit` gives other values further down (4)."""
        return {other for name in unit.trace.gives for other in self._around(unit, name)[1]}

    def is_out_of_order(self, unit: Unit) -> bool:
        """Whether a unit had a value that it would not have had in the order of the text.

        What stands above it should have made the value; something further down had, or an earlier
        run of the unit.
        """
        below = [name for name, by in unit.providers.items() if self._is_above(unit, by)]
        return unit.is_repeated or any(self._is_given_above(unit, name) for name in below)

    def _is_given_above(self, unit: Unit, name: Name) -> bool:
        givers = self._givers.get((self._text(unit), name), [])
        return bool(givers) and self._start(givers[0]) < self._start(unit)

    def needs(self, unit: Unit) -> set[Unit]:
        """Return the units without which a unit would be wrong."""
        return {*self._made.get(unit, ()), *unit.providers.values()}

    def _around(self, unit: Unit, name: Name) -> tuple[list[Unit], list[Unit]]:
        """Return what gives a name before a unit does, and what does further down in its text.

        Before it is what stands above, and what stands elsewhere and ran earlier.
        """
        if unit not in self._places:
            return self._elsewhere(unit, name), []
        text = self._text(unit)
        givers, start = self._givers.get((text, name), []), self._start(unit)
        above = givers[: bisect_left(givers, start, key=self._start)]
        below = givers[bisect_right(givers, start, key=self._start) :]
        return [*self._elsewhere(unit, name), *above], below

    def _elsewhere(self, unit: Unit, name: Name) -> list[Unit]:
        """Return what gives a name, stands in no text or another, and ran before a unit did.

        If nothing that binds it did, what did has run again since: it is all that is left to go by.
        """
        text = self._text(unit)
        everywhere = self._everywhere.get(name, [])
        others = [each for each in everywhere if each is not unit]
        others = [each for each in others if text is None or self._text(each) != text]
        ran = [each for each in others if each.rank < unit.rank]
        binds = any(name not in each.trace.adds_to for each in ran)
        return ran if binds else [each for each in others if name not in each.trace.adds_to] + ran

    def blocked(self, obstacle: Callable[[Unit], str | None]) -> dict[Unit, str]:
        """Return what of it cannot run again, with the reason."""
        roots = {unit: why for unit in self._chosen if (why := self._problem(unit, obstacle))}
        left, waiting = dict(roots), list(roots)
        while waiting:
            each = waiting.pop()
            for unit in self._chosen:
                if each in self.needs(unit) and unit not in left:
                    why = f"which cannot run again: {roots[each]}"
                    left[unit] = f"it needs what {self._where(each)} gave, {why}"
                    roots[unit] = roots[each]
                    waiting.append(unit)
        return left

    def _problem(self, unit: Unit, obstacle: Callable[[Unit], str | None]) -> str | None:
        return self._unmade.get(unit) or _unwatched(unit) or obstacle(unit)

    def _where(self, unit: Unit) -> str:
        place = self._places.get(unit)
        return "code that stands in no file" if place is None else f"line {place[1][0] + 1}"

    def in_order(self, left: dict[Unit, str]) -> list[Unit]:
        """Return what runs: each text from top to bottom, what needs another text's after it."""
        chosen = [unit for unit in self._chosen if unit not in left]
        after: dict[Unit, set[Unit]] = {unit: set() for unit in chosen}
        for unit in chosen:
            providers = self.needs(unit) & after.keys()
            after[unit] |= {each for each in providers if not self._is_above(unit, each)}
        for above, below in _neighbours(chosen, self._places):
            after[below].add(above)
        return _sorted(after)

    def _is_above(self, unit: Unit, other: Unit) -> bool:
        here, there = self._places.get(unit), self._places.get(other)
        return here is not None and there is not None and here[0] == there[0] and here[1] < there[1]


def _unwatched(unit: Unit) -> str | None:
    """Return why running a unit again gives what it gave: it came of what an import has made."""
    for (file, name), maker in unit.through.items():
        if maker.is_unwatched and (file, name) not in unit.causes:  # or it was made anew since
            where = os.path.basename(maker.file or file or "")
            return (
                f"it came of `{name}`, which was made as {where} was loaded,"
                " from what is another now: restart and run the file"
            )
    return None


def _is_class(unit: Unit) -> bool:
    outermost = (each for each in defined_by(unit.text).values() if "." not in each.name)
    return any(each.kind == "class" for each in outermost)


def _quotes(unit: Unit, name: str) -> bool:
    return f"'{name}'" in unit.text or f'"{name}"' in unit.text


def _not_undone(name: Name, line: str) -> str:
    return (
        f"`{name[1]}` was changed in place by {line}, which is not undone by running its definition"
        " again: restart and run the file"
    )


def _begun_nowhere(name: Name) -> str:
    return (
        f"it adds to `{name[1]}`, so running it again would count twice: nothing that ran in the"
        f" file gives `{name[1]}` the value it began with. Put that above it, such as"
        f" `{name[1]} = 0`, and evaluate both, or restart and run the file"
    )


def _makers(name: Name, earlier: list[Unit]) -> list[Unit]:
    """Return what has made the value of a name: back to what bound it, if anything did."""
    makers: list[Unit] = []
    for unit in reversed(earlier):
        makers.append(unit)
        if name not in unit.trace.adds_to:
            break
    return makers


def _neighbours(
    units: Iterable[Unit], places: dict[Unit, tuple[Hashable, Position]]
) -> list[tuple[Unit, Unit]]:
    """Return each unit with the next one below it in its text."""
    texts: dict[Hashable, list[Unit]] = {}
    for unit in sorted(
        (each for each in units if each in places), key=lambda each: places[each][1]
    ):
        texts.setdefault(places[unit][0], []).append(unit)
    return [pair for found in texts.values() for pair in pairwise(found)]


def _sorted(after: dict[Unit, set[Unit]]) -> list[Unit]:
    """Return units so that each comes after those it has to; in a circle who ran first is first."""
    before: dict[Unit, list[Unit]] = {}
    for unit, others in after.items():
        for other in others:
            before.setdefault(other, []).append(unit)
    count = {unit: len(others) for unit, others in after.items()}
    ready = [(unit.rank, unit.id, unit) for unit, number in count.items() if not number]
    waiting = sorted(after, key=lambda unit: unit.rank, reverse=True)
    heapq.heapify(ready)
    done: dict[Unit, None] = {}
    while len(done) < len(after):
        if not ready:
            unit = next(each for each in reversed(waiting) if each not in done)
        else:
            unit = heapq.heappop(ready)[2]
        if unit in done:
            continue
        done[unit] = None
        for other in before.get(unit, ()):
            count[other] -= 1
            if not count[other]:
                heapq.heappush(ready, (other.rank, other.id, other))
    return list(done)
