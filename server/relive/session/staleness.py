"""Which results are no longer true, and why: what each one came from against what that is now.

A *unit* is a statement that ran. Each name has a version, which another one takes the place of
when the name is bound again, when what it holds is changed in place, or when its definition is
redefined. A unit remembers the versions it saw: it is stale as soon as one of them is another, and
fresh again when that comes back (as of a definition that is redefined to its former text). What
came of a stale unit is stale too.

The order of the text counts, as for a run from scratch: what a statement further down does to a
name is nothing to those above it, and what is bound again in between is not what was bound before.
That holds where the unit had its value from above; who ran things in another order has seen what
the process had, and is judged by that.

All of it is indexed by names, so that an event costs what it concerns.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from relive.session.reasons import quoted, reason_of, what_became
from relive.session.units import (
    Cause,
    DefinitionChanged,
    Name,
    NameBound,
    Places,
    Unit,
    Verdicts,
    Version,
    adds_twice,
    begun_by,
    defined_by,
    imported_as,
    is_above,
    is_later,
    is_shielded,
    scalars_assigned,
    used_by_header,
)
from relive.session.unwatched import Read, Unwatched, Unwitnessed, text_on_disk
from relive.session.users import Users

_MOST_UNITS = 5000
"""Of a session; beyond them the oldest are forgotten."""


class Staleness:
    """The units of one process, and the truth of their results."""

    def __init__(self, places: Places, read: Read = text_on_disk) -> None:
        """Begin with nothing; `read` tells what text a file was imported with."""
        self.places = places
        self._unwatched = Unwatched(read)
        self.steps = 0
        """How many units were looked at, for tests of what it costs."""
        self._units: dict[str, Unit] = {}
        self.now: dict[Name, tuple[Version, Unit | None]] = {}
        """Of each name: its version, and the unit that made it so."""
        self._users = Users(self._text_of)
        self._dependants: dict[Unit, dict[Name, dict[Unit, None]]] = {}
        self._marks: dict[Version | None, Version] = {}
        """Of versions that nothing else was known of when they came up."""
        self._former: dict[Name, Unit] = {}
        """Names that nothing has made anew since: the unit that made them, and was replaced."""
        self._headers: dict[Name, tuple[Name, ...]] = {}
        """Of definitions that were evaluated: the names they used as they ran."""
        self._ranks = itertools.count()
        self._new = (("new", number) for number in itertools.count())
        self._told: dict[str, str] = {}
        self._touched: dict[Unit, None] = {}
        """Units whose truth may be another than was told."""
        self._outdated: dict[Name, None] = {}
        """Names that are others by an edit: what caches have kept may have come of them."""

    # -- what happens ----------------------------------------------------------------------------

    def ran(self, unit: Unit, replaced: Iterable[str] | None = None) -> None:
        """Note that a statement has run; `replaced` is what it replaces, if the places forgot."""
        unit.trace = unit.trace.without(frozenset(filter(self._is_mere_chance, unit.trace.changed)))
        unit.trace = unit.trace.not_needing(begun_by(unit, self._text_of))
        self._units[unit.id] = unit
        self._unwatched.ran(unit)
        ids = self.places.replaced(unit) if replaced is None else replaced
        former = map(self._units.get, ids)
        gone = [each for each in former if each is not None and each is not unit]
        unit.is_repeated = adds_twice(unit, gone, self._maker)
        unit.rank = next(self._ranks)
        orphans = {orphan for each in gone for orphan in self._drop(each)}
        self._see(unit)
        defined = self._define(unit, gone)
        if gone:
            self._outdated.update(dict.fromkeys(unit.trace.gives - defined))
        self._give(unit, defined, orphans)
        given = unit.trace.gives | defined
        for user, name in orphans:
            if name not in given:
                words = f"{quoted(name)} is not made by {{line}} any more"
                self._judge(user, name, unit, same=False, cause=Cause(words, unit))
        for user, _ in orphans:
            self._settle(user)
        self._settle(unit)
        self._forget_oldest()

    def removed(self, units: Iterable[Unit]) -> None:
        """Note that the text of units is gone, and all they did is to be undone."""
        orphans = {orphan for each in units for orphan in self._drop(each)}
        for user, name in orphans:
            if user.id in self._units:
                words = f"{quoted(name)} came of code that is not in the file any more"
                self._judge(user, name, None, same=False, cause=Cause(words))
                self._settle(user)

    def _is_mere_chance(self, name: Name) -> bool:
        """Whether it is a source of random numbers that nobody has given a seed."""
        return name[0] == name[1] and name not in self.now

    def redefined(self, changes: Iterable[DefinitionChanged], by: Unit | None = None) -> None:
        """Note that definitions are other than they were: by no statement that ran, or by one."""
        waiting, done = list(changes), set[Name]()
        older = [each.name for each in waiting if each.outcome != "added"]
        self._note_unwatched(self._unwatched.come_of(older))
        for change in waiting:  # which grows
            before = self._was(change.name, change.before)
            now = self._with_header(change)
            if change.outcome != "added" and not self._are_same(before, now):
                self._outdated[change.name] = None
            writer = by if change.name not in done else self.now.get(change.name, (None, None))[1]
            self._is_now(change.name, now, writer)
            cause = Cause(f"{change.kind} {quoted(change.name)} was {change.outcome}")
            for unit in self._users.concerned(change):
                aliases = self._aliases(unit, change) - done
                done |= aliases
                waiting += [replace(change, name=alias) for alias in aliases]
                if unit is by or is_later(self.places, by, unit, change.name):
                    continue
                if not aliases:
                    seen = unit.seen.setdefault(change.name, before)
                    self._judge(unit, change.name, by, same=self._are_same(seen, now), cause=cause)

    def _note_unwatched(self, found: Iterable[Unwitnessed]) -> None:
        """Have what was made as files were imported come of what is another now."""
        for unit, given, of in found:
            for each in given:
                if self._unwatched.has_made(each, self._maker(each)):
                    self._is_made_by(each, unit, of)

    def _is_made_by(self, name: Name, unit: Unit, of: list[Name]) -> None:
        """Have a name be what an import's statement has made it, out of others."""
        maker = self._maker(name)
        if maker is None or not maker.is_unwatched:
            maker = unit
            self._is_now(name, self.now[name][0], unit)
        maker.trace = maker.trace.came_of({name}, of)
        for each in of:
            self._users.note(each, maker)
        for user in self._users.of(name):
            if user.providers.get(name) is not maker and not self._unwatched.takes_names(user):
                self._link(user, name, maker)
                self._settle(user)

    def _maker(self, name: Name) -> Unit | None:
        return self.now.get(name, (None, None))[1] or self._former.get(name)

    def _text_of(self, definition: Name) -> str | None:
        """Return the text of a definition, if a statement has made it that is nothing else."""
        file, name = definition
        _, unit = self.now.get((file, name.partition(".")[0]), (None, None))
        found = None if unit is None else defined_by(unit.text).get(name)
        return None if found is None else found.source

    def _aliases(self, unit: Unit, change: DefinitionChanged) -> set[Name]:
        """Return the names that an import has given what was redefined, and is itself as ever."""
        if change.outcome != "redefined" or change.name in unit.trace.ran:
            return set()
        head, _, inner = change.name[1].partition(".")
        given = {each for each in unit.trace.writes if each[0] == unit.file}
        found = {(unit.file, name) for name in imported_as(unit.text, head)} & given
        return {(file, f"{name}.{inner}" if inner else name) for file, name in found}

    def _with_header(self, change: DefinitionChanged) -> Version | None:
        """Return what a definition counts as: its text, and what its header was made from."""
        used = self._headers.get(change.name)
        if change.now is None or not used:
            return change.now
        return (change.now, *((name, self.now.get(name, (None,))[0]) for name in used))

    def bound(self, names: Collection[NameBound]) -> None:
        """Note that names have other values, by no statement that ran."""
        before = {each.name: self._was(each.name, each.before) for each in names}
        for each in names:
            self._outdated[each.name] = None
            self._is_now(each.name, next(self._new) if each.now is None else each.now, None)
        self._note_unwatched(self._unwatched.come_of(before, is_value=True))
        for name, former in before.items():
            cause = Cause(f"{quoted(name)} was assigned again")
            for unit in self._users.of(name):
                same = self._are_same(unit.seen.setdefault(name, former), self.now[name][0])
                self._judge(unit, name, None, same=same, cause=cause)

    def changed(self, names: Collection[Name], ran_at: Mapping[str | None, int]) -> None:
        """Note that what names hold was changed in place, by code that ran for a redefinition.

        `ran_at`: by file the first line of such code, above which it is nothing to anybody.
        """
        self._note_unwatched(self._unwatched.come_of(names, ran_at=ran_at))
        for name in names:
            self._is_now(name, next(self._new), None)
            cause = Cause(f"{quoted(name)} was changed in place by what a redefinition ran")
            for unit in self._users.of(name):
                if not is_above(self.places, unit, ran_at):
                    self._judge(unit, name, None, same=False, cause=cause)

    # -- what is known ---------------------------------------------------------------------------

    def take_outdated(self) -> list[Name]:
        """Return the names that have become others by an edit since this was asked last."""
        outdated, self._outdated = self._outdated, {}
        return list(outdated)

    def units(self) -> list[Unit]:
        """Return all units, the one that ran last at the end."""
        return list(self._units.values())

    def unit(self, number: str) -> Unit | None:
        """Return the unit of an id, if it is not forgotten or replaced."""
        return self._units.get(number)

    def stale(self) -> list[Unit]:
        """Return the units whose results are no longer true."""
        return [each for each in self._units.values() if each.is_stale]

    def made(self) -> Iterator[tuple[Name, Unit]]:
        """Yield the names that units made what they are; the units may have been replaced since."""
        yield from self._former.items()
        for name, (_, unit) in self.now.items():
            if unit is not None:
                yield name, unit

    def _was(self, name: Name, mark: Version | None) -> Version | None:
        """Return what a name stood for, of which a mark is known by now."""
        version, _ = self.now.get(name, (mark, None))
        if mark is not None and version != mark:
            self._marks[version] = mark
        return version

    def _are_same(self, one: Version | None, other: Version | None) -> bool:
        return one is not None and self._marks.get(one, one) == self._marks.get(other, other)

    def _is_now(self, name: Name, version: Version | None, by: Unit | None) -> None:
        self.now[name] = (version, by)
        self._former.pop(name, None)

    def came_of(self, unit: Unit) -> set[Unit]:
        """Return the units that had something from a unit."""
        return {user for user, _ in self._came_of(unit)}

    def reason(self, unit: Unit) -> str:
        """Return why a unit is stale, in words."""
        return reason_of(unit, self.places)

    def verdicts(self) -> Verdicts:
        """Return what is to be told since the last time this was asked."""
        touched, self._touched = self._touched, {}
        alive = [each for each in touched if self._units.get(each.id) is each]
        stale = {each.id: self.reason(each) for each in alive if each.is_stale}
        news = {number: why for number, why in stale.items() if self._told.get(number) != why}
        fresh = [each.id for each in alive if not each.is_stale and each.id in self._told]
        self._told.update(stale)
        for number in fresh:
            del self._told[number]
        return Verdicts(news, tuple(fresh))

    def go_on_telling(self, former: Staleness) -> None:
        """Take it that what `former` told of these units is known."""
        self._told = {each: why for each, why in former._told.items() if each in self._units}

    # -- a unit that ran -------------------------------------------------------------------------

    def _see(self, unit: Unit) -> None:
        """Note what everything was that it came from, and whose doing that is."""
        for name in unit.trace.needs:
            version, writer = self.now.get(name, (None, None))
            if name in self.now:
                unit.seen[name] = version
            self._link(unit, name, writer)
        self._users.add(unit)

    def _link(self, unit: Unit, name: Name, provider: Unit | None) -> None:
        """Have `unit` have a name from `provider`, and no longer from who it had it from before."""
        former = unit.providers.pop(name, None)
        unit.through.pop(name, None)
        if former is not None:
            self._dependants.get(former, {}).get(name, {}).pop(unit, None)
        if provider is not None and provider is not unit:
            unit.providers[name] = provider
            self._dependants.setdefault(provider, {}).setdefault(name, {})[unit] = None
            if provider.is_stale:
                unit.through[name] = provider

    def _define(self, unit: Unit, replaced: Iterable[Unit]) -> set[Name]:
        """Have a statement that is a definition define; return the names that it defines."""
        defined = defined_by(unit.text)
        files = {name: file for file, name in unit.trace.writes}
        heads = {each.partition(".")[0] for each in defined}
        if not heads or not heads <= files.keys():
            return set()
        file = files[next(iter(heads))]
        uses = used_by_header(unit.text)
        used = tuple(sorted((n for n in unit.trace.reads if n[1] in uses), key=repr))
        former = {name: each for old in replaced for name, each in defined_by(old.text).items()}
        changes = []
        for name, each in {**former, **defined}.items():
            self._headers[file, name] = used
            now = each.fingerprint if name in defined else None
            key = (file, name)
            known = name in former or key in self.now or self._users.are_known(key)
            outcome = "removed" if now is None else "redefined" if known else "added"
            changes.append(DefinitionChanged((file, name), each.kind, outcome, None, now))
        self.redefined(changes, unit)
        return {(file, name) for name in defined}

    def _give(self, unit: Unit, defined: set[Name], orphans: set[tuple[Unit, Name]]) -> None:
        """Have the names that it wrote or changed be what it made of them."""
        trace = unit.trace
        given = trace.gives - defined
        scalars = scalars_assigned(unit.text) if given else {}
        self._note_unwatched(self._unwatched.come_of_own(unit, given))
        added_to = trace.adds_to  # worked out once, for a loop may write names by the thousand
        for name in given:
            scalar = None if name in added_to else scalars.get(name[1])
            version = next(self._new) if scalar is None else scalar
            self._is_now(name, version, unit)
            cause = Cause(f"{quoted(name)} {what_became(trace, name)}", unit)
            for user in self._users.of(name):
                same = self._are_same(user.seen.get(name), version)
                is_orphan = (user, name) in orphans
                if same or is_orphan or not is_shielded(self.places, user, name, unit):
                    if not same:
                        self._outdated[name] = None
                    self._judge(user, name, unit, same=same, cause=cause)

    def _drop(self, unit: Unit) -> list[tuple[Unit, Name]]:
        """Forget a unit; return who had what from it, to be settled once all is known."""
        self._units.pop(unit.id, None)
        self._unwatched.forget(unit)
        self._told.pop(unit.id, None)
        for name in unit.trace.gives:
            version, writer = self.now.get(name, (None, None))
            if writer is unit:
                self.now[name] = (version, None)
                self._former[name] = unit
        self._users.forget(unit)
        for name in unit.trace.needs:
            self._link(unit, name, None)
        orphans = [
            (user, name) for name, users in self._dependants.pop(unit, {}).items() for user in users
        ]
        for user, name in orphans:
            user.providers.pop(name, None)
            user.through.pop(name, None)
        return orphans

    def _forget_oldest(self) -> None:
        if len(self._units) > _MOST_UNITS:
            for user, _ in self._drop(next(iter(self._units.values()))):
                self._settle(user)

    # -- truth -----------------------------------------------------------------------------------

    def _judge(self, unit: Unit, name: Name, by: Unit | None, *, same: bool, cause: Cause) -> None:
        """Have a unit be as true as a name it came from is what it was; `by` made the name so."""
        self.steps += 1
        if unit is by:
            return
        was_stale = unit.is_stale
        if same:
            self._link(unit, name, by)
            unit.causes.pop(name, None)
        else:
            self._spoil(by, unit)
            unit.causes[name] = cause
        self._touched[unit] = None
        if unit.is_stale != was_stale:
            self._settle(unit)

    def _spoil(self, by: Unit | None, unit: Unit) -> None:
        """Have `by` come of nothing of a unit's that it has spoilt itself: that is no doubt."""
        if by is not None:
            for name in [each for each, other in by.providers.items() if other is unit]:
                self._link(by, name, None)

    def _settle(self, unit: Unit) -> None:
        """Have those who came of a unit be as stale as it is, and those who came of them."""
        waiting = [unit]
        while waiting:
            each = waiting.pop()
            self._touched[each] = None
            for user, name in self._came_of(each):
                self.steps += 1
                if each.is_stale != (user.through.get(name) is each):
                    if each.is_stale:
                        user.through[name] = each
                    else:
                        del user.through[name]
                    waiting.append(user)

    def _came_of(self, unit: Unit) -> Iterator[tuple[Unit, Name]]:
        for name, users in self._dependants.get(unit, {}).items():
            for user in users:
                yield user, name
