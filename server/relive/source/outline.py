"""The parsed text: its top-level statements, healthy or broken, and where each node is.

Each text is parsed once; forms, definitions and dependencies all read this outline.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import deque
from dataclasses import field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from relive.source.bindings import Bindings, bindings
from relive.source.mending import parse
from relive.source.nodes import Definable
from relive.source.positions import BLANKS, BYTE_ORDER_MARK, LineTable, Position, Range
from relive.source.quick_dataclasses import dataclass
from relive.wire.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import _lru_cache_wrapper

    from relive.source.mending import Placeholders, Span

Read = TypeVar("Read")

# The texts worked on at a time: a few open documents, each before and after an edit.
TEXTS_KEPT = 16

_CHARACTERS_KEPT = 1_500_000
"""In all: a tree takes more than a hundred times what its text does. They are two documents of
20,000 lines, each before and after an edit."""
_FEWEST_KEPT = 2

_MARK_BYTES = len(BYTE_ORDER_MARK.encode())


@dataclass(frozen=True)
class Section:
    """A top-level statement, or a broken region with what could be read in it."""

    range: Range
    nodes: tuple[ast.stmt, ...]
    broken: bool = False
    found: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What its readers have found in it, each under a name of theirs; it goes along with it."""

    @cached_property
    def bindings(self) -> Bindings:
        """The names it binds in the module."""
        return bindings(self.nodes)


class Outline:
    """The top-level sections of a text and the places of the nodes in them."""

    def __init__(self, text: str, former: Outline | None = None) -> None:
        """Read a text, or what of it is other than in the `former` one."""
        self.table = LineTable(text)
        self._marked = self.table.text.startswith(BYTE_ORDER_MARK)
        """A mark is no code, but it does take the first column."""
        self._placeholders: Placeholders = {}
        self.sections: tuple[Section, ...] = ()
        if former is None or not self._take_from(former):
            parsed = parse(self.table.text.removeprefix(BYTE_ORDER_MARK))
            self._placeholders = parsed.placeholders
            self.sections = tuple(self._sections(parsed.tree.body, parsed.broken))

    def _take_from(self, former: Outline) -> bool:
        """Read only the sections that an edit touches, if it leaves all others where they are."""
        touched = None if self._marked or former._marked else self._touched(former)
        if touched is None:
            return False
        old, lines = former.sections, self.table.lines
        first = old[touched.start].range.start[0] if touched.start else 0
        last = old[touched.stop].range.start[0] if touched.stop < len(old) else len(lines)
        if last - first > len(lines) // 2:
            return False  # it is another text: to mend it in two ways would take twice as long
        # What goes on above or below makes the piece no whole statements.
        parsed = parse("\n".join(lines[first:last]))
        if parsed.broken or parsed.placeholders:
            return False
        nodes = [ast.increment_lineno(node, first) for node in parsed.tree.body]
        self.sections = (*old[: touched.start], *self._sections(nodes, ()), *old[touched.stop :])
        return True

    def _touched(self, former: Outline) -> range | None:
        """Return the sections of a former text that are other in this one; None: maybe all."""
        moved = len(former.table.lines) != len(self.table.lines)
        if moved or any(each.broken for each in former.sections):
            return None
        old = former.table.text
        edit, starts = Edit.between(old, self.table.text), former._starts
        # The statement before the edit may go on in it.
        begin = max(bisect_left(starts, (old.count("\n", 0, edit.start), 0)) - 1, 0)
        end = bisect_left(starts, (old.count("\n", 0, edit.end) + 1, 0))
        at_margin = not any(column for _, column in starts[begin : end + 1])
        return range(begin, end) if at_margin else None

    @property
    def _starts(self) -> list[Position]:
        return [each.range.start for each in self.sections]

    def range_of(self, node: ast.stmt) -> Range:
        """Return the range of a statement, the decorators of a definition included."""
        return Range(self._start(node), self._end(node))

    def header(self, node: ast.stmt) -> Position:
        """Return where the statement itself begins, after any decorators."""
        return self._position(node.lineno, node.col_offset)

    def _sections(self, nodes: list[ast.stmt], broken: tuple[Span, ...]) -> list[Section]:
        regions = {line: span for span in broken for line in range(*span)}
        remains: dict[Span, list[ast.stmt]] = {span: [] for span in broken}
        sections = []
        for node in nodes:
            if span := regions.get(node.lineno - 1):
                remains[span].append(node)
            else:
                sections.append(Section(self.range_of(node), (node,)))
        for span, found in remains.items():
            sections.append(Section(self._code(span), tuple(found), broken=True))
        return sorted(sections, key=lambda section: section.range.start)

    def _start(self, node: ast.stmt) -> Position:
        if not (isinstance(node, Definable) and node.decorator_list):
            return self.header(node)
        # The tree has the expression, which may be lines below its `@` in parentheses.
        line = node.decorator_list[0].lineno - 1
        while line and not self._code_of(line).startswith("@"):
            line -= 1
        return (line, self.table.lines[line].index("@"))

    def _end(self, node: ast.stmt) -> Position:
        line, column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        if stop := self._placeholders.get(line - 1):
            return self._code((line - 1, stop)).end
        return self._position(line, column)

    def _position(self, lineno: int, byte_column: int) -> Position:
        line = lineno - 1
        if line == 0 and self._marked:
            byte_column += _MARK_BYTES
        return (line, self.table.utf8_to_codepoint(line, byte_column))

    def _code(self, span: Span) -> Range:
        """Return the range of the code in these lines, without what surrounds it."""
        first, last = span[0], span[1] - 1
        while last > first and self._code_of(last)[:1] in ("", "#"):
            last -= 1
        start = self.table.lines[first].index(self._code_of(first))
        return Range((first, start), (last, len(self.table.lines[last].rstrip(BLANKS))))

    def _code_of(self, line: int) -> str:
        code = self.table.lines[line]
        if line == 0 and self._marked:
            code = code.removeprefix(BYTE_ORDER_MARK)
        return code.strip(BLANKS)


