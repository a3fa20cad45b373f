"""A module's whole text, parsed: what it has in common with one before is not parsed again.

A file is long and an edit is short. Statements that begin at the margin are parsed one by one as
well as all together, so of an edited text only those are parsed that the edit touches. That a
piece stands on its own is seen by parsing it: what went on above it (`else`), is left open at its
end or is no longer in a string makes it no whole statements, and then all of the text is parsed.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate

from relive.worker.redefine.reading.definitions import (
    MAKES_SCOPE,
    Definition,
    first_line,
    flattened,
    parse,
)
from relive.worker.redefine.reading.places import edits_between
from relive.worker.redefine.reading.toplevel import TopLevel, docstring_of
from relive.worker.redefine.reading.walk import everything, in_force

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, KeysView
    from typing import Any

    from relive.wire.edits import Edit


class Source:
    """A module's text, parsed.

    Its definitions are those of any text that has them in the same place. They are for reading:
    what the image holds are copies (`Definition.again`), which know what is live.
    """

    def __init__(self, text: str, file: str = "", former: Source | None = None) -> None:
        """Parse `text`, or what of it is other than in the `former` text.

        Raises:
            SyntaxError: with the place in `file`.
        """
        self.text = text
        self.docstring: str | None
        self._others: _Others
        self._parts: _Parts
        self._times: dict[str, int]
        """How often there are definitions of a key."""
        self.touched: set[str] | None = None
        """Names of the definitions that the former text had not, or elsewhere; None: maybe all."""
        known = None if former is None else former._edited(text)
        if former is None or known is None:
            self._statements = _parsed(text, file)
            self._look_through()
            return
        self._statements, self.touched = known.all, known.touched
        if former._is_alike(known):
            self.docstring, self._others = former.docstring, former._others
            self._times, self._parts = former._times, former._parts.edited(known)
        else:
            self._look_through()

    def _look_through(self) -> None:
        """Learn of all statements what is to be known of them together."""
        self._times = self._statements.count_namesakes()
        self._others = _Others(each for each in self._statements.all if not each.is_definition)
        self._parts = _Parts.of(self._statements.all)
        self.docstring = docstring_of([each.node for each in self._statements.all[:1]])

    def _is_alike(self, edited: _Edited) -> bool:
        """Whether this text has what an edited one has, each where it is, but for what is in it.

        That is when definitions are other that nothing shares its name with.
        """
        return not edited.is_moved and all(each.is_alike(self._times) for each in edited.replaced)

    @property
    def _definitions(self) -> list[Definition]:
        return [each for statement in self._statements.all for each in statement.definitions]

    @cached_property
    def by_key(self) -> dict[str, list[Definition]]:
        """The definitions outside classes; several under one name are in order."""
        found: dict[str, list[Definition]] = {}
        for each in self._definitions:
            found.setdefault(each.shared_key, []).append(each)
        return found

    def has_several(self, shared_key: str) -> bool:
        """Whether more than one definition outside classes has that key."""
        return self._times.get(shared_key, 0) > 1

    def in_force(self, scope: dict[str, Any]) -> Iterator[Definition | TopLevel]:
        """Yield what the interpreter would run in `scope`, as `walk.in_force` does."""
        for each in self.runs_in_force(scope):
            yield from each.definitions if isinstance(each, Run) else (each,)

    def runs_in_force(self, scope: dict[str, Any]) -> Iterator[Run | TopLevel]:
        """Do so, but yield definitions that stand side by side together."""
        for each in self._parts.all:
            if isinstance(each, Run):
                yield each
                continue
            for node in in_force([each.node], scope):
                found = self._others.by_node.get(node)
                yield TopLevel(node, each.shift) if found is None else Run(0, [found])

    def everything(self) -> Iterator[TopLevel]:
        """Yield all statements besides definitions that may be in force, in whichever branch."""
        for each in self._others.all:
            yield from everything([each.node], each.shift)

    @property
    def names_within(self) -> set[str]:
        """Names of the definitions in statements that make no scope: in branches, mostly."""
        return self._others.names

    def definitions_under(self, node: ast.stmt) -> list[Definition]:
        """Return the definitions in a statement that makes no scope."""
        by_node = self._others.by_node
        return [by_node[each] for each in flattened([node]) if each in by_node]

    def _edited(self, text: str) -> _Edited | None:
        """Return what is known of a text that this one was edited to be.

        None: it is to be parsed whole.
        """
        old, edited = self._statements, _Edited()
        for each in _stretches(edits_between(self.text, text, old.starts), old.starts, self.text):
            begin = each.start + edited.characters
            new = text[begin : each.end + edited.characters + each.more]
            try:
                between = _parsed(new)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return None
            edited.go_on_to(each.first, old)
            edited.replace(old.slice(each.first, each.last), between, begin)
            lines = new.count("\n") - self.text.count("\n", each.start, each.end)
            edited.move(each.more, lines)
        edited.go_on_to(len(old.all), old)
        return edited


class _Stretch:
    """Characters of a text that edits touch, from where a statement begins to where one does."""

    def __init__(self, edit: Edit, starts: list[int], text: str) -> None:
        # The statement before the edit may go on in it, and that at its end must not begin in it.
        touched = max(bisect_left(starts, edit.start) - 1, 0)
        self.start = next((each for each in starts[touched : touched + 1] if each < edit.start), 0)
        self.first, self.last = bisect_left(starts, self.start), bisect_right(starts, edit.end)
        """The numbers of the first statement in it and of that after it."""
        self.end = starts[self.last] if self.last < len(starts) else len(text)
        self.more = len(edit.text) - (edit.end - edit.start)
        """How many characters more there are in its place."""

    def take_in(self, other: _Stretch) -> None:
        """Go on to the end of one that begins in it, or right after it."""
        self.last, self.end, self.more = other.last, other.end, self.more + other.more


def _stretches(edits: list[Edit], starts: list[int], text: str) -> list[_Stretch]:
    """Return the stretches of a text that edits touch, apart from each other."""
    found: list[_Stretch] = []
    for each in edits:
        stretch = _Stretch(each, starts, text)
        if found and stretch.first <= found[-1].last:
            found[-1].take_in(stretch)
        else:
            found.append(stretch)
    return found


class _Replaced:
    """Statements that an edit touches."""

    def __init__(self, first: int, before: _Statements, between: _Statements) -> None:
        self.first = first
        """How many statements there were above them."""
        self.before = before
        """What they were."""
        self.between = between
        """What they are."""

    def is_alike(self, times: dict[str, int]) -> bool:
        """Whether they are definitions of the same names, each of which there is only one of."""
        if not (self.before.is_definitions and self.between.is_definitions):
            return False
        keys = self.before.keys
        return keys == self.between.keys and all(times[each] == 1 for each in keys)


class _Edited:
    """The statements of an edited text, which is gone through from its beginning."""

    def __init__(self) -> None:
        self.all = _Statements([], [])
        self.replaced: list[_Replaced] = []
        self.touched: set[str] = set()
        """Names of the definitions that are other than they were, or elsewhere."""
        self.characters = 0
        """How much further in the text than before is what comes next."""
        self.is_moved = False
        """Whether anything is on other lines than before."""
        self._lines = 0
        """How much further down is what comes next."""
        self._taken = 0
        """How many statements of the former text have been come to."""

    def go_on_to(self, number: int, old: _Statements) -> None:
        """Take what is not edited, up to a statement of the former text."""
        kept = old.slice(self._taken, number).moved(self.characters, self._lines)
        if self._lines and kept.all:
            self.touched |= kept.names
            self.is_moved = True
        self.all.extend(kept)
        self._taken = number

    def replace(self, before: _Statements, between: _Statements, begin: int) -> None:
        """Take what is new in the place of what was, where the new text begins."""
        between = between.moved(begin, before.all[0].line + self._lines if begin else 0)
        self.replaced.append(_Replaced(self._taken, before, between))
        self.touched |= before.names | between.names
        self.all.extend(between)
        self._taken += len(before.all)

    def move(self, characters: int, lines: int) -> None:
        """Note how much longer than before is what has been replaced."""
        self.characters += characters
        self._lines += lines


class Run:
    """Definitions that stand side by side."""

    def __init__(self, first: int, definitions: list[Definition]) -> None:
        self.first = first
        """The number of the first one, among all statements of the text."""
        self.definitions = definitions

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where in the run the definitions of each name are."""
        places: dict[str, list[int]] = {}
        for place, each in enumerate(self.definitions):
            places.setdefault(each.own_name, []).append(place)
        return places

    @property
    def names(self) -> KeysView[str]:
        """The names that they bind."""
        return self._places.keys()

    def named(self, names: set[str] | None) -> list[Definition]:
        """Return those of some names, in order; of few without a look at the others. None: all."""
        if names is None:
            return self.definitions
        if len(names) > len(self.definitions) // 8:  # as when all of a file has moved
            return [each for each in self.definitions if each.own_name in names]
        found = [place for name in names for place in self._places.get(name, ())]
        return [self.definitions[place] for place in sorted(found)]

    def with_(self, replaced: _Replaced) -> Run:
        """Return the run with other definitions of the same names in it."""
        begin = replaced.first - self.first
        between = [each.definitions[0] for each in replaced.between.all]
        end = begin + len(between)
        new = Run(self.first, [*self.definitions[:begin], *between, *self.definitions[end:]])
        new._places = self._places
        return new


