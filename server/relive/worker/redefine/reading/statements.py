"""The statements at the top level of a text, each with its definitions, and how they move."""

from __future__ import annotations

from itertools import accumulate

from relive.worker.redefine.reading.definitions import (
    MAKES_SCOPE,
    Definition,
    first_line,
    flattened,
    parse,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast


class Statement:
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

    def moved(self, lines: int) -> Statement:
        """Return the statement so many lines further down."""
        definitions = [each.again(lines) for each in self.definitions]
        return Statement(self.node, definitions, self.line + lines, self.shift + lines)

    def placed(self, places: list[int]) -> Statement:
        """Return the statement with its definitions in other places among their namesakes.

        The one that a text before has keeps its own.
        """
        new = self.moved(0)
        for each, place in zip(new.definitions, places):
            each.place = place
        return new


class Statements:
    """The statements at the top level of a text, or of a piece of it."""

    def __init__(self, all_: list[Statement], starts: list[int]) -> None:
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

    def extend(self, others: Statements) -> None:
        """Take others after them."""
        self.all += others.all
        self.starts += others.starts

    def slice(self, begin: int, end: int | None = None) -> Statements:
        """Return some of them."""
        return Statements(self.all[begin:end], self.starts[begin:end])

    def moved(self, characters: int, lines: int) -> Statements:
        """Return them so much further down; what is on the same lines as before is the same."""
        every = [each.moved(lines) for each in self.all] if lines else self.all
        starts = [each + characters for each in self.starts] if characters else self.starts
        return Statements(every, starts)


def parsed(text: str, file: str = "") -> Statements:
    """Parse a text.

    Raises:
        SyntaxError: with the place in `file`.
    """
    nodes, lines = parse(text, file).body, text.split("\n")
    places = list(accumulate((len(line) + 1 for line in lines), initial=0))
    found = Statements([], [])
    for node in nodes:
        line = _line_at_margin(node, lines)
        if line is None:
            line = found.all[-1].line if found.all else 0
        found.starts.append(places[line])
        inside = [each for each in flattened([node]) if isinstance(each, MAKES_SCOPE)]
        definitions = [Definition(each, (), lines, 0) for each in inside]
        found.all.append(Statement(node, definitions, line, 0))
    return found


def _line_at_margin(node: ast.stmt, lines: list[str]) -> int | None:
    """Return the line that a statement begins; None if it comes after another one on it."""
    line = first_line(node) - 1
    if not getattr(node, "decorator_list", None):
        return None if node.col_offset else line
    while line and not lines[line].startswith("@"):  # a decorator may be in parentheses
        line -= 1
    return line
