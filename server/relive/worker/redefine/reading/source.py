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

from relive.wire.edits import Edit
from relive.worker.redefine.reading.definitions import (
    MAKES_SCOPE,
    Definition,
    first_line,
    flattened,
    parse,
)
from relive.worker.redefine.reading.toplevel import TopLevel
from relive.worker.redefine.reading.walk import everything, in_force

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any


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
        self.docstring = _docstring([each.node for each in self._statements.all[:1]])

    def _is_alike(self, edited: _Edited) -> bool:
        """Whether this text has what an edited one has, each where it is, but for what is in it.

        That is when definitions are other that nothing shares its name with.
        """
        if edited.lines or not (edited.before.is_definitions and edited.between.is_definitions):
            return False
        keys = edited.before.keys
        return keys == edited.between.keys and all(self._times[each] == 1 for each in keys)

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
        edit, old = Edit.between(self.text, text), self._statements
        # The statement before the edit may go on in it, and that at its end must not begin in it.
        touched = max(bisect_left(old.starts, edit.start) - 1, 0)
        start = next((each for each in old.starts[touched : touched + 1] if each < edit.start), 0)
        begin, end = bisect_left(old.starts, start), bisect_right(old.starts, edit.end)
        until = old.starts[end] if end < len(old.starts) else len(self.text)
        more = len(text) - len(self.text)
        try:
            between = _parsed(text[start : until + more])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        above = text.count("\n", 0, start)
        lines = text.count("\n", start, until + more) - self.text.count("\n", start, until)
        return _Edited(
            old.slice(0, begin),
            old.slice(begin, end),
            between.moved(start, above),
            old.slice(end).moved(more, lines),
            lines,
        )


class _Edited:
    """The statements of an edited text."""

    def __init__(
        self,
        above: _Statements,
        before: _Statements,
        between: _Statements,
        below: _Statements,
        lines: int,
    ) -> None:
        self.first = len(above.all)
        """How many statements there are above those that the edit touches."""
        self.before = before
        """Those that it touches, as they were."""
        self.between = between
        """And as they are."""
        self.lines = lines
        """How much further down those below them are."""
        self.all = above.with_(between).with_(below)
        self.touched = before.names | between.names
        """Names of the definitions that are other than they were, or elsewhere."""
        if lines:
            self.touched |= below.names


class Run:
    """Definitions that stand side by side."""

    def __init__(self, first: int, definitions: list[Definition]) -> None:
        self.first = first
        """The number of the first one, among all statements of the text."""
        self.definitions = definitions

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that they bind."""
        return frozenset(each.own_name for each in self.definitions)

    def edited(self, edited: _Edited) -> Run:
        """Return the run with other definitions of the same names in it."""
        begin = edited.first - self.first
        between = [each.definitions[0] for each in edited.between.all]
        end = begin + len(between)
        new = Run(self.first, [*self.definitions[:begin], *between, *self.definitions[end:]])
        new.names = self.names
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

        No other statement is between those: they are all of one run.
        """
        if not edited.before.all:
            return self
        above = [
            (number, each)
            for number, each in enumerate(self.all)
            if isinstance(each, Run) and each.first <= edited.first
        ]
        number, run = above[-1]
        return _Parts([*self.all[:number], run.edited(edited), *self.all[number + 1 :]])


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

    def __init__(self, node: ast.stmt, definitions: list[Definition], shift: int) -> None:
        self.node = node
        self.definitions = definitions
        """The definition that it is, or those in it, if it makes no scope."""
        self.shift = shift
        """Lines to add to those of the node, to get those of the text."""
        self.is_definition = isinstance(node, MAKES_SCOPE)

    def moved(self, lines: int) -> _Statement:
        """Return the statement so many lines further down."""
        definitions = [each.again(lines) for each in self.definitions]
        return _Statement(self.node, definitions, self.shift + lines)

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
            places = []
            for each in statement.definitions:
                places.append(times.get(each.shared_key, 0))
                times[each.shared_key] = places[-1] + 1
            if places != [each.place for each in statement.definitions]:
                self.all[number] = statement.placed(places)
        return times

    def with_(self, others: _Statements) -> _Statements:
        """Return them, and others after them."""
        return _Statements(self.all + others.all, self.starts + others.starts)

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
        found.starts.append(found.starts[-1] if line is None and found.all else places[line or 0])
        inside = [each for each in flattened([node]) if isinstance(each, MAKES_SCOPE)]
        found.all.append(_Statement(node, [Definition(each, (), lines, 0) for each in inside], 0))
    return found


def _line_at_margin(node: ast.stmt, lines: list[str]) -> int | None:
    """Return the line that a statement begins; None if it comes after another one on it."""
    line = first_line(node) - 1
    if not getattr(node, "decorator_list", None):
        return None if node.col_offset else line
    while line and not lines[line].startswith("@"):  # a decorator may be in parentheses
        line -= 1
    return line


def _docstring(nodes: list[ast.stmt]) -> str | None:
    """Return the docstring as the interpreter keeps it: from 3.13 on without its indentation."""
    if not nodes or not isinstance(nodes[0], ast.Expr):
        return None
    scope: dict[str, str | None] = {"__doc__": None}
    if isinstance(nodes[0].value, ast.Constant) and isinstance(nodes[0].value.value, str):
        exec(compile(ast.Module(nodes, type_ignores=[]), "<docstring>", "exec"), scope)
    return scope["__doc__"]