class _Parts:
    """What a text is made of: runs of definitions, and the statements between them."""

    def __init__(self, all_: list[Run | _Statement]) -> None:
        self.all = all_

    @classmethod
    def of(cls, statements: list[_Statement]) -> _Parts:
        """Return the parts of a text."""
        parts: list[Run | _Statement] = []
        for number, each in enumerate(statements):
            if not each.is_definition:
                parts.append(each)
            elif parts and isinstance(parts[-1], Run):
                parts[-1].definitions.append(each.definitions[0])
            else:
                parts.append(Run(number, [each.definitions[0]]))
        return cls(parts)

    def edited(self, edited: _Edited) -> _Parts:
        """Return them with other definitions of the same names in the places of as many.

        No other statement is between those that were replaced together: they are all of one run.
        """
        parts = list(self.all)
        for replaced in edited.replaced:
            above = [
                (number, each)
                for number, each in enumerate(parts)
                if isinstance(each, Run) and each.first <= replaced.first
            ]
            if replaced.before.all:
                number, run = above[-1]
                parts[number] = run.with_(replaced)
        return _Parts(parts)


class _Others:
    """The statements of a text that make no scope."""

    def __init__(self, all_: Iterable[_Statement]) -> None:
        self.all = list(all_)

    @cached_property
    def by_node(self) -> dict[ast.stmt, Definition]:
        """The definitions in them."""
        return {each.node: each for other in self.all for each in other.definitions}

    @cached_property
    def names(self) -> set[str]:
        """The names of those."""
        return {each.own_name for each in self.by_node.values()}


