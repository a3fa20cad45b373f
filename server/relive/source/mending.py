"""Makes a text with syntax errors parse, by blanking the statements that do not.

Every other line keeps its place, so the tree of the mended text is the tree of the healthy
parts of the original. The text is cut into statements by indentation, and each is shown to
`ast.parse`; inside one that fails its suites are mended the same way, and what cannot be
mended gives way to a placeholder. So a class with one broken method still has its others.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings
from bisect import bisect_left
from dataclasses import field
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from relive.source.nodes import syntax_tree
from relive.source.positions import BLANKS
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

Span = tuple[int, int]
"""The first line and the one after the last."""
Placeholders = dict[int, int]
"""By the line of a placeholder: the line after the last it stands for."""

_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")
_DEFINES = re.compile(r"(?:(?:async\s+)?def|class|import|from)\b|@")
_HEADER = re.compile(r"(?:((?:async\s+)?def\s+\w+)|(class\s+\w+))")

# How far to look for the end of a bracket or a string that holds text at the margin, and how
# often in vain: a text that is no Python at all is full of brackets that never end.
_LOOK_AHEAD = 300
_PATIENCE = 50
# How many broken statements are looked into for what of them is whole. A text with more is no
# program that somebody types, and to look on would take time with the square of its length.
_EFFORT = 200
# Mending goes one level deeper with each suite; no code that people write is this deep.
_DEEPEST_MARGIN = 100

_parsing = threading.Lock()


@dataclass(frozen=True)
class Parsed:
    """The tree of a text, and what had to give way for there to be one."""

    tree: ast.Module
    broken: tuple[Span, ...] = ()
    """The statements of the module that do not parse as they are."""
    placeholders: Placeholders = field(default_factory=dict)


def parse(text: str) -> Parsed:
    """Parse the text, mending it if it is broken."""
    # A parse may warn about user code ("\d" in a string), which is the worker's to tell. The
    # filters are the process's, so two threads must not save and restore them at once.
    with _parsing, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = _tree(text)
        return Parsed(tree) if tree else _parse_broken(text)


def _parse_broken(text: str) -> Parsed:
    from relive.source.lexical import without_type_parameters  # late: it loads parso

    text = without_type_parameters(text)
    if tree := _tree(text):
        return Parsed(tree)
    mender = _Mender(text)
    everything = (0, len(mender.lines))
    broken, placeholders = mender.mend_suite(everything, "")
    if tree := _tree("\n".join(mender.lines)):
        return Parsed(tree, tuple(broken), placeholders)
    # Not seen to happen: statements that parse one by one, but not together.
    return Parsed(ast.Module(body=[], type_ignores=[]), (everything,))


class _Mender:
    """The lines of a broken text, while statement after statement is made to parse."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self._patience = _PATIENCE
        self._effort = _EFFORT

    def mend_suite(self, suite: Span, margin: str) -> tuple[list[Span], Placeholders]:
        """Make the lines of a suite parse; return its broken statements and the placeholders."""
        bounds = [*self._statement_lines(suite, margin), suite[1]]
        # Comments: of use to nobody here, and a null character in one is an error.
        self.lines[suite[0] : bounds[0]] = [""] * (bounds[0] - suite[0])
        broken: list[Span] = []
        placeholders: Placeholders = {}
        at = 0
        while at < len(bounds) - 1:
            span = near = (bounds[at], bounds[at + 1])
            if not self._parses(near, margin):
                span = far = self._far_span(bounds, at)
                if far == near or not self._parses(far, margin):
                    span, blanked = self._mend_statement(near, far, bounds, margin)
                    broken.append(span)
                    placeholders |= blanked
            at = bisect_left(bounds, span[1])
        return broken, placeholders

    def _statement_lines(self, suite: Span, margin: str) -> Iterator[int]:
        """Yield the lines that look like the beginning of a statement, by their indentation."""
        begun = decorated = False
        for number in range(*suite):
            line = self.lines[number]
            code = line.strip(BLANKS)
            if not code or code[0] == "#" or (begun and _goes_on(line, code, margin)):
                continue
            if not decorated:
                yield number
            begun, decorated = True, code[0] == "@"

    def _far_span(self, bounds: list[int], at: int) -> Span:
        """Return a statement's lines up to the next one that is not inside its strings.

        Nor inside its brackets. Either may hold lines that look like a statement's first.
        """
        start, near = bounds[at], bounds[at + 1]
        if not self._patience or self._effort <= 0:
            return (start, near)
        from relive.source.lexical import statement_starts  # late: it loads parso

        ahead = self.lines[start : min(bounds[-1], near + _LOOK_AHEAD)]
        starts = (start + line for line in statement_starts(ahead) if start + line >= near)
        far = next((line for line in starts if _is_in(bounds, line)), None)
        if far is None:
            self._patience -= 1
        return (start, far or near)

    def _mend_statement(
        self, near: Span, far: Span, bounds: list[int], margin: str
    ) -> tuple[Span, Placeholders]:
        """Mend a statement, and tell which of its two possible spans that took."""
        self._effort -= 1
        if self._effort < 0:
            self._give_way(near, margin)
            return near, {near[0]: near[1]}
        held = bounds[bisect_left(bounds, near[1]) : bisect_left(bounds, far[1])]
        # What holds definitions, at this margin, is a string that was never closed.
        swallows = any(_DEFINES.match(self.lines[number].lstrip(BLANKS)) for number in held)
        for span in (near,) if swallows or far == near else (far, near):
            if placeholders := self._mend_inside(span, margin):
                return span, placeholders
        self._give_way(near, margin)
        return near, {near[0]: near[1]}

    def _mend_inside(self, span: Span, margin: str) -> Placeholders:
        """Mend the suites of a compound statement; return no placeholders if that is no help."""
        placeholders: Placeholders = {}
        original = self.lines[slice(*span)]
        if len(margin) < _DEEPEST_MARGIN:
            for suite in self._suites(span, margin):
                placeholders |= self.mend_suite(suite, _margin(self.lines[suite[0]]))[1]
        if placeholders and self._parses(span, margin):
            return placeholders
        self.lines[slice(*span)] = original
        return {}

    def _suites(self, span: Span, margin: str) -> Iterator[Span]:
        """Yield the suites of a compound statement: what follows a header, up to the next."""
        from relive.source.lexical import statement_starts  # late: it loads parso

        first, last = span
        clauses = [
            number for number in range(first + 1, last) if self._continues(number, _width(margin))
        ]
        for header, end in pairwise([first, *clauses, last]):
            starts = statement_starts(self.lines[header:end])
            suite = header + next(islice(starts, 1, None), end - header)
            if suite < end:
                yield suite, end

    def _continues(self, number: int, width: int) -> bool:
        line = self.lines[number]
        return _width(_margin(line)) == width and bool(_CONTINUES.match(line.lstrip(BLANKS)))

    def _give_way(self, span: Span, margin: str) -> None:
        """Replace a statement by a placeholder; that of a definition still has its name."""
        first, last = span
        header = _HEADER.match(self.lines[first].lstrip(BLANKS))
        self.lines[first:last] = [""] * (last - first)
        if header:
            self.lines[first] = f"{margin}{header[0]}{'()' if header[1] else ''}: pass"
        if not (header and self._parses(span, margin)):
            self.lines[first] = f"{margin}pass"

    def _parses(self, span: Span, margin: str) -> bool:
        code = "\n".join(self.lines[slice(*span)])
        return _tree(f"if 1:\n{code}" if margin else code) is not None


def _tree(text: str) -> ast.Module | None:
    try:
        return syntax_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # ValueError: a null character or a lone surrogate. The last two: too much nesting.
        return None


def _goes_on(line: str, code: str, margin: str) -> bool:
    """Tell whether a line looks like a part of the statement above it."""
    if code[0] in ")]}" or _CONTINUES.match(code):
        return True
    return _width(_margin(line)) > _width(margin)


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip(BLANKS))].rpartition("\f")[2]


def _width(margin: str) -> int:
    return len(margin.expandtabs(8))


def _is_in(ordered: list[int], number: int) -> bool:
    index = bisect_left(ordered, number)
    return index < len(ordered) and ordered[index] == number