def is_whole(text: str) -> bool:
    """Whether all of a text can be read: it parses."""
    return not any(section.broken for section in outline(text).sections)


class _Outlines:
    """The outlines of the texts worked on, the latest last, and all that holds on to them."""

    def __init__(self) -> None:
        self._made: deque[Outline] = deque(maxlen=TEXTS_KEPT)
        self._holders: list[Callable[[], None]] = []
        """Each lets go of what it has of any text."""

    def of(self, text: str) -> Outline:
        """Return the outline of a text, made of that which is most likely to be an older one."""
        made = list(self._made)  # other threads read meanwhile
        same = next((each for each in reversed(made) if each.table.text == text), None)
        if same is not None:
            if same is not made[-1]:
                others = (each for each in made if each is not same)
                self._made = deque((*others, same), maxlen=TEXTS_KEPT)
            return same
        former = min(made, key=lambda each: abs(len(each.table.text) - len(text)), default=None)
        outline = Outline(text, former)
        self._made.append(outline)
        self._let_go()
        return outline

    def add_holder(self, let_go: Callable[[], None]) -> None:
        """Have `let_go` called when outlines go before their time."""
        self._holders.append(let_go)

    def _let_go(self) -> None:
        """Let the oldest go where texts are long: one that is asked about again is read again."""
        kept = list(self._made)
        while len(kept) > _FEWEST_KEPT and _characters(kept) > _CHARACTERS_KEPT:
            del kept[0]
        if len(kept) < len(self._made):
            self._made = deque(kept, maxlen=TEXTS_KEPT)
            for let_go in self._holders:
                let_go()


def _characters(outlines: list[Outline]) -> int:
    return sum(len(each.table.text) for each in outlines)


_outlines = _Outlines()


def kept_by_text(read: Callable[..., Read]) -> _lru_cache_wrapper[Read]:
    """Keep what a function gives for the texts worked on, as long as their outlines are kept."""
    kept = lru_cache(maxsize=TEXTS_KEPT)(read)
    _outlines.add_holder(kept.cache_clear)
    return kept


def outline(text: str) -> Outline:
    """Return the outline of a text; of one that was edited only what is other is parsed.

    Not `kept_by_text`: that a text is asked about is what keeps its outline.
    """
    return _outlines.of(text)