class _Statement:
    """A statement at the top level of a text."""

    __slots__ = ("definitions", "is_definition", "line", "node", "shift")

    def __init__(
        self, node: ast.stmt, definitions: list[Definition], line: int, shift: int
    ) -> None:
        self.node = node
        self.definitions = definitions
        """The definition that it is, or those in it, if it makes no scope."""
        self.line = line
        """The line that begins with it, or with one before it on the same."""
        self.shift = shift
        """Lines to add to those of the node, to get those of the text."""
        self.is_definition = isinstance(node, MAKES_SCOPE)

    def moved(self, lines: int) -> _Statement:
        """Return the statement so many lines further down."""
        definitions = [each.again(lines) for each in self.definitions]
        return _Statement(self.node, definitions, self.line + lines, self.shift + lines)

    def placed(self, places: list[int]) -> _Statement:
        """Return the statement with its definitions in other places among their namesakes.

        The one that a text before has keeps its own.
        """
        new = self.moved(0)
        for each, place in zip(new.definitions, places):
            each.place = place
        return new


class _Statements:
    """The statements at the top level of a text, or of a piece of it."""

    def __init__(self, all_: list[_Statement], starts: list[int]) -> None:
        self.all = all_
        self.starts = starts
        """Where the line begins on which each does, or the one before it on that line."""

    @property
    def names(self) -> set[str]:
        """The names of the definitions in them."""
        return {each.own_name for statement in self.all for each in statement.definitions}

    @property
    def is_definitions(self) -> bool:
        """Whether each of them is a definition."""
        return all(each.is_definition for each in self.all)

    @property
    def keys(self) -> list[str]:
        """What their definitions are told apart by, if nothing shares their names."""
        return [each.shared_key for statement in self.all for each in statement.definitions]

    def count_namesakes(self) -> dict[str, int]:
        """Give the definitions of a key their places; return how many each has."""
        times: dict[str, int] = {}
        for number, statement in enumerate(self.all):
            only = statement.definitions[0] if statement.is_definition else None
            if only is not None and not only.place and only.shared_key not in times:
                times[only.shared_key] = 1  # as nearly all are
                continue
            places = []
            for each in statement.definitions:
                places.append(times.get(each.shared_key, 0))
                times[each.shared_key] = places[-1] + 1
            if places != [each.place for each in statement.definitions]:
                self.all[number] = statement.placed(places)
        return times

    def extend(self, others: _Statements) -> None:
        """Take others after them."""
        self.all += others.all
        self.starts += others.starts

    def slice(self, begin: int, end: int | None = None) -> _Statements:
        """Return some of them."""
        return _Statements(self.all[begin:end], self.starts[begin:end])

    def moved(self, characters: int, lines: int) -> _Statements:
        """Return them so much further down; what is on the same lines as before is the same."""
        every = [each.moved(lines) for each in self.all] if lines else self.all
        starts = [each + characters for each in self.starts] if characters else self.starts
        return _Statements(every, starts)


def _parsed(text: str, file: str = "") -> _Statements:
    """Parse a text.

    Raises:
        SyntaxError: with the place in `file`.
    """
    nodes, lines = parse(text, file).body, text.split("\n")
    places = list(accumulate((len(line) + 1 for line in lines), initial=0))
    found = _Statements([], [])
    for node in nodes:
        line = _line_at_margin(node, lines)
        if line is None:
            line = found.all[-1].line if found.all else 0
        found.starts.append(places[line])
        inside = [each for each in flattened([node]) if isinstance(each, MAKES_SCOPE)]
        definitions = [Definition(each, (), lines, 0) for each in inside]
        found.all.append(_Statement(node, definitions, line, 0))
    return found


def _line_at_margin(node: ast.stmt, lines: list[str]) -> int | None:
    """Return the line that a statement begins; None if it comes after another one on it."""
    line = first_line(node) - 1
    if not getattr(node, "decorator_list", None):
        return None if node.col_offset else line
    while line and not lines[line].startswith("@"):  # a decorator may be in parentheses
        line -= 1
    return line
